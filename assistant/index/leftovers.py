"""Vectors that were embedded by a run which has not finished yet, so that the next run need not embed them again.

Each batch is one file, put in place whole. Knows nothing of Chroma: a run that was killed may have left that in any state,
so its working copy is thrown away, and these are what is kept.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.index.embeddings import Vectors


class Leftovers:
    """The batches of one embedding model in one index folder."""

    def __init__(self, index_dir: Path, *, embedder: str) -> None:
        self._folder = index_dir / "embedded"
        self._model = hashlib.sha256(embedder.encode()).hexdigest()[:16]

    def load(self) -> dict[str, Vectors]:
        """All vectors kept, by the name of their text; a damaged batch is passed over."""
        kept: dict[str, Vectors] = {}
        for path in sorted(self._folder.glob(f"{self._model}-*.npz")):
            try:
                with np.load(path, allow_pickle=False) as batch:
                    kept.update(zip(map(str, batch["names"]), batch["vectors"].astype(np.float32), strict=True))
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                continue
        return kept

    def keep(self, names: Sequence[str], vectors: Vectors) -> None:
        """Keep one batch."""
        self._folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]
        path = self._folder / f"{self._model}-{digest}.npz"
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.savez(file, names=np.array(names), vectors=vectors)
        unfinished.replace(path)

    def clear(self) -> None:
        """Forget them: they are in a finished state, or the disk is full."""
        shutil.rmtree(self._folder, ignore_errors=True)
