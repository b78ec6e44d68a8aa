"""Writes what is fetched below a publisher's folder: whole or not at all, and never outside it.

File names come from the network, so only plain ones are taken. Knows nothing of what is in a file.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import FetchError

_PART = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,200}(?<!\.)")
_HALF_WRITTEN = ".half-written-"
"""A hidden name: what an interruption leaves behind is never read as guidance."""
_MOST_CHARACTERS = 600
_MOST_PARTS = 30
_NAME_FAULTS = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ENOTEMPTY}


class Files:
    """The files kept of one publisher."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tidy(self) -> None:
        """Take away what an interruption left half written."""
        for left in self._folder.rglob(f"{_HALF_WRITTEN}*"):
            left.unlink(missing_ok=True)

    def write(self, name: str, body: bytes) -> str:
        """Keep a file in place of what has its name; returns the SHA-256 of the body.

        Raises:
            FetchError: The name is not one that a file can have here.
            OSError: The disk is full, or the folder cannot be written to.
        """
        path = self._path(name)
        with _named_fault(name):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_HALF_WRITTEN)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(body)
                Path(temporary).chmod(0o644)
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        return digest(body)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None when it is not there."""
        try:
            return self._path(name).read_bytes()
        except (FetchError, FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def remove(self, name: str) -> bool:
        """Take a file away with the folders that become empty; False when it was not there."""
        path = self._path(name)
        try:
            path.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        for folder in path.parents:
            if folder == self._folder:
                break
            try:
                folder.rmdir()
            except OSError:
                break
        return True

    def _path(self, name: str) -> Path:
        parts = name.split("/")
        if len(name) > _MOST_CHARACTERS or len(parts) > _MOST_PARTS or not all(map(_PART.fullmatch, parts)):
            raise FetchError(f"{name[:200]!r} is not a name that a file is kept under.")
        path = self._folder.joinpath(*parts)
        if not path.parent.resolve().is_relative_to(self._folder.resolve()):
            raise FetchError(f"{name!r} leads out of {self._folder}; a link there has to be taken away first.")
        return path


def digest(body: bytes) -> str:
    """SHA-256, as hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()


@contextmanager
def _named_fault(name: str) -> Iterator[None]:
    """A name that cannot be on this disk, such as a folder where a file is, costs that file only."""
    try:
        yield
    except OSError as error:
        if error.errno in _NAME_FAULTS:
            raise FetchError(f"It cannot be kept as {name!r}: {error.strerror}.") from None
        raise
