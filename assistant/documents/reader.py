"""What a reader of one format is, and what it is given.

Knows nothing of folders or of the index: a reader turns the bytes of one file into one document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from assistant.documents.model import Document


@dataclass(frozen=True, slots=True)
class File:
    """One file to read.

    Attributes:
        path: Absolute path; a reader uses its name and suffix, never opens it.
        relative: Path below the folder the user named, that folder's own name included, with "/" between parts.
        data: Its bytes.
    """

    path: Path
    relative: str
    data: bytes


class Reader(Protocol):
    """Turns one file into one document.

    Raises:
        SkippedDocument: The file holds no guidance; the message says why.
        UnreadableDocument: The file is broken; the message says how.
    """

    name: str

    def read(self, file: File) -> Document:
        """The document in a file."""
        ...


@runtime_checkable
class Container(Protocol):
    """A reader of files that hold other files, as an e-mail holds its attachments.

    Each enclosed file is then read by the reader for its own suffix, as if the container were a folder: its `path` is the
    container's path with the enclosed file's name below it, and `relative` likewise. Nothing is written to disk.
    """

    def enclosed(self, file: File) -> Sequence[File]:
        """The files in a file, with names that are safe and differ from each other; those without bytes are left out.

        Raises:
            UnreadableDocument: The container is broken.
        """
        ...
