"""One file that carries an index to another machine: a ZIP of JSON lines and numpy arrays, with the digest of each member.

Here is what the file consists of, and how it is written; `archive_reader` reads it. No pickle. Knows nothing of where an
index lives.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import InputError
from assistant.index.embeddings import Vectors

ARCHIVE_VERSION = 1
VECTORS_AT_ONCE = 4096  # in one member; 6 MB at 384 numbers

ABOUT, FILES, DOCUMENTS, NAMES = "about.json", "files.jsonl", "documents.jsonl", "vectors.txt"
FORMAT = "bernard-index"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same index makes the same file, whenever that is


class Member(BaseModel):
    """One member as it must be."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class About(BaseModel):
    """What the index in the file is, and what the file consists of.

    Attributes:
        digest: The digest of the index, by which it is known again.
        embedder: Names the model and weights of the vectors.
        splitter: Names the rules by which documents were cut into passages.
        built: When the index was made.
        members: Every other member.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: str
    version: int
    digest: str = Field(pattern=r"^([0-9a-f]{64})?$")
    embedder: str
    dimension: int = Field(ge=1, le=65_536)
    splitter: str
    built: str
    files: int = Field(ge=0)
    documents: int = Field(ge=0)
    passages: int = Field(ge=0)
    vectors: int = Field(ge=0)
    members: dict[str, Member]


def names_of_vector_members(vectors: int) -> list[str]:
    """The members that so many vectors are kept in, in order."""
    return [f"vectors-{number:05}.npy" for number in range(-(-vectors // VECTORS_AT_ONCE))]


class ArchiveWriter:
    """Writes a new file under a temporary name; `finish` puts it in place whole."""

    def __init__(self, path: Path) -> None:
        """Begin.

        Raises:
            InputError: The file cannot be there, or another kind of file is.
        """
        if not path.parent.is_dir():
            raise InputError(f"There is no folder {str(path.parent)!r} to write {path.name} into. Make it first.")
        if path.exists() and not is_archive(path):
            raise InputError(f"{path} is there already and is no exported index. Give another name, or move it away.")
        self._path = path
        self._unfinished = path.with_name(f".{path.name}.part")
        self._members: dict[str, Member] = {}
        self._zip = zipfile.ZipFile(self._unfinished, "w")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._unfinished.unlink(missing_ok=True)

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add a member."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, _FIRST_DAY)
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        # Vectors are as good as random and do not get smaller.
        info.compress_type = zipfile.ZIP_STORED if name.endswith(".npy") else zipfile.ZIP_DEFLATED
        with self._zip.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
        self._members[name] = Member(sha256=digest.hexdigest(), size=size)

    def add_lines(self, name: str, values: Iterable[object]) -> int:
        """Add a member of one JSON value a line; returns how many there were."""
        count = 0

        def lines() -> Iterator[bytes]:
            nonlocal count
            for value in values:
                count += 1
                yield json.dumps(value, ensure_ascii=False, sort_keys=True).encode() + b"\n"

        self.add(name, lines())
        return count

    def add_vectors(self, name: str, vectors: Vectors) -> None:
        """Add a member of vectors, one a row."""
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(vectors, dtype="<f4"), allow_pickle=False)
        self.add(name, [buffer.getvalue()])

    def finish(self, **facts: Any) -> int:
        """Say what the file holds and put it in place; returns its size in bytes."""
        about = About(format=FORMAT, version=ARCHIVE_VERSION, members=dict(self._members), **facts)
        self.add(ABOUT, [about.model_dump_json(indent=1).encode()])
        self._zip.close()
        with self._unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        size = self._unfinished.stat().st_size
        self._unfinished.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return size


def is_archive(path: Path) -> bool:
    """Whether a file looks like an exported index of any version."""
    try:
        with zipfile.ZipFile(path) as file:
            return ABOUT in file.namelist() and NAMES in file.namelist()
    except (OSError, zipfile.BadZipFile, ValueError):
        return False


def batches_of(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Names by the members that hold their vectors."""
    for start in range(0, len(names), VECTORS_AT_ONCE):
        yield names[start : start + VECTORS_AT_ONCE]
