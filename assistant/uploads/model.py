"""What is known of a file that somebody brought, and of how adding it goes. Knows nothing of folders."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.documents.library import FORMATS
from assistant.errors import InputError
from assistant.settings import UploadSettings

_LONGEST_NAME = 120


class NotAdded(InputError):
    """A file was not added; the text says why, to follow its name."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file in a conversation.

    Attributes:
        id: Digest of its content, which names it in its conversation.
        name: As it was brought, without folders and characters that are not seen.
        size: Bytes.
        words: Of all that was read in it.
        passages: Into how many it was split.
        titles: Of its document, and of those in it, such as the attachments of an e-mail.
        remarks: What was not read in it, for people.
        added_at: When.
        expires_at: When it is deleted.
    """

    id: str
    name: str
    size: int
    words: int
    passages: int
    titles: tuple[str, ...]
    remarks: tuple[str, ...]
    added_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has come, and lies at `path` until it is read; `name` is whatever its sender called it."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Step:
    """How adding a file goes: a stage and how much of it is done, at last the file or why it was not added.

    Attributes:
        name: The file's name, as it is shown.
        stage: "reading", "indexing", "added" or "refused".
        done: How many passages are indexed.
        of: How many there are; 0 where that is not known.
        reason: Why it was refused, for people.
        file: What was added.
    """

    name: str
    stage: str
    done: int = 0
    of: int = 0
    reason: str = ""
    file: OwnFile | None = None


def shown_name(name: str) -> str:
    """A file's name without folders, line breaks and what is not seen; never empty, never longer than 120 characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    seen = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    tidy = " ".join(seen.split()).strip(" .") or "file"
    if len(tidy) <= _LONGEST_NAME:
        return tidy
    stem, dot, suffix = tidy.rpartition(".")
    kept = f"{dot}{suffix}" if stem and len(suffix) <= 10 else ""
    return f"{tidy[: _LONGEST_NAME - len(kept) - 1]}…{kept}"


def readable_formats(settings: UploadSettings) -> tuple[str, ...]:
    """Suffixes of the files that may be brought."""
    chosen = [suffix.lower() for suffix in settings.formats.split()]
    return tuple(suffix for suffix in FORMATS if not chosen or suffix in chosen)
