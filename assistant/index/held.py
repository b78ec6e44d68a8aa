"""A small index held in memory: a few documents that one person brought, searched as `Index` searches guidance.

Vectors are compared one by one, exactly; for the thousands of passages that it is meant for, that takes less than a
millisecond. Knows nothing of where the documents come from or for how long they are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from assistant.documents import Document
from assistant.index.embeddings import Embedder, Vectors
from assistant.index.index import Mask
from assistant.index.open_state import StoredDocument
from assistant.index.passages import Passage, embedded_text, passage_id
from assistant.index.searchable import Searchable
from assistant.index.terms import TermIndex


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document with its passages and their vectors, shape `(len(passages), dimension)`."""

    document: Document
    passages: tuple[Passage, ...]
    vectors: Vectors


def passage_texts(document: Document, passages: Sequence[Passage]) -> list[str]:
    """What is embedded of each passage."""
    return [embedded_text(document.title, passage.headings, passage.context, passage.text) for passage in passages]


def typical_texts(index: Searchable, *, most: int = 400) -> list[str]:
    """Some passages of an index as they are embedded, from all over it."""
    with index.steady():
        rows = sorted({int(row) for row in np.linspace(0, len(index) - 1, min(most, len(index)))})
        return [passage_texts(index.brief(row), [index.passage(row)])[0] for row in rows]


class HeldIndex:
    """See `Searchable`; never changes once made, so that many threads may read it."""

    def __init__(self, documents: Sequence[HeldDocument], *, embedder: Embedder, beside: Sequence[str] = ()) -> None:
        """Number the passages of `documents` in order.

        Args:
            documents: Their vectors were made with `embedder`.
            embedder: Embeds questions.
            beside: Texts that tell which words are rare, such as `typical_texts`; in a few passages nothing is.
        """
        self.embedder = embedder
        self._documents: list[StoredDocument] = []
        self._document_of_row: list[int] = []
        texts: list[str] = []
        for key, held in enumerate(documents):
            rows = tuple(range(len(texts), len(texts) + len(held.passages)))
            self._documents.append(StoredDocument(held.document, held.passages, rows))
            self._document_of_row += [key] * len(rows)
            texts += passage_texts(held.document, held.passages)
        empty = np.zeros((0, embedder.dimension), dtype=np.float32)
        self._vectors: Vectors = np.concatenate([empty, *(held.vectors for held in documents)])
        self._terms = TermIndex.of([*texts, *beside])
        self._is_mine = np.arange(len(texts) + len(beside)) < len(texts)
        digests = "".join(stored.document.location + stored.document.digest for stored in self._documents)
        self.digest = hashlib.sha256(digests.encode()).hexdigest()

    def __len__(self) -> int:
        return len(self._document_of_row)

    @property
    def documents(self) -> tuple[StoredDocument, ...]:
        """Every document with its passages, in order."""
        return tuple(self._documents)

    @contextmanager
    def steady(self) -> Iterator[None]:
        """It never changes."""
        yield

    def mask(self, keep: Callable[[Document], bool]) -> Mask:
        """See `Searchable`."""
        kept = [keep(stored.document) for stored in self._documents]
        return np.array([kept[key] for key in self._document_of_row], dtype=np.bool_)

    def nearest(self, vector: Vectors, limit: int, *, among: Mask | None = None) -> list[tuple[int, float]]:
        """See `Searchable`."""
        similar = self._vectors @ vector
        rows = np.arange(len(self)) if among is None else np.flatnonzero(among)
        best = rows[np.lexsort((rows, -similar[rows]))][:limit]
        return [(int(row), float(similar[row])) for row in best]

    def best_by_terms(self, question: str, limit: int, *, among: Mask | None = None) -> list[tuple[int, float]]:
        """See `Searchable`."""
        mine = self._is_mine.copy()
        if among is not None:
            mine[: len(self)] &= among
        return self._terms.best(question, limit, among=mine)

    def brief(self, row: int) -> Document:
        """See `Searchable`."""
        return self.stored(row).document

    def document_key(self, row: int) -> int:
        """See `Searchable`."""
        return self._document_of_row[row]

    def page_size(self, row: int) -> int:
        """See `Searchable`."""
        return len(self.stored(row).rows)

    def passage(self, row: int) -> Passage:
        """See `Searchable`."""
        stored = self.stored(row)
        return stored.passages[row - stored.rows[0]]

    def stored(self, row: int) -> StoredDocument:
        """See `Searchable`."""
        return self._documents[self._document_of_row[row]]

    def passage_id(self, row: int) -> str:
        """See `Searchable`."""
        stored = self.stored(row)
        return passage_id(stored.document.location, row - stored.rows[0])
