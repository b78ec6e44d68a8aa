"""What a search needs of an index, whether it is kept in a folder, held in memory or made of two."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from assistant.documents import Document
from assistant.index.embeddings import Embedder, Vectors
from assistant.index.index import Mask
from assistant.index.open_state import StoredDocument
from assistant.index.passages import Passage


class Searchable(Protocol):
    """Passages numbered from 0, with vectors and terms; see `Index`, which says what each method gives."""

    @property
    def embedder(self) -> Embedder:
        """What the vectors were made with."""

    @property
    def digest(self) -> str:
        """Names exactly what it holds."""

    def __len__(self) -> int:
        """How many passages."""

    def steady(self) -> AbstractContextManager[None]:
        """Keep everything as it is for this thread while one question is answered."""

    def mask(self, keep: Callable[[Document], bool]) -> Mask:
        """True for the rows of documents that `keep` accepts."""

    def nearest(self, vector: Vectors, limit: int, *, among: Mask | None = None) -> list[tuple[int, float]]:
        """Rows nearest to a vector, as (row, cosine similarity), best first."""

    def best_by_terms(self, question: str, limit: int, *, among: Mask | None = None) -> list[tuple[int, float]]:
        """Rows best by BM25, as (row, score), best first."""

    def brief(self, row: int) -> Document:
        """The document of a row; its text may be missing."""

    def document_key(self, row: int) -> int:
        """Names the document of a row."""

    def page_size(self, row: int) -> int:
        """How many passages the document of a row has."""

    def passage(self, row: int) -> Passage:
        """The passage of a row."""

    def stored(self, row: int) -> StoredDocument:
        """The whole document of a row, with its passages."""

    def passage_id(self, row: int) -> str:
        """A name for the passage of a row."""
