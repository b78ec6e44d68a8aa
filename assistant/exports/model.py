"""What goes into an export and what comes out: answers, a form, a protective marking, and a file.

Knows nothing of how a file is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from assistant.answer import Answer
from assistant.errors import InputError


class ExportForm(StrEnum):
    """Kinds of file."""

    DOCX = "docx"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


class Marking(StrEnum):
    """Protective markings that a reader may choose. Bernard chooses none, and takes no other words."""

    NONE = "none"
    OFFICIAL = "OFFICIAL"
    OFFICIAL_SENSITIVE = "OFFICIAL-SENSITIVE"


class GivenAnswer(Protocol):
    """An answer as it was given; an exchange in the records is one."""

    @property
    def id(self) -> str:
        """Its name in the records, "" for none."""

    @property
    def given_at(self) -> dt.datetime:
        """When it was given."""

    @property
    def answer(self) -> Answer:
        """The answer itself."""


class Talk(Protocol):
    """A conversation; one from the records will do."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def exchanges(self) -> Sequence[GivenAnswer]:
        """Oldest first."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file: its name without a folder, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


def form_of(name: str) -> ExportForm:
    """The form of this name.

    Raises:
        InputError: There is none.
    """
    try:
        return ExportForm(name.strip().lower())
    except ValueError:
        raise InputError(f"Bernard writes no {name!r} files. Choose from: {', '.join(ExportForm)}.") from None


def marking_of(text: str) -> Marking:
    """The marking that was chosen; "" is none.

    Raises:
        InputError: It is none of those on the list.
    """
    try:
        return Marking(text) if text else Marking.NONE
    except ValueError:
        raise InputError(
            f"{text!r} is no protective marking that Bernard knows. Choose from: {', '.join(Marking)}."
        ) from None
