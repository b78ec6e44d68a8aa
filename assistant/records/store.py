"""The records, open: answers go in with what they rest on, and come out as evidence packs.

Knows nothing of whether an answer still holds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, Self

from sqlalchemy import Row, Select, delete, func, insert, select

from assistant.answer import Answer, Source
from assistant.errors import InputError
from assistant.index import document_of
from assistant.records.database import open_database, plainly, writing
from assistant.records.model import CitedPassage, EvidencePack, Listed, Quotation
from assistant.records.schema import answers, quotations, sources
from assistant.records.standing import whole_sentences
from assistant.settings import Settings

_AT_ONCE = 500  # rows read, or ids named, by one statement
_LISTED = (answers.c.id, answers.c.given_at, answers.c.question, answers.c.status)
_CITED = tuple(sources.c[field.name] for field in fields(CitedPassage))


class Records:
    """Opens the records; close them, or use them in a `with` statement. Many threads and processes may.

    What is older than the setting `records.days` goes when they are opened; where that is 0, nothing goes by itself.
    """

    def __init__(self, settings: Settings) -> None:
        """Open the records, and make or migrate them if need be.

        Raises:
            RecordsUnusable: They cannot be opened, or a newer version of Bernard wrote them.
        """
        self._settings = settings
        self._engine = open_database(settings)
        try:
            self.purge()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, answer: Answer, *, given_at: dt.datetime | None = None) -> str:
        """Keep an answer; returns the record's id.

        Raises:
            RecordsUnusable: It could not be written.
        """
        moment = given_at or dt.datetime.now(dt.UTC)
        name = f"{moment.astimezone(dt.UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        with plainly(self._settings), writing(self._engine) as connection:
            connection.execute(insert(answers), _row(answer, name, moment))
            if answer.sources:
                connection.execute(insert(sources), [_source_row(source, name) for source in answer.sources])
            if rows := _quotation_rows(answer, name):
                connection.execute(insert(quotations), rows)
        return name

    def count(self) -> int:
        """How many answers there are."""
        with plainly(self._settings), self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(answers)).scalar_one())

    def listed(self, *, limit: int) -> list[Listed]:
        """The newest answers, newest first."""
        query = select(*_LISTED).order_by(answers.c.given_at.desc(), answers.c.id.desc()).limit(limit)
        with plainly(self._settings), self._engine.connect() as connection:
            return [Listed(*row) for row in connection.execute(query)]

    def pack(self, id: str) -> EvidencePack:
        """One answer.

        Args:
            id: Its id, or the beginning of one that no other begins with.

        Raises:
            InputError: There is none, or more than one.
        """
        found = self._find(id)
        (pack,) = self._packs(select(answers).where(answers.c.id == found))
        return pack

    def packs(self) -> Iterator[EvidencePack]:
        """Every answer, oldest first; read as they are taken."""
        return self._packs(select(answers).order_by(answers.c.given_at, answers.c.id))

    def quotations(self) -> list[Quotation]:
        """The words that each answer rests on, newest answer first."""
        same_answer, same_number = quotations.c.answer_id == sources.c.answer_id, quotations.c.number == sources.c.number
        joined = quotations.join(sources, same_answer & same_number).join(answers, answers.c.id == quotations.c.answer_id)
        query = (
            select(*_LISTED, *_CITED, quotations.c.quote, quotations.c.introduced_by)
            .select_from(joined)
            .order_by(answers.c.given_at.desc(), answers.c.id.desc(), quotations.c.position)
        )
        after = len(_LISTED) + len(_CITED)
        with plainly(self._settings), self._engine.connect() as connection:
            return [
                Quotation(Listed(*row[: len(_LISTED)]), CitedPassage(*row[len(_LISTED) : after]), *row[after:])
                for row in connection.execute(query)
            ]

    def delete(self, ids: Sequence[str]) -> int:
        """Delete answers by their whole ids; returns how many.

        Raises:
            InputError: There is none by one of these ids, and nothing was deleted.
        """
        with plainly(self._settings):
            with writing(self._engine) as connection:
                for name in dict.fromkeys(ids):
                    if not connection.execute(delete(answers).where(answers.c.id == name)).rowcount:
                        raise InputError(
                            f"No answer in the records has the id {name!r}, and nothing was deleted. `bernard records list` "
                            "shows whole ids."
                        )
            self._empty_log()
        return len(dict.fromkeys(ids))

    def delete_all(self) -> int:
        """Delete every answer; returns how many."""
        with plainly(self._settings):
            with writing(self._engine) as connection:
                deleted = connection.execute(delete(answers)).rowcount
            self._empty_log()
        return deleted

    def purge(self, *, now: dt.datetime | None = None) -> int:
        """Delete what is older than the setting `records.days`; returns how many."""
        if not self._settings.records.days:
            return 0
        before = (now or dt.datetime.now(dt.UTC)) - dt.timedelta(days=self._settings.records.days)
        with plainly(self._settings):
            with self._engine.connect() as connection:  # most often nothing is old, and nobody need be waited for
                if connection.execute(select(answers.c.id).where(answers.c.given_at < before).limit(1)).first() is None:
                    return 0
            with writing(self._engine) as connection:
                deleted = connection.execute(delete(answers).where(answers.c.given_at < before)).rowcount
            self._empty_log()
        return deleted

    def _find(self, id: str) -> str:
        query = select(answers.c.id).where(answers.c.id.startswith(id, autoescape=True)).order_by(answers.c.id).limit(2)
        with plainly(self._settings), self._engine.connect() as connection:
            found = list(connection.execute(query).scalars()) if id else []
        if id in found[:1] or len(found) == 1:
            return str(found[0])
        many = "More than one answer in the records begins" if found else "No answer in the records goes"
        raise InputError(f"{many} by {id!r}. `bernard records list` shows their ids.")

    def _packs(self, query: Select[Any]) -> Iterator[EvidencePack]:
        with plainly(self._settings), self._engine.connect() as connection:
            for rows in connection.execution_options(yield_per=_AT_ONCE).execute(query).partitions():
                cited = self._cited([row.id for row in rows])
                yield from (_pack(row, tuple(cited.get(row.id, ()))) for row in rows)

    def _cited(self, ids: Sequence[str]) -> dict[str, list[CitedPassage]]:
        query = select(sources.c.answer_id, *_CITED).where(sources.c.answer_id.in_(ids)).order_by(sources.c.number)
        cited: dict[str, list[CitedPassage]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                cited.setdefault(row[0], []).append(CitedPassage(*row[1:]))
        return cited

    def _empty_log(self) -> None:
        """SQLite's log of writes still holds what was deleted, until it is folded into the file."""
        if self._engine.dialect.name == "sqlite":
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()


def _pack(row: Row[Any], passages: tuple[CitedPassage, ...]) -> EvidencePack:
    return EvidencePack(passages=passages, **row._mapping)


def _row(answer: Answer, id: str, moment: dt.datetime) -> dict[str, Any]:
    return {
        "id": id,
        "given_at": moment,
        "question_id": _storable(answer.id),
        "question": _storable(answer.question),
        "standalone_question": _storable(answer.standalone_question),
        "status": str(answer.status),
        "model": answer.model,
        "prompt_version": answer.prompt_version,
        "index_digest": answer.index_digest,
        "answer": answer.model_dump(mode="json"),
    }


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


def _quotation_rows(answer: Answer, id: str) -> list[dict[str, Any]]:
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


def _storable(text: str) -> str:
    """PostgreSQL keeps every character but this one; the answer's JSON has it escaped."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
