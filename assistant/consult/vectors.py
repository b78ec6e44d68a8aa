"""Vectors of responses and statements, kept as they are made, so that nothing is embedded twice. Knows nothing of themes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.consult.store import Store
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.index import Embedder, Vectors
    from assistant.settings import Settings

MakeEmbedder = Callable[[], "Embedder"]
_CHUNK = 512
"""Texts embedded between one keeping and the next: what is lost when a run is stopped, some seconds' work."""


class KeptVectors:
    """The vectors of one question's texts."""

    def __init__(self, store: Store, settings: Settings, place: int, *, embedder: MakeEmbedder | None = None) -> None:
        """Make them at hand; nothing is read or loaded before it is wanted.

        Args:
            store: Where they are kept.
            settings: Names the embedding model.
            place: Of the question, from 0.
            embedder: Gives one as the settings name it, where one is loaded already.
        """
        self._store, self._settings, self._place, self._given = store, settings, place, embedder
        self._whole: dict[str, Vectors] = {}

    @cached_property
    def embedder(self) -> Embedder:
        """In single precision: groups hang on small differences, and are to be the same whatever the processor."""
        from assistant.index import make_embedder

        if self._given:
            return self._given()
        return make_embedder(self._settings.embedding, cache_dir=self._settings.data_dir / "models", is_exact=True)

    def of(
        self,
        what: str,
        texts: Sequence[str],
        told: Callable[[int], None] = lambda done: None,
        *,
        given: Mapping[str, Vectors] | None = None,
    ) -> Vectors:
        """Vectors of texts, in chunks that are kept as they are made; shape `(texts, dimension)`.

        Args:
            what: Names the texts, which must be the same ones each time.
            texts: In order.
            told: Told how many are done.
            given: Vectors of some of the texts, which are not made again.

        Raises:
            InputError: The consultation was read with another embedding model.
        """
        if what in self._whole:
            told(len(texts))
            return self._whole[what]
        model = self._store.fact("model")
        if model not in (None, self.embedder.name):
            raise InputError(
                f"This consultation was read with the embedding model {model}, and the settings name "
                f"{self.embedder.name}. Set it back, or read the responses in anew under another name."
            )
        if model is None:
            self._store.set_fact("model", self.embedder.name)
        there = self._store.vectors(self._place, what, dimension=self.embedder.dimension)
        told(len(there))
        parts = [there]
        for first in range(len(there), len(texts), _CHUNK):
            chunk = texts[first : first + _CHUNK]
            known = {text: (given or {})[text] for text in chunk if text in (given or {})}
            once = [text for text in dict.fromkeys(chunk) if text not in known]
            if once:
                known |= dict(zip(once, self.embedder.embed(once), strict=True))
            vectors = np.stack([known[text] for text in chunk])
            self._store.add_vectors(self._place, what, first, vectors)
            parts.append(vectors)
            told(first + len(chunk))
        self._whole[what] = np.vstack(parts)
        return self._whole[what]
