"""Compares the parts of an index with each other: manifest, vectors in Chroma, and terms. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np

from assistant.errors import BernardError, IndexMissing
from assistant.index.embeddings import Embedder, make_embedder
from assistant.index.manifest import Manifest
from assistant.index.passages import embedded_text, vector_id
from assistant.index.states import States
from assistant.index.terms import TermIndex, texts_fingerprint
from assistant.index.vectors import VectorStore
from assistant.settings import Settings

_SAMPLE = 32
"""Vectors made again and compared with those kept."""
_SAME = 0.995
"""Cosine similarity of a vector with itself made on another machine; texts that differ stay far below."""


def verify(settings: Settings) -> Iterator[str]:
    """Every disagreement found, each as a sentence that names the part and the document.

    Raises:
        IndexMissing: There is no index.
    """
    path = settings.index_dir / "manifest.sqlite3"
    if not path.is_file():
        raise IndexMissing(f"There is no index in {settings.index_dir}. Run `bernard ingest` to make one.")
    embedder = make_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
    with closing(Manifest(path)) as manifest, manifest.snapshot():
        yield from _documents(manifest)
        yield from _terms(manifest, settings)
        try:
            yield from _vectors(manifest, settings, embedder)
        except BernardError as error:
            yield f"The vectors cannot be opened: {error}"


def _documents(manifest: Manifest) -> Iterator[str]:
    """Each document against its digest and each passage against its document."""
    damage = manifest.damage()
    if damage:
        yield f"The manifest is damaged: {damage}."
        return
    for key, brief in list(manifest.documents()):
        document = manifest.document(key)
        if document is None or document.digest != manifest.document_digest(brief.location):
            yield f"{brief.location}: what is kept of this document is not what was read."
            continue
        vectors = manifest.vectors_of(key)
        for (_, passage), vector in zip(manifest.passages(key, text=document.text), vectors, strict=True):
            stated = vector_id(embedded_text(document.title, passage.headings, passage.context, passage.text))
            if stated != vector:
                yield f"{brief.location}: passage {passage.ordinal} names the vector of another text."


def _terms(manifest: Manifest, settings: Settings) -> Iterator[str]:
    folder, passages = States(settings.index_dir).terms(manifest.state()), manifest.count_passages()
    try:
        terms = TermIndex.load(folder)
        fingerprint = TermIndex.fingerprint(folder)
    except Exception as error:  # noqa: BLE001 - whatever the libraries raise on damaged files
        yield f"The terms cannot be loaded ({type(error).__name__}: {error})."
        return
    if terms.size != passages:
        yield f"The terms are of {terms.size:,} passages, and the manifest names {passages:,}."
    elif fingerprint != texts_fingerprint([text for _, text in manifest.embedded_texts()]):
        yield "The terms are of other texts than the manifest's passages."


def _vectors(manifest: Manifest, settings: Settings, embedder: Embedder) -> Iterator[str]:
    folder = States(settings.index_dir).vectors(manifest.state())
    with closing(VectorStore(settings.chroma, folder=folder, embedder=embedder, index_id=manifest.meta("id"))) as store:
        kept, needed = store.names(), dict(manifest.embedded_texts())
        for name in sorted(needed.keys() - kept):
            yield f"Chroma lacks the vector {name[:12]} of the text {needed[name][:80]!r}."
        extra = len(kept - needed.keys())
        if extra and not settings.chroma.url:  # a server keeps those of the state before, for its readers
            yield f"Chroma holds {extra:,} vectors that no passage needs."
        sample = sorted(needed.keys() & kept)[:: max(1, len(needed) // _SAMPLE)]
        made = embedder.embed([needed[name] for name in sample]) if sample else np.empty((0, 0))
        for name, vector in zip(sample, made, strict=True):
            similarity = store.similarities(vector, [name]).get(name, 0.0)
            if similarity < _SAME:
                yield f"The vector {name[:12]} is not of its text {needed[name][:80]!r} (similarity {similarity:.3f})."
