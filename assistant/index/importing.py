"""Makes the index what an exported file holds.

Passages are cut again by the same rules, so each of them and the name of its vector is made here from its text, and the file
can say nothing of them; it matters not whether vectors are in a folder or on a server on either side. Knows nothing of the
file's layout.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.documents import Document
from assistant.documents.exchange import load_whole
from assistant.errors import IndexMismatch, InputError
from assistant.index.archive import DOCUMENTS, FILES, batches_of
from assistant.index.archive_reader import ArchiveReader
from assistant.index.embeddings import Embedder, make_embedder
from assistant.index.exporting import Transfer
from assistant.index.lock import IndexLock
from assistant.index.manifest import FileRecord, Manifest
from assistant.index.next_state import make_state, open_manifest, plainly_when_full
from assistant.index.passages import split, splitter_fingerprint
from assistant.index.reading import Progress
from assistant.index.vectors import SAME_TEXT, VectorStore
from assistant.settings import Settings

_SAMPLE = 32  # vectors made again and compared, so that another model under the same name is noticed
_OUTCOMES = {"indexed", "skipped", "failed"}
_ROOM = 3  # times the unpacked size: manifest, its log of changes, and vectors in Chroma


def import_index(
    path: Path,
    settings: Settings,
    *,
    replace_other: bool = False,
    moved: Sequence[tuple[str, str]] = (),
    wait: float = 0.0,
    progress: Progress | None = None,
) -> Transfer:
    """Make the index what an exported file holds; everything is checked first, and takes effect in one commit.

    Args:
        path: What `export_index` wrote.
        settings: Where the index is.
        replace_other: Also when the index holds other guidance now, which is then forgotten.
        moved: Folders that have another place on this machine, as (there, here); the first that fits is taken. Locations
            below none of them stay as they were.
        wait: Seconds to wait for another process that changes the index.
        progress: Told what is being done.

    Raises:
        InputError: The file is not sound, or other guidance would be replaced.
        IndexMismatch: It was made with another embedding model or other splitting rules than the settings name.
        IndexBusy: Another process is changing the index.
    """
    told = progress or (lambda *_: None)
    embedder = make_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
    with ArchiveReader(path) as archive:
        _check_fits(archive, settings, embedder)
        archive.check(lambda done, total: told("Checking", done, total))
        is_new = not (settings.index_dir / "manifest.sqlite3").is_file()
        with plainly_when_full(settings), closing(IndexLock(settings.index_dir, wait=wait)):
            _check_room(archive, settings)
            try:
                with open_manifest(settings, rebuild=replace_other) as manifest:
                    return _import(archive, manifest, settings, embedder, told, replace_other=replace_other, moved=moved)
            except BaseException:
                if is_new:
                    _forget_unfinished(settings)
                raise


def _import(
    archive: ArchiveReader,
    manifest: Manifest,
    settings: Settings,
    embedder: Embedder,
    progress: Progress,
    *,
    replace_other: bool,
    moved: Sequence[tuple[str, str]],
) -> Transfer:
    about = archive.about
    held = manifest.count_documents()
    if held and manifest.digest() != about.digest and not replace_other:
        raise InputError(
            f"The index in {settings.index_dir} holds other guidance ({held:,} documents), which an import would replace. "
            "Give --replace to do that, or another BERNARD_DATA_DIR to keep both."
        )
    manifest.identity()
    manifest.begin()
    before = manifest.vector_names()
    manifest.clear()
    manifest.set_meta("embedder", embedder.name)
    manifest.set_meta("splitter", about.splitter)
    count = _put_files(archive, manifest, moved)
    _put_documents(archive, manifest, settings, moved, progress)
    names = archive.vector_names()
    _check_whole(archive, manifest, names)
    _check_sample(archive, manifest, names, embedder)

    def fill(store: VectorStore) -> int:
        done = 0
        for batch, vectors in zip(batches_of(names), archive.vectors(), strict=True):
            missing = set(store.missing(batch))
            chosen = [row for row, name in enumerate(batch) if name in missing]
            if chosen:
                store.add([batch[row] for row in chosen], vectors[chosen])
            done += len(batch)
            progress("Adding vectors", done, len(names))
        return 0

    make_state(manifest, settings, embedder, progress, still_read=before, fresh=True, fill=fill, built=about.built)
    return Transfer(about.digest, about.documents, about.passages, about.vectors, archive.size, count)


def _forget_unfinished(settings: Settings) -> None:
    """Where there was no index, there is none."""
    with open_manifest(settings) as manifest:
        finished = bool(manifest.state())
    if not finished:
        for file in settings.index_dir.glob("manifest.sqlite3*"):
            file.unlink()


def _check_fits(archive: ArchiveReader, settings: Settings, embedder: Embedder) -> None:
    about, splitter = archive.about, splitter_fingerprint(settings.passages)
    if about.embedder != embedder.name or about.dimension != embedder.dimension:
        raise IndexMismatch(
            f"The exported index was built with the embedding model {about.embedder} ({about.dimension} numbers), and the "
            f"settings here name {embedder.name} ({embedder.dimension}). Set BERNARD_EMBEDDING__MODEL to the same model, or "
            "run `bernard ingest` on the guidance itself."
        )
    if about.splitter != splitter:
        raise IndexMismatch(
            f"The exported index was split by other rules ({about.splitter}, here {splitter}). Use the same version of "
            "Bernard with the same BERNARD_PASSAGES__TARGET_WORDS and __MAX_WORDS on both machines."
        )


def _check_room(archive: ArchiveReader, settings: Settings) -> None:
    needed, free = _ROOM * archive.unpacked, shutil.disk_usage(settings.index_dir).free
    if needed > free:
        raise InputError(
            f"Importing this index needs about {needed / 2**20:,.0f} MiB in {settings.index_dir}, and the disk has "
            f"{free / 2**20:,.0f}. Free some space, or set BERNARD_DATA_DIR to a larger disk."
        )


def _put_files(archive: ArchiveReader, manifest: Manifest, moved: Sequence[tuple[str, str]]) -> int:
    """What became of each file; returns how many of them are elsewhere on this machine."""
    count = 0
    seen: set[str] = set()
    for line in archive.lines(FILES):
        try:
            record = FileRecord(**line)
        except TypeError:
            raise archive.refusal(f"a line of {FILES} is not as Bernard writes it") from None
        if not all(isinstance(value, str) for value in asdict(record).values()) or record.outcome not in _OUTCOMES:
            raise archive.refusal(f"a line of {FILES} is not as Bernard writes it")
        location = _location_here(record.location, moved)
        if location in seen:
            raise _twice(location)
        seen.add(location)
        count += location != record.location
        with _kept(archive):
            manifest.put_file(replace(record, location=location))
    if len(seen) != archive.about.files:
        raise archive.refusal(f"{FILES} does not hold {archive.about.files:,} files")
    return count


def _put_documents(
    archive: ArchiveReader, manifest: Manifest, settings: Settings, moved: Sequence[tuple[str, str]], progress: Progress
) -> None:
    read = {location for location, record in manifest.files().items() if record.outcome == "indexed"}
    for number, line in enumerate(archive.lines(DOCUMENTS), start=1):
        document = _document(archive, line, number)
        document = replace(document, location=_location_here(document.location, moved))
        if manifest.document_digest(document.location):
            raise _twice(document.location)
        if document.location not in read:
            raise archive.refusal(f"{FILES} says nothing of the document {document.location!r}")
        with _kept(archive):
            manifest.put_document(document, split(document, settings.passages))
        progress("Reading documents", number, archive.about.documents)
    if manifest.count_documents() != archive.about.documents or len(read) != archive.about.documents:
        raise archive.refusal(f"{DOCUMENTS} does not hold {archive.about.documents:,} documents")


def _document(archive: ArchiveReader, line: Any, number: int) -> Document:
    try:
        if set(line) != {"digest", "fields", "text", "blocks"}:
            raise ValueError
        document = _Whole(document=load_whole(line)).document
        if document.digest != line["digest"]:
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, ValidationError):
        raise archive.refusal(f"document {number:,} is not as Bernard writes it") from None
    return document


class _Whole(BaseModel):
    """A document each of whose fields has the type that it says."""

    model_config = ConfigDict(strict=True, revalidate_instances="always")

    document: Document


@contextmanager
def _kept(archive: ArchiveReader) -> Iterator[None]:
    try:
        yield
    except (ValueError, OverflowError):  # half of a surrogate pair, a number beyond 64 bits
        raise archive.refusal("it holds text that cannot be kept") from None


def _check_whole(archive: ArchiveReader, manifest: Manifest, names: Sequence[str]) -> None:
    """What was read is the index that the file says it is, with a vector for each passage and no other."""
    about = archive.about
    if manifest.digest() != about.digest:
        raise archive.refusal("its documents are not those of the index it names")
    needed = manifest.vector_names()
    if manifest.count_passages() != about.passages or sorted(needed) != list(names):
        raise archive.refusal(
            f"its vectors are not those of its passages ({len(needed - set(names)):,} are lacking, and "
            f"{len(set(names) - needed):,} belong to none)"
        )


def _check_sample(archive: ArchiveReader, manifest: Manifest, names: Sequence[str], embedder: Embedder) -> None:
    """Some vectors, evenly spread, are made again and compared; all of them are looked at for length and number."""
    texts = dict(manifest.embedded_texts())
    chosen = range(0, len(names), max(1, len(names) // _SAMPLE))
    kept = {names[row]: np.empty(0) for row in chosen}
    for batch, vectors in zip(batches_of(names), archive.vectors(), strict=True):
        kept.update((name, vector) for name, vector in zip(batch, vectors, strict=True) if name in kept)
    for name, made in zip(kept, embedder.embed([texts[name] for name in kept]), strict=True):
        similarity = float(made @ kept[name])
        if similarity < SAME_TEXT:
            raise archive.refusal(f"the vector of the text {texts[name][:60]!r} is of another text or another model")


def _location_here(location: str, moved: Sequence[tuple[str, str]]) -> str:
    for old, here in moved:
        there = old.rstrip("/")
        if location == there or location.startswith(there + "/"):
            return os.path.abspath(here).rstrip("/") + location[len(there) :]  # noqa: PTH100 - the folder need not exist here
    return location


def _twice(location: str) -> InputError:
    return InputError(
        f"Two files of the exported index would have the location {location!r}. Check what --moved maps to where."
    )
