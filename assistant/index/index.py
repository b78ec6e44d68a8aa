"""The index, open for questions: vectors, terms and manifest seen as one numbered list of passages.

A row is a passage's number, the same in the terms and here. Knows nothing of questions or of ranking.
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt

from assistant.documents import Document
from assistant.errors import IndexMismatch, IndexMissing, IndexUnusable
from assistant.index.embeddings import Embedder, Vectors, make_embedder
from assistant.index.manifest import Manifest
from assistant.index.passages import Passage, splitter_fingerprint
from assistant.index.states import States
from assistant.index.terms import TermIndex
from assistant.index.vectors import VectorStore
from assistant.settings import Settings

_TRIES = 5  # of opening the newest state, while others replace it
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with its passages; `rows[n]` is the row of `passages[n]`."""

    document: Document
    passages: tuple[Passage, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class _State:
    """One committed state of the index; its files are never changed, so any number of processes may read it."""

    name: str
    store: VectorStore
    terms: TermIndex
    digest: str
    documents: dict[int, Document]
    passage_keys: npt.NDArray[np.int64]
    document_keys: npt.NDArray[np.int64]
    vectors: list[str]
    rows_of_vector: dict[str, list[int]]
    rows_of_document: dict[int, list[int]]


class Index:
    """Opens an index for reading; close it, or use it in a `with` statement."""

    def __init__(self, settings: Settings, *, embedder: Embedder | None = None) -> None:
        """Open the index in `settings.data_dir`.

        Args:
            settings: Where the index is and how it was made.
            embedder: Embeds questions; made from the settings by default.

        Raises:
            IndexMissing: Nothing has been indexed.
            IndexMismatch: Built with another model, splitter or newer version.
            IndexUnusable: It is damaged, or its vectors are not where the settings say.
        """
        path = settings.index_dir / "manifest.sqlite3"
        if not path.is_file():
            raise IndexMissing(
                f"There is no index in {settings.index_dir}. Run `python ingest.py` to index corpus/, or "
                "`python ingest.py FOLDER` for a folder of guidance of your own."
            )
        self._settings = settings
        self._states = States(settings.index_dir)
        with ExitStack() as held:
            self._manifest = held.enter_context(closing(Manifest(path)))
            self.embedder = embedder or make_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
            _check(self._manifest, settings, self.embedder)
            self._reading = threading.RLock()
            self._busy = 0
            self._state = self._load()
            held.callback(self._close_state)
            self._held = held.pop_all()
        self._stored = lru_cache(maxsize=256)(self._load_document)

    def close(self) -> None:
        """Let go of the files."""
        self._held.close()

    def _close_state(self) -> None:
        self._state.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def digest(self) -> str:
        """Names exactly what the index holds."""
        return self._state.digest

    def __len__(self) -> int:
        return len(self._state.vectors)

    @property
    def documents(self) -> list[Document]:
        """Every document, without its text."""
        return list(self._state.documents.values())

    def refresh(self) -> None:
        """See what another process has committed since; costs one look at the manifest."""
        with self._reading:
            if self._manifest.state() != self._state.name:
                before, self._state = self._state, self._load()
                self._stored.cache_clear()
                before.store.close()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Keep rows as they are while one question is answered; what is new is seen when no other is in the middle."""
        with self._reading:
            if not self._busy:
                self.refresh()
            self._busy += 1
        try:
            yield
        finally:
            with self._reading:
                self._busy -= 1

    def mask(self, keep: Callable[[Document], bool]) -> Mask:
        """True for the rows of documents that `keep` accepts; shape `(len(self),)`."""
        kept = [key for key, document in self._state.documents.items() if keep(document)]
        return np.isin(self._state.document_keys, kept)

    def nearest(self, vector: Vectors, limit: int, *, among: Mask | None = None) -> list[tuple[int, float]]:
        """Rows nearest to a vector by cosine similarity, as (row, similarity), best first.

        Texts that stand at several addresses share a vector, so more than `limit` rows may come back.
        """
        state = self._state
        if among is None:
            found = self._state.store.nearest(vector, limit)
        elif among.sum() <= 20 * limit:  # few enough to compare one by one, exactly
            names = sorted({state.vectors[row] for row in np.flatnonzero(among)})
            similar = self._state.store.similarities(vector, names)
            found = sorted(similar.items(), key=lambda item: -item[1])[:limit]
        else:
            share = float(among.mean())
            found = self._state.store.nearest(vector, min(len(self), int(2 * limit / share) + limit))
        rows = [(row, score) for name, score in found for row in state.rows_of_vector.get(name, ())]
        if among is not None:
            rows = [(row, score) for row, score in rows if among[row]][:limit]
        return rows

    def best_by_terms(self, question: str, limit: int, *, among: Mask | None = None) -> list[tuple[int, float]]:
        """Rows best by BM25, as (row, score), best first."""
        return self._state.terms.best(question, limit, among=among)

    def similarities(self, vector: Vectors, rows: list[int]) -> dict[int, float]:
        """Cosine similarity of a vector to each of `rows`."""
        names = {row: self._state.vectors[row] for row in rows}
        similar = self._state.store.similarities(vector, sorted(set(names.values())))
        return {row: similar[name] for row, name in names.items() if name in similar}

    def brief(self, row: int) -> Document:
        """The document of a row, without its text."""
        return self._state.documents[int(self._state.document_keys[row])]

    def document_key(self, row: int) -> int:
        """Names the document of a row within this state of the index."""
        return int(self._state.document_keys[row])

    def page_size(self, row: int) -> int:
        """How many passages the document of a row has."""
        return len(self._state.rows_of_document[self.document_key(row)])

    def passage(self, row: int) -> Passage:
        """The passage of a row."""
        stored = self.stored(row)
        return stored.passages[stored.rows.index(row)]

    def stored(self, row: int) -> StoredDocument:
        """The whole document of a row, with its passages."""
        return self._stored(self.document_key(row))

    def passage_id(self, row: int) -> str:
        """A name for the passage of a row that stays while its document stays as it is."""
        first = self._state.rows_of_document[self.document_key(row)][0]
        location = hashlib.sha256(self.brief(row).location.encode()).hexdigest()[:12]
        return f"{location}-{row - first}"

    def _load(self) -> _State:
        """The newest state; one that is replaced while it is being opened is passed over."""
        for _ in range(_TRIES):
            name = self._manifest.state()
            try:
                return self._load_newest()
            except (OSError, IndexUnusable):
                if self._manifest.state() == name:
                    raise
        return self._load_newest()

    def _load_newest(self) -> _State:
        with self._reading, self._manifest.snapshot():
            name, identity = self._manifest.state(), self._manifest.meta("id")
            rows = list(self._manifest.rows())
            documents = dict(self._manifest.documents())
            digest = self._manifest.digest()
        if not self._states.exists(name):
            raise IndexUnusable(
                f"The index in {self._settings.index_dir} has lost the folder of its state {name!r}. Run `bernard ingest` "
                "on the same paths to make it again."
            )
        terms = TermIndex.load(self._states.terms(name))
        if terms.size != len(rows):
            raise IndexUnusable(
                f"The terms in {self._states.terms(name)} are of {terms.size:,} passages, and the index has "
                f"{len(rows):,}. Run `bernard ingest --rebuild` on the same paths."
            )
        rows_of_vector: dict[str, list[int]] = defaultdict(list)
        rows_of_document: dict[int, list[int]] = defaultdict(list)
        for row, (_, document, vector) in enumerate(rows):
            rows_of_vector[vector].append(row)
            rows_of_document[document].append(row)
        folder = self._states.vectors(name)
        store = VectorStore(self._settings.chroma, folder=folder, embedder=self.embedder, index_id=identity)
        try:
            _check_vectors(store, len(rows_of_vector), self._settings)
        except BaseException:
            store.close()
            raise
        return _State(
            name=name,
            store=store,
            terms=terms,
            digest=digest,
            documents=documents,
            passage_keys=np.array([key for key, _, _ in rows], dtype=np.int64),
            document_keys=np.array([document for _, document, _ in rows], dtype=np.int64),
            vectors=[vector for _, _, vector in rows],
            rows_of_vector=dict(rows_of_vector),
            rows_of_document=dict(rows_of_document),
        )

    def _load_document(self, key: int) -> StoredDocument:
        with self._reading:
            document = self._manifest.document(key)
            if document is None:
                raise IndexUnusable("The index was changed while the question was being answered. Ask again.")
            passages = [passage for _, passage in self._manifest.passages(key, text=document.text)]
        return StoredDocument(document, tuple(passages), tuple(self._state.rows_of_document[key]))


def _check(manifest: Manifest, settings: Settings, embedder: Embedder) -> None:
    built_with = manifest.meta("embedder")
    if not built_with or not manifest.state():
        raise IndexMissing(
            f"The index in {settings.index_dir} was never finished, or an earlier version of Bernard made it. Run `python "
            "ingest.py` again; what was embedded is kept."
        )
    if built_with != embedder.name:
        raise IndexMismatch(
            f"The index in {settings.index_dir} was built with the embedding model {built_with}, and the settings "
            f"now name {embedder.name}. Run `bernard ingest` on the same paths to embed it again, or set "
            "BERNARD_EMBEDDING__MODEL back."
        )
    splitter = splitter_fingerprint(settings.passages)
    if manifest.meta("splitter") != splitter:
        raise IndexMismatch(
            f"The index in {settings.index_dir} was split by other rules ({manifest.meta('splitter')}, now {splitter}). Run "
            "`bernard ingest` on the same paths to split it again, or set BERNARD_PASSAGES__TARGET_WORDS back."
        )


def _check_vectors(store: VectorStore, needed: int, settings: Settings) -> None:
    kept = store.count()
    if kept < needed:
        where = f"at {settings.chroma.url}" if settings.chroma.url else f"in {settings.index_dir / 'states'}"
        raise IndexUnusable(
            f"The index in {settings.index_dir} needs {needed:,} vectors, and there are {kept:,} {where}. Run `bernard "
            "ingest` on the same paths to make them again, or set BERNARD_CHROMA__URL back to where they are."
        )
