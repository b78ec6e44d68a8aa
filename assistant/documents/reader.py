"""What a reader of one format is, and what it is given.

Knows nothing of folders or of the index: a reader turns the bytes of one file into one document.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

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
