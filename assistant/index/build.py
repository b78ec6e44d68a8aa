"""Makes the index hold exactly what a set of files and folders holds now.

Order is what makes it safe: vectors are added under new names, then terms are written into a new folder, then the
manifest changes in one commit, and only then is what nobody needs any more removed. Whatever stops the run before the
commit leaves the old state whole; vectors already embedded are found again by the next run.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.documents.library import Found, file_digest, find_files, load_file, read_file
from assistant.errors import IndexUnusable, InputError, UnreadableDocument
from assistant.index.embeddings import Embedder, make_embedder
from assistant.index.lock import IndexLock
from assistant.index.manifest import FileRecord, Manifest
from assistant.index.passages import split, splitter_fingerprint
from assistant.index.terms import TermIndex
from assistant.index.vectors import VectorStore
from assistant.settings import Settings

_EMBED_AT_ONCE = 8192  # texts; bounds memory and what an interruption costs (about half a minute)

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how many are done, how many there are)."""


@dataclass(slots=True)
class IngestReport:
    """What one ingest did; counts are of documents unless named otherwise.

    Attributes:
        skipped: Files without guidance in them, with the reason.
        failed: Files that could not be read, with the reason.
        passages: Passages in the whole index afterwards.
        embedded: Texts that had to be embedded.
        seconds: Wall time.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[FileRecord] = field(default_factory=list)
    failed: list[FileRecord] = field(default_factory=list)
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0

    @property
    def changes(self) -> bool:
        """True when the index holds something else than before."""
        return bool(self.added or self.changed or self.removed)

    def as_json(self) -> dict[str, object]:
        """The counts that `ingest.py --json` prints, with the files behind `skipped` and `failed`."""
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "skipped": len(self.skipped),
            "failed": len(self.failed),
            "passages": self.passages,
            "embedded": self.embedded,
            "seconds": round(self.seconds, 3),
            "skipped_files": [{"file": record.location, "reason": record.reason} for record in self.skipped],
            "failed_files": [{"file": record.location, "reason": record.reason} for record in self.failed],
        }


def ingest(
    paths: Sequence[Path], settings: Settings, *, rebuild: bool = False, wait: float = 0.0, progress: Progress | None = None
) -> IngestReport:
    """Make the index hold exactly what `paths` hold now, leaving other paths as they were.

    Args:
        paths: Files and folders of guidance.
        settings: Where the index is and how it is made.
        rebuild: Forget the whole index first (all paths).
        wait: Seconds to wait for another process that holds the index.
        progress: Told what is being done.

    Raises:
        InputError: A path does not exist or nothing is under it.
        IndexBusy: Another process holds the index.
        IndexMismatch: A newer version of Bernard wrote it.
    """
    started = time.perf_counter()
    files = find_files([path for path in paths if path.exists() or not _was_indexed(path, settings)])
    if not files and not all(_was_indexed(path, settings) for path in paths):
        raise InputError(f"No files were found under {', '.join(map(str, paths))}. Give a folder that holds guidance.")
    lock = IndexLock(settings.index_dir, wait=wait)
    try:
        with _manifest(settings, rebuild=rebuild) as manifest:
            manifest.begin()
            if rebuild:
                manifest.clear()
            report = _ingest(manifest, files, paths, settings, progress or (lambda *_: None))
    finally:
        lock.release()
    report.seconds = time.perf_counter() - started
    return report


def _was_indexed(path: Path, settings: Settings) -> bool:
    """True when something read from here is in the index, so that an empty or deleted folder means: forget it."""
    if not (settings.index_dir / "manifest.sqlite3").is_file():
        return False
    with _manifest(settings) as manifest:
        return any(Path(location).is_relative_to(path.resolve()) for location in manifest.files())


@contextmanager
def _manifest(settings: Settings, *, rebuild: bool = False) -> Iterator[Manifest]:
    path = settings.index_dir / "manifest.sqlite3"
    try:
        manifest = Manifest(path)
    except IndexUnusable:
        if not rebuild:
            raise
        for damaged in settings.index_dir.glob("manifest.sqlite3*"):
            damaged.unlink()
        manifest = Manifest(path)
    try:
        yield manifest
    finally:
        manifest.rollback()
        manifest.close()


def _ingest(
    manifest: Manifest, files: Sequence[Found], paths: Sequence[Path], settings: Settings, progress: Progress
) -> IngestReport:
    report = IngestReport()
    embedder = make_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
    rules = {"embedder": embedder.name, "splitter": splitter_fingerprint(settings.passages)}
    resplit = manifest.meta("splitter") not in {"", rules["splitter"]}
    _forget_missing(manifest, files, paths, report)
    _read(manifest, files, settings, report, progress, everything=resplit)
    if resplit:
        _split_again(manifest, files, settings)
    stale = any(manifest.meta(key) != value for key, value in rules.items()) or not manifest.meta("terms")
    with closing(_open_store(manifest, settings, embedder)) as store:
        lost = store.count() < manifest.count_vectors()  # the settings name another place now, or somebody deleted them
        report.passages = manifest.count_passages()
        if not (report.changes or stale or lost):
            manifest.commit()
            return report
        report.embedded = _embed(manifest, store, embedder, progress)
        terms = _write_terms(manifest, settings.index_dir / "terms", progress)
        for key, value in rules.items():
            manifest.set_meta(key, value)
        manifest.set_meta("terms", terms)
        manifest.set_meta("built", time.strftime("%Y-%m-%dT%H:%M:%S%z"))
        manifest.commit()
        _clear_up(manifest, store, settings.index_dir / "terms", keep=terms)
        return report


def _open_store(manifest: Manifest, settings: Settings, embedder: Embedder) -> VectorStore:
    folder = settings.index_dir / "chroma"
    return VectorStore(settings.chroma, folder=folder, embedder=embedder, index_id=manifest.identity())


def _forget_missing(manifest: Manifest, files: Sequence[Found], paths: Sequence[Path], report: IngestReport) -> None:
    """Remove what was indexed from these paths and is no longer there; what a closed folder holds cannot be told."""
    present = {file.location for file in files}
    roots = [path.resolve() for path in paths]
    closed = [file.path for file in files if file.path.is_dir()]
    for location in manifest.files():
        if any(Path(location).is_relative_to(folder) for folder in closed):
            continue
        if location not in present and any(Path(location).is_relative_to(root) for root in roots):
            report.removed += bool(manifest.document_digest(location))
            manifest.remove(location)


def _read(
    manifest: Manifest,
    files: Sequence[Found],
    settings: Settings,
    report: IngestReport,
    progress: Progress,
    *,
    everything: bool,
) -> None:
    known = manifest.files()
    for number, found in enumerate(files, start=1):
        location = found.location
        try:
            data = load_file(found)
        except UnreadableDocument as error:
            _note(manifest, report, FileRecord(location, found.relative, "", "failed", str(error)))
        else:
            digest = file_digest(found, data)
            before = known.get(location)
            if before and before.digest == digest and not everything:
                _count_again(report, before)
            else:
                _read_one(manifest, report, settings, found, data, digest, again=everything)
        progress("Reading", number, len(files))


def _count_again(report: IngestReport, record: FileRecord) -> None:
    if record.outcome == "indexed":
        report.unchanged += 1
    else:
        (report.failed if record.outcome == "failed" else report.skipped).append(record)


def _note(manifest: Manifest, report: IngestReport, record: FileRecord) -> None:
    """Record a file that gave no document; what it gave before goes."""
    report.removed += bool(manifest.document_digest(record.location))
    manifest.remove_document(record.location)
    manifest.put_file(record)
    (report.failed if record.outcome == "failed" else report.skipped).append(record)


def _read_one(
    manifest: Manifest,
    report: IngestReport,
    settings: Settings,
    found: Found,
    data: bytes,
    digest: str,
    *,
    again: bool,
) -> None:
    location = str(found.path)
    outcome = read_file(found, data)
    if outcome.document is None:
        kind = "failed" if outcome.failed else "skipped"
        _note(manifest, report, FileRecord(location, found.relative, digest, kind, outcome.reason))
        return
    before = manifest.document_digest(location)
    manifest.put_file(FileRecord(location, found.relative, digest, "indexed", ""))
    if before == outcome.document.digest:
        report.unchanged += 1
        if not again:
            return
    report.changed += bool(before) and before != outcome.document.digest
    report.added += not before
    manifest.put_document(outcome.document, split(outcome.document, settings.passages))


def _split_again(manifest: Manifest, files: Iterable[Found], settings: Settings) -> None:
    """Cut the documents of other paths by the new rules too; their text is in the manifest."""
    fresh = {file.location for file in files}
    for key, brief in list(manifest.documents()):
        if brief.location not in fresh:
            document = manifest.document(key) or brief
            manifest.put_document(document, split(document, settings.passages))


def _embed(manifest: Manifest, store: VectorStore, embedder: Embedder, progress: Progress) -> int:
    """Give every passage a vector; equal texts share one, and those already kept are not made again."""
    needed = dict(manifest.embedded_texts())
    names = store.missing(list(needed))
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        progress("Embedding", done, len(names))

    names.sort(key=lambda name: len(needed[name]))  # similar lengths together: less padding
    for start in range(0, len(names), _EMBED_AT_ONCE):
        batch = names[start : start + _EMBED_AT_ONCE]
        store.add(batch, embedder.embed([needed[name] for name in batch], progress=more))
    return len(names)


def _write_terms(manifest: Manifest, folder: Path, progress: Progress) -> str:
    progress("Indexing terms", 0, 1)
    name = f"{manifest.digest()[:16] or 'empty'}-{time.time_ns():x}"
    TermIndex.build((text for _, text in manifest.embedded_texts()), folder / name)
    progress("Indexing terms", 1, 1)
    return name


def _clear_up(manifest: Manifest, store: VectorStore, terms: Path, *, keep: str) -> None:
    """Remove vectors and terms that the manifest no longer names."""
    store.remove(sorted(store.names() - manifest.vector_names()))
    for folder in terms.iterdir():
        if folder.name != keep:
            shutil.rmtree(folder, ignore_errors=True)
