"""Makes the index hold exactly what a set of files and folders holds now.

Order is what makes it safe: a new state is made beside the current one, as a copy of its vectors with what changed and new
terms; then the manifest changes in one commit, and only then is what nobody needs any more removed. Whatever stops the run
before the commit leaves the old state whole; batches already embedded are found again by the next run.
"""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from assistant.documents.library import Found, find_files
from assistant.errors import IndexMissing, IndexUnusable, InputError
from assistant.index.embeddings import Embedder, make_embedder
from assistant.index.leftovers import Leftovers
from assistant.index.lock import IndexLock
from assistant.index.manifest import Manifest
from assistant.index.passages import split, splitter_fingerprint
from assistant.index.reading import Progress, read_into
from assistant.index.report import IngestReport
from assistant.index.states import States
from assistant.index.terms import TermIndex
from assistant.index.vectors import VectorStore
from assistant.settings import Settings

_EMBED_AT_ONCE = 4096  # texts; bounds memory and what an interruption costs (about twenty seconds)


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
        _plainly_when_full(settings),
        closing(IndexLock(settings.index_dir, wait=wait)),
        _manifest(settings, rebuild=rebuild) as manifest,
    ):
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
            held = [known for known in manifest.files() if known == location or known.startswith(f"{location.rstrip('/')}/")]
            if not held:
                raise InputError(
                    f"Nothing in the index was read from {location!r}. `bernard index list` shows what it holds."
                )
            for known in held:
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
    with _plainly_when_full(settings), closing(IndexLock(settings.index_dir, wait=wait)), _manifest(settings) as manifest:
        manifest.begin()
        before = manifest.vector_names()
        change(manifest, report)
        manifest.set_meta("embedder", embedder.name)
        manifest.set_meta("splitter", splitter_fingerprint(settings.passages))
        report.embedded = _make_state(
            manifest, settings, embedder, progress or (lambda *_: None), still_read=before, fresh=fresh
        )
        report.passages = manifest.count_passages()
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
    if not (report.changes or stale or fresh) and _is_whole(manifest, settings, embedder):
        manifest.commit()
        return report
    for key, value in rules.items():
        manifest.set_meta(key, value)
    report.embedded = _make_state(manifest, settings, embedder, progress, still_read=before, fresh=fresh)
    return report


def _is_whole(manifest: Manifest, settings: Settings, embedder: Embedder) -> bool:
    """False when the current state is missing, or its vectors are: the settings name another place, or somebody deleted."""
    states, state = States(settings.index_dir), manifest.state()
    if not states.exists(state):
        return False
    try:
        with closing(_open_store(manifest, settings, embedder, state)) as store:
            return store.count() >= manifest.count_vectors()
    except IndexUnusable:
        if settings.chroma.url:
            raise
        return False


def _open_store(manifest: Manifest, settings: Settings, embedder: Embedder, state: str) -> VectorStore:
    folder = States(settings.index_dir).vectors(state)
    return VectorStore(settings.chroma, folder=folder, embedder=embedder, index_id=manifest.identity())


def _make_state(
    manifest: Manifest,
    settings: Settings,
    embedder: Embedder,
    progress: Progress,
    *,
    still_read: set[str],
    fresh: bool = False,
) -> int:
    """Make vectors and terms what the manifest needs, and commit; returns how many texts were embedded.

    Args:
        manifest: With the change begun.
        settings: Where the index is.
        embedder: Makes the vectors.
        progress: Told what is being done.
        still_read: Vectors that a reader of the state before may still ask a server for.
        fresh: Take no vector from the state before.
    """
    states, before = States(settings.index_dir), manifest.state()
    leftovers = Leftovers(settings.index_dir, embedder=embedder.name)
    states.remove_all_but({before})
    try:
        state, store = _begin_state(manifest, settings, embedder, states, copy_of="" if fresh else before)
        with closing(store):
            embedded = _embed(manifest, store, embedder, leftovers, progress)
            unneeded = store.names() - manifest.vector_names()
            store.remove(sorted(unneeded - still_read if settings.chroma.url else unneeded))
        progress("Indexing terms", 0, 1)
        TermIndex.build((text for _, text in manifest.embedded_texts()), states.terms(state))
        progress("Indexing terms", 1, 1)
        states.settle(state)
        manifest.set_meta("state", state)
        manifest.set_meta("built", time.strftime("%Y-%m-%dT%H:%M:%S%z"))
        manifest.commit()
    except BaseException as error:
        manifest.rollback()
        states.remove_all_but({before})  # on a full disk this is what lets the current state be opened
        if _is_disk_full(error):
            leftovers.clear()
        raise
    leftovers.clear()
    states.remove_all_but({before, state})
    return embedded


def _begin_state(
    manifest: Manifest, settings: Settings, embedder: Embedder, states: States, *, copy_of: str
) -> tuple[str, VectorStore]:
    """A new state with the vectors of the current one; without, when those cannot be opened."""
    state = states.begin(copy_of="" if settings.chroma.url else copy_of)
    try:
        return state, _open_store(manifest, settings, embedder, state)
    except IndexUnusable as error:
        if settings.chroma.url or _is_disk_full(error):
            raise
        state = states.begin(copy_of="")
        return state, _open_store(manifest, settings, embedder, state)


@contextmanager
def _plainly_when_full(settings: Settings) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, IndexUnusable) as error:
        if not _is_disk_full(error):
            raise
        raise IndexUnusable(
            f"The disk with {settings.index_dir} is full. The index is as it was before; free some space (it needs about "
            "three times its own size while it changes) and run the same command again."
        ) from error


def _is_disk_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        words = str(error).lower()
        if isinstance(error, OSError | sqlite3.Error | IndexUnusable) and (
            "disk is full" in words or "no space left" in words
        ):
            return True
        error = error.__cause__ or error.__context__
    return False


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


def _embed(manifest: Manifest, store: VectorStore, embedder: Embedder, leftovers: Leftovers, progress: Progress) -> int:
    """Give every passage a vector; equal texts share one, and those already kept are not made again."""
    needed = dict(manifest.embedded_texts())
    names = store.missing(list(needed))
    kept = leftovers.load() if names else {}
    done = embedded = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        progress("Embedding", done, len(names))

    names.sort(key=lambda name: (len(needed[name]), name))  # similar lengths together: less padding
    for start in range(0, len(names), _EMBED_AT_ONCE):
        batch = names[start : start + _EMBED_AT_ONCE]
        new = [name for name in batch if name not in kept]
        more(len(batch) - len(new))
        if new:
            made = embedder.embed([needed[name] for name in new], progress=more)
            leftovers.keep(new, made)
            kept.update(zip(new, made, strict=True))
            embedded += len(new)
        store.add(batch, np.stack([kept.pop(name) for name in batch]))
    return embedded
