"""A consultation: one file of responses, with its open questions and who may work on it.

The door to the room: everything the command line, the page and the evaluation do goes through `Consultation`. Knows
nothing of themes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.consult import columns
from assistant.consult.model import Column, ColumnKind, columns_from
from assistant.consult.open_question import OpenQuestion
from assistant.consult.responses import questions, repeated_identifiers
from assistant.consult.store import Store
from assistant.consult.tables import Problem, Table, read_table
from assistant.consult.vectors import MakeEmbedder
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.settings import Settings

_NAME = re.compile(r"[\w][\w .-]{0,79}")
_LONGEST_NAME = 200
"""Bytes; file systems take 255 with all endings, and letters of other scripts take up to four."""


def folder(settings: Settings) -> Path:
    """Where consultations are kept."""
    return settings.data_dir / "consultations"


def path_of(name: str, settings: Settings) -> Path:
    """The file of a consultation.

    Raises:
        InputError: The name cannot be that of a file.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot be a name. Use letters, digits, spaces, dots and hyphens, at most 80.")
    if len(name.encode()) > _LONGEST_NAME:
        raise InputError("That name is too long for a file. Use fewer letters, or letters of the Latin alphabet.")
    return folder(settings) / f"{name}.sqlite3"


def names(settings: Settings) -> list[str]:
    """The consultations there are."""
    return sorted(path.stem for path in folder(settings).glob("*.sqlite3"))


def remove(name: str, settings: Settings) -> None:
    """Delete a consultation for good, with what an interrupted program may have left beside it.

    Raises:
        InputError: The name cannot be that of a file.
    """
    path = path_of(name, settings)
    for ending in ("", "-journal", "-wal", "-shm"):  # SQLite's own; a journal holds responses in clear
        path.with_name(path.name + ending).unlink(missing_ok=True)


class Consultation:
    """One consultation, open."""

    def __init__(self, store: Store, settings: Settings, *, name: str, embedder: MakeEmbedder | None = None) -> None:
        self._store = store
        self._settings = settings
        self._embedder = embedder
        self.name = name
        self._opened: dict[int, OpenQuestion] = {}

    @classmethod
    def new(
        cls, name: str, file: Path, settings: Settings, *, said: Mapping[str, ColumnKind] | None = None, asked: str = ""
    ) -> Consultation:
        """Read a file of responses in.

        Args:
            name: To find the consultation by.
            file: CSV, XLSX or JSON Lines.
            settings: Where data are kept.
            said: What a column holds, by heading or number, where it is recognised wrongly.
            asked: The question as it was put, where the heading of the (only) open column does not say.

        Raises:
            InputError: The file cannot be used, the name is taken, or no column is an open question.
        """
        path_of(name, settings)
        return cls.from_table(name, read_table(file), settings, file=file.name, said=said, asked=asked)

    @classmethod
    def from_table(
        cls,
        name: str,
        table: Table,
        settings: Settings,
        *,
        file: str,
        said: Mapping[str, ColumnKind] | None = None,
        asked: str = "",
        owner: str = "",
    ) -> Consultation:
        """Keep responses that were read before, such as by a process of their own.

        Args:
            name: To find the consultation by.
            table: What was read.
            settings: Where data are kept.
            file: Name of the file they came from.
            said: As `new` takes it.
            asked: As `new` takes it.
            owner: The user whose it is; "" where nobody signs in.

        Raises:
            InputError: As `new` does.
        """
        path = path_of(name, settings)
        found = columns.confirmed(columns.recognise(table), said or {})
        asked_of = questions(table, found, asked=asked)
        problems = [*table.problems, *repeated_identifiers(asked_of[0])]
        store = Store(path, make=True)
        try:
            for number, question in enumerate(asked_of):
                store.add_responses(number, question.responses)
            store.set_fact("questions", [question.text for question in asked_of])
            store.set_fact("file", file)
            store.set_fact("owner", owner)
            store.set_fact("columns", [{**asdict(column), "kind": str(column.kind)} for column in found])
            store.set_fact("problems", [asdict(problem) for problem in problems])
        except BaseException:
            store.close()
            path.unlink(missing_ok=True)
            raise
        return cls(store, settings, name=name)

    @classmethod
    def open(cls, name: str, settings: Settings, *, embedder: MakeEmbedder | None = None) -> Consultation:
        """Open a consultation that was read in.

        Args:
            name: Its name.
            settings: Where data are kept.
            embedder: Gives one as the settings name it, where one is loaded already.

        Raises:
            InputError: There is none of that name.
        """
        path = path_of(name, settings)
        if not path.is_file():
            there = ", ".join(names(settings)) or "none; read one in with `bernard consult new`"
            raise InputError(f"There is no consultation {name!r}. There are: {there}.")
        return cls(Store(path), settings, name=name, embedder=embedder)

    def close(self) -> None:
        """Let the file go."""
        self._store.close()

    def __enter__(self) -> Consultation:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def file(self) -> str:
        """Name of the file the responses came from."""
        return str(self._store.fact("file"))

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the file's columns were taken to hold."""
        return columns_from(self._store.fact("columns"))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with rows of the file."""
        return tuple(Problem(**one) for one in self._store.fact("problems"))

    @property
    def owner(self) -> str:
        """The user who started it; "" where nobody signed in, as on the command line."""
        return str(self._store.fact("owner", ""))

    @property
    def people(self) -> tuple[str, ...]:
        """Users who may work on it beside its owner; "*" stands for everyone who signs in."""
        return tuple(self._store.fact("people", ()))

    def let_in(self, people: Sequence[str]) -> None:
        """Say who may work on it beside its owner; those not named no longer may."""
        self._store.set_fact("people", sorted(set(people)))

    @property
    def log(self) -> tuple[Mapping[str, str], ...]:
        """What was done to the consultation as a whole, such as downloads: "who", "when" and "what", oldest first."""
        return tuple(self._store.fact("log", ()))

    def note(self, who: str, what: str) -> None:
        """Add a line to the log."""
        self._store.append_fact("log", {"who": who, "when": dt.datetime.now(dt.UTC).isoformat(), "what": what})

    @property
    def questions(self) -> tuple[str, ...]:
        """The open questions."""
        return tuple(self._store.fact("questions"))

    def question(self, number: int = 1) -> OpenQuestion:
        """An open question by its number, from 1.

        Raises:
            InputError: There is none.
        """
        asked = self.questions
        if not 1 <= number <= len(asked):
            raise InputError(f"There is no question {number}; this consultation has {len(asked)}.")
        if number not in self._opened:
            place = number - 1
            self._opened[number] = OpenQuestion(self._store, self._settings, place, asked[place], embedder=self._embedder)
        return self._opened[number]
