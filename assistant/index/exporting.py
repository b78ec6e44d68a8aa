"""Carries a whole index out into one file: documents, what became of each file, and vectors by name.

Passages, terms and Chroma's own files are not carried; `importing` makes them anew. Knows nothing of the file's layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from assistant.documents.exchange import dump_whole
from assistant.errors import IndexMismatch, IndexMissing, IndexUnusable
from assistant.index.archive import DOCUMENTS, FILES, NAMES, ArchiveWriter, batches_of, names_of_vector_members
from assistant.index.embeddings import Embedder, make_embedder
from assistant.index.lock import IndexLock
from assistant.index.manifest import Manifest
from assistant.index.reading import Progress
from assistant.index.states import States
from assistant.index.vectors import VectorStore
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was carried.

    Attributes:
        digest: The digest of the index, the same on both machines.
        documents: How many documents it holds.
        passages: How many passages.
        vectors: How many vectors.
        size: Bytes of the file.
        moved: Files whose location was changed on the way.
    """

    digest: str
    documents: int
    passages: int
    vectors: int
    size: int
    moved: int = 0


def export_index(path: Path, settings: Settings, *, wait: float = 0.0, progress: Progress | None = None) -> Transfer:
    """Write the whole index into one file; the same index makes the same file.

    Args:
        path: The file; an index exported to it before is replaced.
        settings: Where the index is.
        wait: Seconds to wait for another process that changes the index.
        progress: Told what is being done.

    Raises:
        IndexMissing: There is no index.
        IndexBusy: Another process is changing the index.
        IndexUnusable: It is damaged, so that a copy would be too.
        InputError: The file cannot be written there.
    """
    told = progress or (lambda *_: None)
    source = settings.index_dir / "manifest.sqlite3"
    if not source.is_file():
        raise IndexMissing(f"There is no index in {settings.index_dir}. Run `bernard ingest` to make one.")
    embedder = make_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
    with closing(IndexLock(settings.index_dir, wait=wait)), closing(Manifest(source)) as manifest, manifest.snapshot():
        _check_exportable(manifest, settings, embedder)
        folder = States(settings.index_dir).vectors(manifest.state())
        with (
            closing(
                VectorStore(settings.chroma, folder=folder, embedder=embedder, index_id=manifest.meta("id"), create=False)
            ) as store,
            ArchiveWriter(path) as archive,
        ):
            files = archive.add_lines(FILES, (asdict(record) for _, record in sorted(manifest.files().items())))
            documents = archive.add_lines(DOCUMENTS, _documents(manifest, told))
            names = sorted(manifest.vector_names())
            archive.add(NAMES, (f"{name}\n".encode() for name in names))
            _add_vectors(archive, store, names, told)
            passages = manifest.count_passages()
            size = archive.finish(
                digest=manifest.digest(),
                embedder=embedder.name,
                dimension=embedder.dimension,
                splitter=manifest.meta("splitter"),
                built=manifest.meta("built"),
                files=files,
                documents=documents,
                passages=passages,
                vectors=len(names),
            )
        return Transfer(manifest.digest(), documents, passages, len(names), size)


def _check_exportable(manifest: Manifest, settings: Settings, embedder: Embedder) -> None:
    if not manifest.state():
        raise IndexMissing(f"The index in {settings.index_dir} was never finished. Run `bernard ingest` again.")
    if manifest.meta("embedder") != embedder.name:
        raise IndexMismatch(
            f"The index in {settings.index_dir} was built with the embedding model {manifest.meta('embedder')}, and the "
            f"settings now name {embedder.name}. Set BERNARD_EMBEDDING__MODEL back to export it as it is."
        )


def _documents(manifest: Manifest, progress: Progress) -> Iterator[dict[str, str]]:
    """Every document in row order, so that rows, and with them ties between passages, are the same on the other machine."""
    listed = list(manifest.documents())
    for number, (key, brief) in enumerate(listed, start=1):
        document = manifest.document(key)
        digest = manifest.document_digest(brief.location)
        if document is None or document.digest != digest:
            raise IndexUnusable(
                f"What the index keeps of {brief.location} is not what was read, so it is not exported. `bernard index "
                "verify` names all that is damaged."
            )
        yield {"digest": digest, **dump_whole(document)}
        progress("Writing documents", number, len(listed))


def _add_vectors(archive: ArchiveWriter, store: VectorStore, names: Sequence[str], progress: Progress) -> None:
    done = 0
    for member, batch in zip(names_of_vector_members(len(names)), batches_of(names), strict=True):
        kept = store.vectors(batch)
        lost = [name for name in batch if name not in kept]
        if lost:
            raise IndexUnusable(
                f"Chroma lacks {len(lost):,} of the index's vectors, so it cannot be exported. Run `bernard index rebuild`."
            )
        archive.add_vectors(member, np.stack([kept[name] for name in batch]))
        done += len(batch)
        progress("Writing vectors", done, len(names))
