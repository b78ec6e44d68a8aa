"""The index, open for questions: vectors, terms and manifest seen as one numbered list of passages.

A row is a passage's number, the same in the terms and here. Knows nothing of questions or of ranking.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Self

import numpy as np
import numpy.typing as npt

from assistant.documents import Document
from assistant.errors import IndexMismatch, IndexMissing, IndexUnusable
from assistant.index.embeddings import Embedder, Vectors, make_embedder
from assistant.index.manifest import Manifest
from assistant.index.open_state import OpenState, StoredDocument
from assistant.index.passages import Passage, passage_id, splitter_fingerprint
from assistant.settings import Settings

_TRIES = 5  # of opening the newest state, while others replace it
Mask = npt.NDArray[np.bool_]


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
                f"There is no index in {settings.index_dir}. Run `bernard ingest` to index corpus/, or "
                "`bernard ingest FOLDER` for a folder of guidance of your own."
            )
        self._settings = settings
        with ExitStack() as held:
            self._manifest = held.enter_context(closing(Manifest(path)))
            self.embedder = embedder or make_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
            _check(self._manifest, settings, self.embedder)
            self._changing = threading.RLock()
            self._newest = self._load()
            self._held = held.pop_all()
        self._mine = _Held()

    def close(self) -> None:
        """Let go of the files; a question in another thread may finish first."""
        self._newest.retire()
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _state(self) -> OpenState:
        """The state that this thread's question holds, or the newest one seen."""
        return self._mine.state or self._newest

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
        with self._changing:
            if self._manifest.state() != self._newest.name:
                before, self._newest = self._newest, self._load()
                before.retire()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Keep everything as it is for this thread while one question is answered.

        Every question begins with the newest state, also when others, in other threads, are in the middle of an older one.
        """
        if self._mine.state:  # one step of a larger question
            yield
            return
        state = self._hold_newest()
        self._mine.state = state
        try:
            yield
        finally:
            self._mine.state = None
            state.let_go()

    def _hold_newest(self) -> OpenState:
        with self._changing:
            for _ in range(_TRIES):
                self.refresh()
                if self._newest.hold():
                    return self._newest
        raise IndexUnusable("The index is being changed again and again. Ask once more when that has ended.")

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
            found = self._state.nearest(vector, limit)
        elif among.sum() <= 20 * limit:  # few enough to compare one by one, exactly
            names = sorted({state.vectors[row] for row in np.flatnonzero(among)})
            similar = self._state.store.similarities(vector, names)
            found = sorted(similar.items(), key=lambda item: -item[1])[:limit]
        else:
            share = float(among.mean())
            found = self._state.nearest(vector, min(len(self), int(2 * limit / share) + limit))
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
        return self._state.stored(self.document_key(row))

    def passage_id(self, row: int) -> str:
        """A name for the passage of a row that stays while its document stays as it is."""
        first = self._state.rows_of_document[self.document_key(row)][0]
        return passage_id(self.brief(row).location, row - first)

    def _load(self) -> OpenState:
        """The newest state; one that is replaced while it is being opened is passed over."""
        for _ in range(_TRIES):
            name = self._manifest.state()
            try:
                return OpenState(self._settings, self.embedder)
            except (OSError, IndexUnusable):
                if self._manifest.state() == name:
                    raise
        return OpenState(self._settings, self.embedder)


class _Held(threading.local):
    """The state that a thread's question holds."""

    state: OpenState | None = None


def _check(manifest: Manifest, settings: Settings, embedder: Embedder) -> None:
    built_with = manifest.meta("embedder")
    if not built_with or not manifest.state():
        raise IndexMissing(
            f"The index in {settings.index_dir} was never finished, or an earlier version of Bernard made it. Run `bernard "
            "ingest` again; what was embedded is kept."
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
