"""What is kept of an answer, and what is said of one that no longer holds.

An evidence pack keeps the answer as the JSON it was, so that it can still be read when answers have other fields. Knows
nothing of databases.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from assistant.answer import Answer


@dataclass(frozen=True, slots=True)
class Listed:
    """One answer in a list.

    Attributes:
        id: Names it within the records.
        given_at: When it was given, in UTC.
        question: As asked.
        status: How it ended; a value of `Status` when it was recorded.
    """

    id: str
    given_at: dt.datetime
    question: str
    status: str

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {**asdict(self), "given_at": as_text(self.given_at)}


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage that an answer cites, as it was then.

    Attributes:
        number: Its number in the answer.
        passage_id: Its name in the index as it was then.
        document_id: The document's name in the index.
        url: Address with the fragment of the nearest heading.
        title: The document's title.
        rank: Rank in the search, from 1.
        score: Score in the search.
        text_sha256: Digest of its text.
        withdrawn: True when it was withdrawn or superseded then.
    """

    number: int
    passage_id: str
    document_id: str
    url: str
    title: str
    rank: int
    score: float
    text_sha256: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class EvidencePack:
    """Everything needed to reconstruct one answer.

    Attributes:
        id: Names it within the records.
        given_at: When the answer was given, in UTC.
        question_id: The id that the question came with.
        question: As asked.
        standalone_question: As searched for.
        status: How it ended.
        model: What drafted it.
        prompt_version: Which prompt the model was given; "" for quotation, which has none.
        index_digest: Names exactly what was searched.
        passages: What it cites.
        answer: The whole answer as JSON, with claims, verdicts and timings.
    """

    id: str
    given_at: dt.datetime
    question_id: str
    question: str
    standalone_question: str
    status: str
    model: str
    prompt_version: str
    index_digest: str
    passages: tuple[CitedPassage, ...]
    answer: Mapping[str, Any]

    def as_answer(self) -> Answer | None:
        """The answer as a value; None when an earlier version of Bernard recorded it in another form."""
        try:
            return Answer.model_validate(self.answer)
        except ValidationError:
            return None

    def as_json(self) -> dict[str, Any]:
        """For programs; verdicts and timings are named once more at the top."""
        shown = [(claim, True) for claim in self.answer.get("claims", ())]
        withheld = [(claim, False) for claim in self.answer.get("withheld", ())]
        verdicts = [
            {"claim": claim["text"], "verdict": claim["verdict"], "score": claim["score"], "shown": is_shown}
            for claim, is_shown in [*shown, *withheld]
        ]
        return {
            **{name: value for name, value in asdict(self).items() if name not in {"passages", "answer"}},
            "given_at": as_text(self.given_at),
            "passages": [asdict(passage) for passage in self.passages],
            "verdicts": verdicts,
            "timings_ms": self.answer.get("timings_ms", {}),
            "answer": dict(self.answer),
        }


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that an answer rests on.

    Attributes:
        answer: The answer.
        source: The passage they were quoted from, as it was then.
        quote: The words: whole sentences, items or rows.
        introduced_by: The lead-in or column headings they were shown under, outermost first; "" for none.
    """

    answer: Listed
    source: CitedPassage
    quote: str
    introduced_by: str = ""


class Kind(StrEnum):
    """Why an answer no longer holds."""

    CHANGED = "changed"
    """The page is there and no longer says what was quoted."""
    DISAPPEARED = "disappeared"
    """The page is no longer in the index."""
    WITHDRAWN = "withdrawn"
    """The page still says it, and has been withdrawn or replaced since."""


@dataclass(frozen=True, slots=True)
class Change:
    """One quotation that no longer holds.

    Attributes:
        kind: Why.
        title: The page's title then.
        url: Where it was quoted from.
        quote: What was quoted, after its lead-in.
        now: What the page says now that is most like it; "" when it says nothing like it.
        notice: The publisher's words on a withdrawal, "" if there are none.
    """

    kind: Kind
    title: str
    url: str
    quote: str
    now: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Affected:
    """An answer that no longer holds, with every quotation that is the reason."""

    answer: Listed
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            **self.answer.as_json(),
            "changes": [{**asdict(change), "kind": str(change.kind)} for change in self.changes],
        }


def as_text(moment: dt.datetime) -> str:
    """A moment in UTC, to the second."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
