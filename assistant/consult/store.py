"""Keeps one consultation in one SQLite file: its responses, their vectors, and the list of edits.

The file can be read by its owner alone. Edits are only added, each in a transaction that first looks at what others did.
Knows nothing of what edits mean beyond their order.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from sqlalchemy import (
    JSON,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DatabaseError

from assistant.consult.clusters import Vectors
from assistant.consult.edits import WITH, Edit, EditKind
from assistant.consult.model import Response, State
from assistant.errors import InputError, is_write_refused, not_writable

_PATIENCE = 20
"""Seconds to wait while another analyst's edit is being written."""
VERSION = 1

_metadata = MetaData()
_facts = Table("facts", _metadata, Column("name", String(80), primary_key=True), Column("value", JSON, nullable=False))
_responses = Table(
    "responses",
    _metadata,
    Column("question", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("is_long", Integer, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("answers", JSON, nullable=False),
)
_vectors = Table(
    "vectors",
    _metadata,
    Column("question", Integer, primary_key=True, autoincrement=False),
    Column("what", String(20), primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("floats", LargeBinary, nullable=False),
)
_edits = Table(
    "edits",
    _metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("question", Integer, primary_key=True, autoincrement=False),
    Column("who", Text, nullable=False),
    Column("at", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("data", JSON, nullable=False),
)

Made = Callable[[Sequence[Edit]], Mapping[str, Any]]


class Store:
    """One consultation's file, open."""

    def __init__(self, path: Path, *, make: bool = False) -> None:
        self._path = path
        self._held = threading.local()
        """Of each thread: the connection of the action under way, the number of its first edit and the edits read in it, the
        last two by question."""
        self._known: dict[int, tuple[Edit, ...]] = {}
        """Edits that stand for good, by question: none is ever changed or taken out."""
        if make:
            _make_private(path)
        elif not path.is_file():
            raise InputError(f"There is no consultation in {path}. `bernard consult list` shows those there are.")
        # Opened for reading and writing only: one that was deleted meanwhile does not come back as an empty file.
        file = f"file:{quote(str(path.absolute()))}"
        url = URL.create("sqlite+pysqlite", database=file, query={"mode": "rw", "uri": "true"})
        self._engine: Engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _PATIENCE})
        event.listen(self._engine, "connect", _autocommit)
        event.listen(self._engine, "begin", _begin)
        try:
            if make:
                _metadata.create_all(self._engine)
                self.set_fact("version", VERSION)
            elif self.fact("version") != VERSION:
                raise InputError(f"{path} was written by another version of Bernard; it cannot be opened with this one.")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        self._engine.dispose()

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that this thread keeps meanwhile stands, or nothing does, and nobody else writes in between.

        Edits added are of one action: those after the first name it in their data as "with".
        """
        if self.is_held:
            yield
            return
        try:
            with self._transaction() as connection:
                self._held.connection, self._held.first, self._held.known = connection, {}, {}
                yield
        finally:
            self._held.connection = None

    @property
    def is_held(self) -> bool:
        """Whether an action of this thread is under way, which may still come to nothing."""
        return getattr(self._held, "connection", None) is not None

    @contextmanager
    def _transaction(self, *, reads: bool = False) -> Iterator[Connection]:
        """All or nothing, and nobody else writes in between; one that only `reads` also sees a file it may not write to."""
        if self.is_held:
            yield self._held.connection
            return
        try:
            with self._engine.connect().execution_options(reads=reads) as connection, connection.begin():
                yield connection
        except DatabaseError as error:
            if is_write_refused(error.orig):
                raise InputError(not_writable(self._path)) from None
            raise InputError(
                f"The consultation's file {self._path} cannot be used: {error.orig}. Another program may be writing to it, "
                "the disk may be full, or it is damaged: then restore it from a copy, or read the responses in again."
            ) from None

    def fact(self, name: str, default: Any = None) -> Any:
        """Something kept under a name."""
        with self._transaction(reads=True) as connection:
            row = connection.execute(select(_facts.c.value).where(_facts.c.name == name)).first()
        return default if row is None else row[0]

    def set_fact(self, name: str, value: Any) -> None:
        """Keep something under a name."""
        with self._transaction() as connection:
            connection.execute(delete(_facts).where(_facts.c.name == name))
            connection.execute(insert(_facts).values(name=name, value=value))

    def append_fact(self, name: str, item: Any) -> None:
        """Add an item to a list kept under a name; nobody else writes in between."""
        with self._transaction() as connection:
            row = connection.execute(select(_facts.c.value).where(_facts.c.name == name)).first()
            connection.execute(delete(_facts).where(_facts.c.name == name))
            connection.execute(insert(_facts).values(name=name, value=[*(row[0] if row else ()), item]))

    def facts(self, start: str) -> dict[str, Any]:
        """What is kept under names that begin so, by what follows in the name."""
        with self._transaction(reads=True) as connection:
            rows = connection.execute(select(_facts.c.name, _facts.c.value).where(_facts.c.name.startswith(start))).all()
        return {row.name.removeprefix(start): row.value for row in rows}

    def add_responses(self, question: int, responses: Iterable[Response]) -> None:
        """Keep the responses to a question, in order."""
        rows = [
            {
                "question": question,
                "place": place,
                "id": one.id,
                "row": one.row,
                "text": one.text,
                "state": str(one.state),
                "is_long": int(one.is_long),
                "attributes": dict(one.attributes),
                "answers": dict(one.answers),
            }
            for place, one in enumerate(responses)
        ]
        with self._transaction() as connection:
            for start in range(0, len(rows), 1000):
                connection.execute(insert(_responses), rows[start : start + 1000])

    def responses(self, question: int) -> tuple[Response, ...]:
        """The responses to a question, in order."""
        wanted = select(_responses).where(_responses.c.question == question).order_by(_responses.c.place)
        with self._transaction(reads=True) as connection:
            rows = connection.execute(wanted).all()
        return tuple(
            Response(row.id, row.row, row.text, State(row.state), bool(row.is_long), row.attributes, row.answers)
            for row in rows
        )

    def add_vectors(self, question: int, what: str, first: int, vectors: Vectors) -> None:
        """Keep vectors that begin at a place; what was there before at that place goes."""
        with self._transaction() as connection:
            at = (_vectors.c.question == question) & (_vectors.c.what == what) & (_vectors.c.first == first)
            connection.execute(delete(_vectors).where(at))
            connection.execute(
                insert(_vectors).values(
                    question=question, what=what, first=first, count=len(vectors), floats=vectors.astype("<f4").tobytes()
                )
            )

    def vectors(self, question: int, what: str, *, dimension: int) -> Vectors:
        """All vectors kept so far without a gap, in order."""
        wanted = (
            select(_vectors).where((_vectors.c.question == question) & (_vectors.c.what == what)).order_by(_vectors.c.first)
        )
        parts: list[Vectors] = []
        next_first = 0
        with self._transaction(reads=True) as connection:
            for row in connection.execute(wanted):
                if row.first != next_first:
                    break
                parts.append(np.frombuffer(row.floats, dtype="<f4").reshape(-1, dimension).astype(np.float32))
                next_first += len(parts[-1])
        return np.vstack(parts) if parts else np.zeros((0, dimension), dtype=np.float32)

    def edits(self, question: int) -> tuple[Edit, ...]:
        """What was done to a question's themes, in order."""
        with self._transaction(reads=True) as connection:
            return self._read_edits(connection, question)

    def _read_edits(self, connection: Connection, question: int) -> tuple[Edit, ...]:
        """The edits, of which only those are read that were not before; those of an action under way may come to nothing."""
        known = self._known.get(question, ())
        if self.is_held:
            known = self._held.known.get(question, known)
        last = known[-1].number if known else 0
        wanted = select(_edits).where((_edits.c.question == question) & (_edits.c.number > last)).order_by(_edits.c.number)
        more = [
            Edit(row.number, row.who, dt.datetime.fromisoformat(row.at), EditKind(row.kind), row.data)
            for row in connection.execute(wanted)
        ]
        if more:
            known = (*known, *more)
            (self._held.known if self.is_held else self._known)[question] = known
        return known

    def add_edit(self, question: int, who: str, kind: EditKind, *, made: Made) -> Edit:
        """Add an edit. `made` gives its data from the edits so far, or raises; nobody else writes in between."""
        now = dt.datetime.now(dt.UTC)
        with self._transaction() as connection:
            before = self._read_edits(connection, question)
            number = (before[-1].number if before else 0) + 1
            data = dict(made(before))
            if self.is_held:
                first = self._held.first.setdefault(question, number)
                data |= {WITH: first} if first != number else {}
            edit = Edit(number, who, now, kind, data)
            connection.execute(
                insert(_edits).values(
                    question=question, number=edit.number, who=who, at=now.isoformat(), kind=str(kind), data=data
                )
            )
        return edit


def _make_private(path: Path) -> None:
    """Make the file so that nobody else can read it: people's responses go into it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise InputError(
            f"There is a consultation in {path} already. Choose another name, or delete that one first."
        ) from None
    except OSError as error:
        if is_write_refused(error):
            raise InputError(not_writable(path.parent)) from None
        raise InputError(f"The consultation cannot be kept in {path}: {error.strerror or error}.") from None


def _autocommit(connection: Any, _: object) -> None:
    connection.isolation_level = None  # so that `_begin` says when a transaction begins, and how


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reads") else "BEGIN IMMEDIATE")
