"""Two indexes as one: the rows of the second follow those of the first. Knows nothing of what is in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from assistant.documents import Document
from assistant.index.embeddings import Embedder, Vectors
from assistant.index.index import Mask
from assistant.index.open_state import StoredDocument
from assistant.index.passages import Passage
from assistant.index.searchable import Searchable

Ranking = list[tuple[int, float]]


class JoinedIndex:
    """See `Searchable`. Both must have been made with the same embedder; use it while both are steady."""

    def __init__(self, first: Searchable, second: Searchable) -> None:
        self._first, self._second = first, second
        self.embedder: Embedder = first.embedder

    @property
    def digest(self) -> str:
        """Names exactly what both hold."""
        return hashlib.sha256(f"{self._first.digest}+{self._second.digest}".encode()).hexdigest()

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    @contextmanager
    def steady(self) -> Iterator[None]:
        """See `Searchable`."""
        with self._first.steady(), self._second.steady():
            yield

    def mask(self, keep: Callable[[Document], bool]) -> Mask:
        """See `Searchable`."""
        return np.concatenate([self._first.mask(keep), self._second.mask(keep)])

    def nearest(self, vector: Vectors, limit: int, *, among: Mask | None = None) -> Ranking:
        """See `Searchable`."""
        first, second = self._parts(among)
        found = self._first.nearest(vector, limit, among=first)
        return self._merged(found, self._second.nearest(vector, limit, among=second), limit)

    def best_by_terms(self, question: str, limit: int, *, among: Mask | None = None) -> Ranking:
        """See `Searchable`. A word counts by how rare it is in its own index, so scores of the two compare only roughly."""
        first, second = self._parts(among)
        found = self._first.best_by_terms(question, limit, among=first)
        return self._merged(found, self._second.best_by_terms(question, limit, among=second), limit)

    def brief(self, row: int) -> Document:
        """See `Searchable`."""
        index, own = self._place(row)
        return index.brief(own)

    def document_key(self, row: int) -> int:
        """See `Searchable`; the keys of the second are below 0, so that none is one of the first."""
        index, own = self._place(row)
        return index.document_key(own) if index is self._first else -1 - index.document_key(own)

    def page_size(self, row: int) -> int:
        """See `Searchable`."""
        index, own = self._place(row)
        return index.page_size(own)

    def passage(self, row: int) -> Passage:
        """See `Searchable`."""
        index, own = self._place(row)
        return index.passage(own)

    def stored(self, row: int) -> StoredDocument:
        """See `Searchable`; its rows are this index's."""
        index, own = self._place(row)
        stored = index.stored(own)
        shift = row - own
        return StoredDocument(stored.document, stored.passages, tuple(one + shift for one in stored.rows))

    def passage_id(self, row: int) -> str:
        """See `Searchable`."""
        index, own = self._place(row)
        return index.passage_id(own)

    def _place(self, row: int) -> tuple[Searchable, int]:
        size = len(self._first)
        return (self._first, row) if row < size else (self._second, row - size)

    def _parts(self, among: Mask | None) -> tuple[Mask | None, Mask | None]:
        size = len(self._first)
        return (None, None) if among is None else (among[:size], among[size:])

    def _merged(self, first: Ranking, second: Ranking, limit: int) -> Ranking:
        size = len(self._first)
        both = [*first, *((row + size, score) for row, score in second)]
        return sorted(both, key=lambda found: (-found[1], found[0]))[:limit]
