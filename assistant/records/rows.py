"""An answer as rows of the tables: itself, its sources, and the words it rests on. Pure functions."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from assistant.answer import Answer, Source
from assistant.index import document_of
from assistant.records.standing import whole_sentences


def answer_row(answer: Answer, id: str, moment: dt.datetime) -> dict[str, Any]:
    """The row of an answer, but for whose it is and where it stands in a conversation."""
    return {
        "id": id,
        "given_at": moment,
        "question_id": storable(answer.id),
        "question": storable(answer.question),
        "standalone_question": storable(answer.standalone_question),
        "status": str(answer.status),
        "model": answer.model,
        "prompt_version": answer.prompt_version,
        "index_digest": answer.index_digest,
        "answer": answer.model_dump(mode="json"),
        "words": storable(_words(answer)).casefold(),
    }


def source_rows(answer: Answer, id: str) -> list[dict[str, Any]]:
    """The rows of what it cites."""
    return [_source_row(source, id) for source in answer.sources]


def quotation_rows(answer: Answer, id: str) -> list[dict[str, Any]]:
    """The words that the claims shown rest on, each once. What introduces a claim's last quotation are its earlier ones."""
    texts = {source.number: source.text for source in answer.sources}
    found: dict[tuple[int, str, str], None] = {}
    for claim in answer.claims:
        words = [
            whole_sentences(texts[citation.source], start=citation.start, end=citation.end) for citation in claim.citations
        ]
        before = "\n".join(words[:-1]) if answer.model == "quotation" else ""
        for place, (citation, quote) in enumerate(zip(claim.citations, words, strict=True), start=1):
            found[citation.source, quote, before if place == len(words) else ""] = None
    return [
        {"answer_id": id, "position": position, "number": number, "quote": quote, "introduced_by": before}
        for position, (number, quote, before) in enumerate(found)
    ]


def text_digest(text: str) -> str:
    """SHA-256 of a passage's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def storable(text: str) -> str:
    """PostgreSQL keeps every character but this one; the answer's JSON has it escaped."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _words(answer: Answer) -> str:
    said = [claim.text for claim in answer.claims] or [answer.text]
    return "\n".join([answer.question, *said, *(source.title for source in answer.sources)])


def _source_row(source: Source, id: str) -> dict[str, Any]:
    return {
        "answer_id": id,
        "number": source.number,
        "passage_id": source.passage_id,
        "document_id": document_of(source.passage_id),
        "url": source.url,
        "title": source.title,
        "rank": source.rank,
        "score": source.score,
        "text_sha256": text_digest(source.text),
        "withdrawn": source.withdrawn,
    }
