"""The vectors, in Chroma: embedded in the data folder by default, on a Chroma server by one setting.

A vector is kept under a name made of the text it stands for, so it is written once and never changed; everything else
about a passage is in the manifest. Knows nothing of passages or documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from assistant.errors import BernardError, IndexUnusable, SettingsError, is_write_refused, not_writable
from assistant.hiding import without_secrets
from assistant.index.embeddings import Embedder, Vectors
from assistant.settings import ChromaSettings

_DATABASE = "chroma.sqlite3"
_BATCH = 5000  # Chroma refuses more than 5,461 at once
_NEIGHBOURS = {
    "space": "cosine",  # Chroma's default is squared l2
    "ef_construction": 100,
    "ef_search": 400,  # finds .992 of the true 200 nearest of 30,000 passages, in 2.5 ms
    "max_neighbors": 16,
}
SAME_TEXT = 0.995
"""Least cosine similarity of a vector with itself made on another machine; other texts stay far below."""
_EMBEDDED_ONLY = {"num_threads": 1}  # several threads build another graph each time, so answers could differ between runs


class VectorStore:
    """Names and vectors of one embedding model, with cosine similarity."""

    def __init__(
        self, settings: ChromaSettings, *, folder: Path, embedder: Embedder, index_id: str = "", create: bool = True
    ) -> None:
        """Open or create the collection for `embedder`'s model.

        Args:
            settings: Where the vectors are.
            folder: Where they are when there is no server.
            embedder: Makes the vectors.
            index_id: Tells this index's vectors from another's on one server; see `Manifest.identity`.
            create: Make what is missing; else a missing folder or collection is an error.

        Raises:
            IndexUnusable: The Chroma server does not answer; every other method may raise it too.
        """
        import chromadb

        hnsw: dict[str, Any] = dict(_NEIGHBOURS)
        self._folder = folder
        self._where = (
            f"The Chroma server at {without_secrets(settings.url)}" if settings.url else f"The vector store in {folder}"
        )
        self._remedy = "Run `bernard doctor`."
        if settings.url:
            self._remedy = "Check that `chroma run` is up and BERNARD_CHROMA__URL is right."
        with self._plainly("opened"):
            if settings.url:
                self._client: Any = _server(settings)
            else:
                if not create and not (folder / _DATABASE).is_file():
                    raise IndexUnusable(f"{self._where} is missing.")
                folder.mkdir(parents=True, exist_ok=True)
                self._client = chromadb.PersistentClient(str(folder), settings=_quiet())
                hnsw |= _EMBEDDED_ONLY
            self._name = f"{settings.collection}-{_slug(embedder.name)}"
            if settings.url and index_id:
                self._name += f"-{index_id}"
            if create:
                self._collection = self._client.get_or_create_collection(
                    self._name, configuration={"hnsw": hnsw}, embedding_function=None
                )
            else:
                self._collection = self._client.get_collection(self._name, embedding_function=None)

    @contextmanager
    def _plainly(self, what: str = "used") -> Iterator[None]:
        """Whatever Chroma and its HTTP client raise, in words that say where and what to do."""
        try:
            yield
        except BernardError:
            raise
        except Exception as error:
            if is_write_refused(error):
                raise IndexUnusable(f"{self._where} could not be {what}. {not_writable(self._folder)}") from error
            why = str(error)[:300].rstrip(".")
            raise IndexUnusable(f"{self._where} could not be {what}: {why}. {self._remedy}") from error

    def close(self) -> None:
        """Let go of the files or of the connection."""
        self._client.close()
        for client in (self._client, self._client._admin_client):  # chromadb 1.5 opens a session for each and closes neither
            session = getattr(client._server, "_session", None)
            if session is not None:
                session.close()

    def missing(self, names: Sequence[str]) -> list[str]:
        """Those of `names` that have no vector yet, in order."""
        known: set[str] = set()
        for batch in _batches(names):
            with self._plainly():
                known.update(self._collection.get(ids=batch, include=[])["ids"])
        return [name for name in names if name not in known]

    def add(self, names: Sequence[str], vectors: Vectors) -> None:
        """Keep new vectors; a name that is there already is left as it is."""
        for start in range(0, len(names), _BATCH):
            stop = start + _BATCH
            with self._plainly():
                self._collection.add(ids=list(names[start:stop]), embeddings=vectors[start:stop])

    def replace(self, names: Sequence[str], vectors: Vectors) -> None:
        """Keep these vectors instead of what was kept under their names; a reader sees one or the other."""
        for start in range(0, len(names), _BATCH):
            stop = start + _BATCH
            with self._plainly():
                self._collection.upsert(ids=list(names[start:stop]), embeddings=vectors[start:stop])

    def remove(self, names: Sequence[str]) -> None:
        """Forget vectors."""
        for batch in _batches(names):
            with self._plainly():
                self._collection.delete(ids=batch)

    def names(self) -> set[str]:
        """The names of all vectors kept."""
        with self._plainly():
            return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        """How many vectors are kept."""
        with self._plainly():
            return int(self._collection.count())

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """The names nearest to one vector (shape `(dimension,)`), with cosine similarity, best first."""
        limit = min(limit, self.count())
        if not limit:
            return []
        with self._plainly():
            found = self._collection.query(query_embeddings=vector[None, :], n_results=limit, include=["distances"])
        return [(name, 1.0 - distance) for name, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def similarities(self, vector: Vectors, names: Sequence[str]) -> dict[str, float]:
        """Exact cosine similarity of one vector to each named one; names without a vector are left out."""
        similarities: dict[str, float] = {}
        for batch in _batches(names):
            with self._plainly():
                found = self._collection.get(ids=batch, include=["embeddings"])
            if len(found["ids"]):
                scores = np.asarray(found["embeddings"], dtype=np.float32) @ vector
                similarities.update(zip(found["ids"], map(float, scores), strict=True))
        return similarities

    def vectors(self, names: Sequence[str]) -> dict[str, Vectors]:
        """The vector of each name, as kept; names without a vector are left out."""
        kept: dict[str, Vectors] = {}
        for batch in _batches(names):
            with self._plainly():
                found = self._collection.get(ids=batch, include=["embeddings"])
            if len(found["ids"]):
                kept.update(zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True))
        return kept

    def drop(self) -> None:
        """Forget everything, to be built anew."""
        self._client.delete_collection(self._name)


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    ordered = list(names)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _quiet() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _server(settings: ChromaSettings) -> Any:
    import chromadb

    address = urlsplit(settings.url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise SettingsError(f"BERNARD_CHROMA__URL is {settings.url!r}; give an address such as http://chroma:8000.")
    token = settings.token.get_secret_value()
    return chromadb.HttpClient(
        host=address.hostname,
        port=address.port or (443 if address.scheme == "https" else 8000),
        ssl=address.scheme == "https",
        headers={"Authorization": f"Bearer {token}"} if token else None,
        settings=_quiet(),
    )


def _slug(name: str) -> str:
    return "".join(character if character.isascii() and character.isalnum() else "-" for character in name).strip("-")
