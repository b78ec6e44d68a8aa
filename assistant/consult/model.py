"""What the room is about, as values: columns, responses, statements, themes, and where each response was put.

Everything here is frozen; what happens to it over time is the business of `edits`. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ColumnKind(StrEnum):
    """What a column of a file of responses holds."""

    IDENTIFIER = "identifier"
    OPEN = "open question"
    CLOSED = "closed question"
    ATTRIBUTE = "attribute"
    PERSONAL = "personal data"
    IGNORED = "not used"


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it was recognised; the analyst may say otherwise.

    Attributes:
        name: Its heading.
        kind: What it holds.
        why: The reason for that, for the analyst.
        filled: Rows with something in it.
        distinct: Different values.
    """

    name: str
    kind: ColumnKind
    why: str
    filled: int
    distinct: int


def columns_from(kept: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    """Columns as they are kept with a consultation: their fields by name."""
    return tuple(Column(**{**one, "kind": ColumnKind(one["kind"])}) for one in kept)


class State(StrEnum):
    """What became of one row's answer to an open question."""

    ANSWERED = "answered"
    BLANK = "blank"
    NO_COMMENT = "no comment"
    NOT_ENGLISH = "not in English"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Response:
    """One respondent's answer to one open question.

    Attributes:
        id: The respondent's identifier in the file, else the row's number.
        row: Row of the file, the heading being row 1.
        text: The answer, as it was written.
        state: Whether it can be analysed; only answered ones are.
        is_long: It has more than `responses.LONG` characters.
        attributes: Who the respondent is: value by column.
        answers: Answers to closed questions, by column.
    """

    id: str
    row: int
    text: str
    state: State
    is_long: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """A point that a response makes.

    Attributes:
        response: Place of its response in the list of responses.
        start: First character in the response's text.
        end: One past the last.
    """

    response: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """Responses with the same or nearly the same words.

    Attributes:
        members: Places of the responses, the one that the others resemble most first.
        is_exact: All of them have the very same words.
    """

    members: tuple[int, ...]
    is_exact: bool


class ThemeStatus(StrEnum):
    """What the analyst has said of a theme."""

    CANDIDATE = "candidate"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it stands.

    Attributes:
        id: Stays the same through every change.
        title: A few words.
        description: A sentence or two.
        status: What the analyst has said of it.
        head: Title of the group of themes it belongs to.
        exemplars: Places of the statements it was formed from; none where an analyst added it.
        reasons: Why it was formed, in sentences.
        comes_back: Share of the repeated runs in which it was found again; None where it was not formed by one.
        is_minority: Formed from few responses that say the same and nothing that others say.
        version: How often it was changed.
    """

    id: str
    title: str
    description: str
    status: ThemeStatus = ThemeStatus.CANDIDATE
    head: str = ""
    exemplars: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    comes_back: float | None = None
    is_minority: bool = False
    version: int = 1

    @property
    def wording(self) -> str:
        """Title and description as one text."""
        return f"{self.title}: {self.description}" if self.description else self.title


class Source(StrEnum):
    """Who put a response to a theme."""

    MACHINE = "found by similarity"
    LEARNT = "learnt from corrections"
    ANALYST = "set by an analyst"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A response put to a theme.

    Attributes:
        response: Place of the response.
        theme: The theme's id.
        confidence: From 0 to 1.
        start: First character of the words that carry the theme.
        end: One past the last.
        source: Who put it there.
    """

    response: int
    theme: str
    confidence: float
    start: int
    end: int
    source: Source = Source.MACHINE
