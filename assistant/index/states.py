"""The folders of an index's states: each ingest that changes something writes a new one, and nobody writes to an old one.

A state is named in the manifest, so what the manifest does not name has never happened. Readers may keep a state open while
the next is being made; the one before the current one stays until the next ingest. Knows nothing of what is in a folder.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Container
from contextlib import closing
from pathlib import Path

_CHROMA, _TERMS = "chroma", "terms"
_DATABASE = "chroma.sqlite3"


class States:
    """The states of the index in one folder."""

    def __init__(self, index_dir: Path) -> None:
        self._root = index_dir / "states"

    def vectors(self, state: str) -> Path:
        """Where a state keeps its vectors, when they are not on a server."""
        return self._root / state / _CHROMA

    def terms(self, state: str) -> Path:
        """Where a state keeps its terms."""
        return self._root / state / _TERMS

    def exists(self, state: str) -> bool:
        """Whether a state's folder is there."""
        return bool(state) and (self._root / state).is_dir()

    def begin(self, *, copy_of: str) -> str:
        """Make a new state with a copy of the vectors of another ("" for none); returns its name."""
        name = f"{time.time_ns():x}"
        new = self.vectors(name)
        new.parent.mkdir(parents=True)
        old = self.vectors(copy_of)
        if copy_of and (old / _DATABASE).is_file():
            shutil.copytree(old, new, ignore=shutil.ignore_patterns(f"{_DATABASE}*"))
            with closing(sqlite3.connect(old / _DATABASE)) as source, closing(sqlite3.connect(new / _DATABASE)) as target:
                source.backup(target)  # a reader may have it open
        return name

    def settle(self, state: str) -> None:
        """Have everything of a state on the disk before the manifest names it, so that a power cut cannot lose it."""
        for path in sorted((self._root / state).rglob("*")):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def remove_all_but(self, keep: Container[str]) -> None:
        """Remove the folders of states that nobody can be reading, and what interrupted runs left."""
        for name in (_CHROMA, _TERMS):  # where the first format of the index kept them
            shutil.rmtree(self._root.parent / name, ignore_errors=True)
        if self._root.is_dir():
            for folder in self._root.iterdir():
                if folder.name not in keep:
                    shutil.rmtree(folder, ignore_errors=True)
