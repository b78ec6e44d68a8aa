"""One committed state of the index, open for reading: vectors, terms and documents that belong together.

Each has a connection to the manifest of its own. While questions use a state, that connection keeps looking at the manifest
as it was when they began, so that they can be finished whatever is committed meanwhile. Knows nothing of ranking.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from contextlib import ExitStack, closing
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.documents import Document
from assistant.errors import IndexUnusable
from assistant.hiding import without_secrets
from assistant.index.embeddings import Embedder
from assistant.index.manifest import Manifest
from assistant.index.passages import Passage
from assistant.index.states import States
from assistant.index.terms import TermIndex
from assistant.index.vectors import VectorStore
from assistant.settings import Settings

_REMEMBERED = 256  # documents


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with its passages; `rows[n]` is the row of `passages[n]`."""

    document: Document
    passages: tuple[Passage, ...]
    rows: tuple[int, ...]


class OpenState:
    """A state that may be read by many threads; `hold` and `let_go` go in pairs, one for each question.

    Attributes:
        name: Names the state.
        digest: Names exactly what it holds.
        store: Its vectors.
        terms: Its terms.
        documents: Its documents without text, by key.
        document_keys: The key of each row's document.
        vectors: The name of each row's vector.
        rows_of_vector: The rows that share a vector.
        rows_of_document: The rows of each document, in order.
    """

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        """Open the newest state.

        Raises:
            IndexUnusable: Its files are missing or damaged; perhaps because it has been replaced meanwhile.
        """
        self._lock = threading.RLock()
        self._remembered: OrderedDict[int, StoredDocument] = OrderedDict()
        self._held_by = 0
        self._retired = False
        with ExitStack() as files:
            self._manifest = files.enter_context(closing(Manifest(settings.index_dir / "manifest.sqlite3")))
            with self._manifest.snapshot():
                self.name, identity = self._manifest.state(), self._manifest.meta("id")
                rows = list(self._manifest.rows())
                self.documents: dict[int, Document] = dict(self._manifest.documents())
                self.digest = self._manifest.digest()
            self.document_keys: npt.NDArray[np.int64] = np.array([document for _, document, _ in rows], dtype=np.int64)
            self.vectors = [vector for _, _, vector in rows]
            self.rows_of_vector: dict[str, list[int]] = defaultdict(list)
            self.rows_of_document: dict[int, list[int]] = defaultdict(list)
            for row, (_, document, vector) in enumerate(rows):
                self.rows_of_vector[vector].append(row)
                self.rows_of_document[document].append(row)
            self.terms = _load_terms(self.name, settings, passages=len(rows))
            folder = States(settings.index_dir).vectors(self.name)
            self.store = VectorStore(settings.chroma, folder=folder, embedder=embedder, index_id=identity)
            files.callback(self.store.close)
            _check_vectors(self.store, len(self.rows_of_vector), settings)
            self._files = files.pop_all()

    def hold(self) -> bool:
        """Keep the state whole for one question; False, and nothing is kept, when it is no longer the current one."""
        with self._lock:
            if not self._held_by:
                self._manifest.look()
                if self._manifest.state() != self.name:
                    self._manifest.rollback()
                    return False
            self._held_by += 1
            return True

    def let_go(self) -> None:
        """One question is finished with it."""
        with self._lock:
            self._held_by -= 1
            if not self._held_by:
                self._manifest.rollback()
                if self._retired:
                    self._files.close()

    def retire(self) -> None:
        """Close it as soon as no question uses it."""
        with self._lock:
            self._retired = True
            if not self._held_by:
                self._files.close()

    def stored(self, key: int) -> StoredDocument:
        """The whole document of a key, with its passages."""
        with self._lock:
            if key in self._remembered:
                self._remembered.move_to_end(key)
                return self._remembered[key]
            document = self._manifest.document(key)
            if document is None:  # only for those who ask without holding the state
                raise IndexUnusable("The index was changed while the question was being answered. Ask again.")
            passages = tuple(passage for _, passage in self._manifest.passages(key, text=document.text))
            stored = StoredDocument(document, passages, tuple(self.rows_of_document[key]))
            self._remembered[key] = stored
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
            return stored

    def nearest(self, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """The names nearest to a vector among this state's, with cosine similarity, best first.

        A server also keeps the vectors of the state before, and already has those of the next while it is being made: they
        are passed over, and more are asked for in their place.
        """
        asked, wanted = limit, min(limit, len(self.rows_of_vector))
        while True:
            found = self.store.nearest(vector, asked)
            known = [pair for pair in found if pair[0] in self.rows_of_vector]
            if len(known) >= wanted or len(found) < asked:
                return known[:limit]
            asked *= 2


def _load_terms(name: str, settings: Settings, *, passages: int) -> TermIndex:
    states = States(settings.index_dir)
    if not states.exists(name):
        raise IndexUnusable(
            f"The index in {settings.index_dir} has lost the folder of its state {name!r}. Run `bernard ingest` "
            "on the same paths to make it again."
        )
    terms = TermIndex.load(states.terms(name))
    if terms.size != passages:
        raise IndexUnusable(
            f"The terms in {states.terms(name)} are of {terms.size:,} passages, and the index has {passages:,}. Run "
            "`bernard ingest --rebuild` on the same paths."
        )
    return terms


def _check_vectors(store: VectorStore, needed: int, settings: Settings) -> None:
    kept = store.count()
    if kept < needed:
        where = (
            f"at {without_secrets(settings.chroma.url)}" if settings.chroma.url else f"in {settings.index_dir / 'states'}"
        )
        raise IndexUnusable(
            f"The index in {settings.index_dir} needs {needed:,} vectors, and there are {kept:,} {where}. Run `bernard "
            "ingest` on the same paths to make them again, or set BERNARD_CHROMA__URL back to where they are."
        )
