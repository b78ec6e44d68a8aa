"""Makes the index hold exactly what a set of files and folders holds now.

Documents and passages are changed in the manifest, without committing; `next_state` makes vectors and terms follow beside
the current state, and commits. Knows nothing of how a file is read, nor of Chroma and BM25.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from assistant.documents.library import Found, find_files
from assistant.errors import IndexMissing, IndexUnusable, InputError
from assistant.index.embeddings import make_embedder
from assistant.index.lock import IndexLock
from assistant.index.manifest import Manifest
from assistant.index.next_state import is_whole, make_state, open_manifest, plainly_when_full
from assistant.index.passages import split, splitter_fingerprint
from assistant.index.reading import Progress, read_into
from assistant.index.report import IngestReport
from assistant.settings import Settings


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
    with (
        plainly_when_full(settings),
        closing(IndexLock(settings.index_dir, wait=wait)),
        open_manifest(settings, rebuild=rebuild) as manifest,
    ):
        manifest.identity()  # known before anything is sent to a server, so that an interrupted run leaves nothing nameless
        manifest.begin()
        if rebuild:
            manifest.clear()
        report = _ingest(manifest, files, paths, settings, progress or (lambda *_: None), fresh=rebuild)
    report.seconds = time.perf_counter() - started
    return report


def remove(
    locations: Sequence[str], settings: Settings, *, wait: float = 0.0, progress: Progress | None = None
) -> IngestReport:
    """Take documents out of the index; the files stay, and come back with the next ingest of their folder.

    Args:
        locations: Locations of documents, or of folders or e-mails that hold them.
        settings: Where the index is.
        wait: Seconds to wait for another process that changes the index.
        progress: Told what is being done.

    Raises:
        InputError: Nothing in the index was read from one of `locations`.
        IndexBusy: Another process is changing the index.
    """

    def change(manifest: Manifest, report: IngestReport) -> None:
        for location in locations:
            if not location.strip("/. "):
                raise InputError(
                    f"{location!r} names everything or nothing. Name a document, a folder or an e-mail as `bernard index "
                    "list` shows it; to empty the index, delete its folder."
                )
            known_files = manifest.files()
            held = [
                known
                for place in (location.rstrip("/"), str(Path(location).resolve()))  # as listed, or as seen from here
                for known in known_files
                if known == place or known.startswith(f"{place}/")
            ]
            if not held:
                raise InputError(
                    f"Nothing in the index was read from {location!r}. `bernard index list` shows what it holds."
                )
            for known in dict.fromkeys(held):
                report.removed += bool(manifest.document_digest(known))
                manifest.remove(known)

    return _change(settings, change, wait=wait, progress=progress, fresh=False)


def rebuild(settings: Settings, *, wait: float = 0.0, progress: Progress | None = None) -> IngestReport:
    """Make passages, vectors and terms anew from the documents that the index holds, without reading a file.

    Raises:
        IndexBusy: Another process is changing the index.
        IndexUnusable: The manifest is damaged, so that the files must be read again.
    """

    def change(manifest: Manifest, report: IngestReport) -> None:
        for key, brief in manifest.documents():
            document = manifest.document(key)
            if document is None or document.digest != manifest.document_digest(brief.location):
                raise IndexUnusable(
                    f"What the index keeps of {brief.location} is not what was read. Run `bernard ingest --rebuild` with "
                    "all the paths of your guidance, which reads every file again."
                )
        _split_again(manifest, (), settings)
        report.unchanged = manifest.count_documents()

    return _change(settings, change, wait=wait, progress=progress, fresh=True)


def _change(
    settings: Settings,
    change: Callable[[Manifest, IngestReport], None],
    *,
    wait: float,
    progress: Progress | None,
    fresh: bool,
) -> IngestReport:
    """Change the manifest and make vectors and terms follow, as one change."""
    started = time.perf_counter()
    if not (settings.index_dir / "manifest.sqlite3").is_file():
        raise IndexMissing(f"There is no index in {settings.index_dir}. Run `bernard ingest` to make one.")
    report = IngestReport()
    embedder = make_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
    with plainly_when_full(settings), closing(IndexLock(settings.index_dir, wait=wait)), open_manifest(settings) as manifest:
        manifest.begin()
        before = manifest.vector_names()
        change(manifest, report)
        manifest.set_meta("embedder", embedder.name)
        manifest.set_meta("splitter", splitter_fingerprint(settings.passages))
        report.embedded = make_state(
            manifest, settings, embedder, progress or (lambda *_: None), still_read=before, fresh=fresh
        )
        report.passages = manifest.count_passages()
    report.seconds = time.perf_counter() - started
    return report


def _was_indexed(path: Path, settings: Settings) -> bool:
    """True when something read from here is in the index, so that an empty or deleted folder means: forget it."""
    if not (settings.index_dir / "manifest.sqlite3").is_file():
        return False
    with open_manifest(settings) as manifest:
        return any(Path(location).is_relative_to(path.resolve()) for location in manifest.files())


def _ingest(
    manifest: Manifest,
    files: Sequence[Found],
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress,
    *,
    fresh: bool,
) -> IngestReport:
    report = IngestReport()
    embedder = make_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
    rules = {"embedder": embedder.name, "splitter": splitter_fingerprint(settings.passages)}
    resplit = manifest.meta("splitter") not in {"", rules["splitter"]}
    before = manifest.vector_names()
    _forget_missing(manifest, files, paths, report)
    read_into(manifest, files, settings, report, progress, everything=resplit)
    if resplit:
        _split_again(manifest, files, settings)
    stale = any(manifest.meta(key) != value for key, value in rules.items())
    report.passages = manifest.count_passages()
    if not (report.changes or stale or fresh) and is_whole(manifest, settings, embedder):
        manifest.commit()
        return report
    for key, value in rules.items():
        manifest.set_meta(key, value)
    report.embedded = make_state(manifest, settings, embedder, progress, still_read=before, fresh=fresh)
    return report


def _forget_missing(manifest: Manifest, files: Sequence[Found], paths: Sequence[Path], report: IngestReport) -> None:
    """Remove what was indexed from these paths and is no longer there; what a closed folder holds cannot be told."""
    present = {file.location for file in files}

    def is_in_a_present_file(location: str) -> bool:  # an attachment of an e-mail, which is to be read again
        return any(str(folder) in present for folder in Path(location).parents)

    roots = [path.resolve() for path in paths]
    closed = [file.path for file in files if file.path.is_dir()]
    for location in manifest.files():
        if any(Path(location).is_relative_to(folder) for folder in closed):
            continue
        if location in present or is_in_a_present_file(location):
            continue
        if any(Path(location).is_relative_to(root) for root in roots):
            report.removed += bool(manifest.document_digest(location))
            manifest.remove(location)


def _split_again(manifest: Manifest, files: Iterable[Found], settings: Settings) -> None:
    """Cut the documents of other paths by the new rules too; their text is in the manifest."""
    fresh = {file.location for file in files}
    for key, brief in list(manifest.documents()):
        if brief.location not in fresh:
            document = manifest.document(key) or brief
            manifest.put_document(document, split(document, settings.passages))
