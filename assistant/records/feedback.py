"""Feedback in the database, and as cases of the evaluation harness. docs/records.md says what a case holds.

Knows nothing of who may read it.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from assistant.errors import InputError
from assistant.records.kept import Feedback, FeedbackKind
from assistant.records.model import as_text
from assistant.records.rows import storable
from assistant.records.schema import answers, feedback

LONGEST_FEEDBACK = 5_000
"""Characters; as much as anybody types into a box."""

_AT_ONCE = 500


def give(
    connection: Connection,
    user: str,
    *,
    answer: str,
    kinds: Collection[str],
    text: str,
    claim: int | None,
    moment: dt.datetime,
) -> str:
    """Keep what a user says of an answer of their own; returns its id.

    Raises:
        InputError: Nothing is said, it is too long, a kind is unknown, or there is no such answer or claim.
    """
    chosen = _kinds(kinds)
    text = storable(text.strip())
    if not chosen and not text:
        raise InputError("Choose what the matter is, or write something.")
    if len(text) > LONGEST_FEEDBACK:
        raise InputError(f"The text has {len(text):,} characters; the most is {LONGEST_FEEDBACK:,}.")
    mine = (answers.c.id == storable(answer)) & (answers.c.user_name == storable(user))
    found = connection.execute(select(answers.c.answer).where(mine)).first()
    if found is None:
        raise unknown_answer()
    claims = len(found.answer.get("claims", ()))
    if claim is not None and not 0 <= claim < claims:
        raise InputError(f"There is no claim {claim} in this answer. Its claims are counted from 0, and there are {claims}.")
    name = f"{moment:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    row = {"id": name, "answer_id": answer, "user_name": storable(user), "given_at": moment}
    connection.execute(insert(feedback), {**row, "kinds": [str(kind) for kind in chosen], "text": text, "claim": claim})
    return name


def given(connection: Connection) -> Iterator[tuple[Feedback, Mapping[str, Any], str | None]]:
    """Everything that was said, oldest first, each with its answer as JSON and the id of the conversation."""
    query = (
        select(feedback, answers.c.question, answers.c.status, answers.c.answer, answers.c.conversation_id)
        .join(answers, answers.c.id == feedback.c.answer_id)
        .order_by(feedback.c.given_at, feedback.c.id)
    )
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
        said = Feedback(
            id=row.id,
            given_at=row.given_at,
            user=row.user_name,
            answer_id=row.answer_id,
            question=row.question,
            status=row.status,
            kinds=tuple(FeedbackKind(kind) for kind in row.kinds),
            text=row.text,
            claim=row.claim,
        )
        yield said, row.answer, row.conversation_id


def history_before(connection: Connection, conversation: str | None, *, answer: str) -> list[dict[str, str]]:
    """The conversation as it stood when an answer was given, oldest message first."""
    asked = connection.execute(select(answers.c.given_at, answers.c.position).where(answers.c.id == answer)).first()
    if conversation is None or asked is None:
        return []
    stood = answers.c.replaced_at.is_(None) | (answers.c.replaced_at > asked.given_at)
    before = (
        select(answers.c.question, answers.c.answer)
        .where(answers.c.conversation_id == conversation, answers.c.position < asked.position, stood)
        .order_by(answers.c.position)
    )
    turns: list[dict[str, str]] = []
    for row in connection.execute(before):
        turns.append({"role": "user", "content": row.question})
        turns.append({"role": "assistant", "content": row.answer.get("text", "")})
    return turns


def case(said: Feedback, answer: Mapping[str, Any], history: list[dict[str, str]]) -> dict[str, Any]:
    """One line for the evaluation harness; what the answer should have been is left for the evaluator to fill in."""
    claims = answer.get("claims", ())
    about = claims[said.claim] if said.claim is not None and said.claim < len(claims) else None
    sources = {source["number"]: source for source in answer.get("sources", ())}
    cited = [citation for claim in ([about] if about else claims) for citation in claim["citations"]]
    quotes = {(citation["source"], citation["start"], citation["end"]): citation for citation in cited}
    return {
        "id": said.id,
        "answer_id": said.answer_id,
        "given_at": as_text(said.given_at),
        "question": said.question,
        "history": history,
        "kinds": [str(kind) for kind in said.kinds],
        "comment": said.text,
        "claim": about["text"] if about else None,
        "verdict": about["verdict"] if about else None,
        "status": said.status,
        "answer": answer.get("text", ""),
        "evidence": [_evidence(citation, sources[citation["source"]]) for citation in quotes.values()],
        "model": answer.get("model", ""),
        "prompt_version": answer.get("prompt_version", ""),
        "filters": answer.get("filters"),
        "index_digest": answer.get("index_digest", ""),
        "expected_status": None,
        "expected_evidence": None,
        "expected_answer": None,
    }


def unknown_answer() -> InputError:
    """Told of what is not there and of what is somebody else's."""
    return InputError("There is no such answer. It may have been deleted, or have expired.")


def _evidence(citation: Mapping[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "quote": citation["quote"],
        "passage_id": source["passage_id"],
        "url": source["url"],
        "title": source["title"],
        "updated": source.get("updated"),
    }


def _kinds(names: Collection[str]) -> tuple[FeedbackKind, ...]:
    known = [str(kind) for kind in FeedbackKind]
    for name in names:
        if name not in known:
            raise InputError(f"{name!r} is no kind of feedback. Choose from: {', '.join(known)}.")
    return tuple(kind for kind in FeedbackKind if kind in set(names))
