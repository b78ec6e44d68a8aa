"""Makes the next state of the index beside the current one, as the manifest's open change wants it, and commits both.

Whatever stops it before the commit leaves the current state whole; vectors already embedded are found again by the next run.
Knows nothing of files, nor of why the manifest was changed.
"""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import numpy as np

from assistant.errors import IndexUnusable
from assistant.index.embeddings import Embedder
from assistant.index.leftovers import Leftovers
from assistant.index.manifest import Manifest
from assistant.index.reading import Progress
from assistant.index.states import States
from assistant.index.terms import TermIndex
from assistant.index.vectors import VectorStore
from assistant.settings import Settings

Fill = Callable[[VectorStore], int]
"""Puts the vectors that passages need into a store; returns how many texts were embedded for it."""

_EMBED_AT_ONCE = 4096  # texts; bounds memory and what an interruption costs (about twenty seconds)


@contextmanager
def open_manifest(settings: Settings, *, rebuild: bool = False) -> Iterator[Manifest]:
    """The manifest, for a change that is undone unless it is committed; `rebuild` throws a damaged one away."""
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


def open_store(manifest: Manifest, settings: Settings, embedder: Embedder, state: str) -> VectorStore:
    """The vectors of a state, to be changed."""
    folder = States(settings.index_dir).vectors(state)
    return VectorStore(settings.chroma, folder=folder, embedder=embedder, index_id=manifest.identity())


def is_whole(manifest: Manifest, settings: Settings, embedder: Embedder) -> bool:
    """False when the current state is missing, or its vectors are: the settings name another place, or somebody deleted."""
    states, state = States(settings.index_dir), manifest.state()
    if not states.exists(state):
        return False
    try:
        with closing(open_store(manifest, settings, embedder, state)) as store:
            return manifest.vector_names() <= store.names()
    except IndexUnusable:
        if settings.chroma.url:
            raise
        return False


def make_state(
    manifest: Manifest,
    settings: Settings,
    embedder: Embedder,
    progress: Progress,
    *,
    still_read: set[str],
    fresh: bool = False,
    fill: Fill | None = None,
    built: str = "",
) -> int:
    """Make vectors and terms what the manifest needs, and commit; returns how many texts were embedded.

    Args:
        manifest: With the change begun.
        settings: Where the index is.
        embedder: Makes the vectors.
        progress: Told what is being done.
        still_read: Vectors that a reader of the state before may still ask a server for.
        fresh: Take no vector from the state before.
        fill: Brings the vectors; they are embedded by default.
        built: When the index was made, as text; now by default.
    """
    states, before = States(settings.index_dir), manifest.state()
    leftovers = Leftovers(settings.index_dir, embedder=embedder.name)
    states.remove_all_but({before})
    try:
        state, store = _begin_state(manifest, settings, embedder, states, copy_of="" if fresh else before)
        with closing(store):
            embedded = fill(store) if fill else _embed(manifest, store, embedder, leftovers, progress, anew=fresh)
            unneeded = store.names() - manifest.vector_names()
            store.remove(sorted(unneeded - still_read if settings.chroma.url else unneeded))
        progress("Indexing terms", 0, 1)
        TermIndex.build((text for _, text in manifest.embedded_texts()), states.terms(state))
        progress("Indexing terms", 1, 1)
        states.settle(state)
        manifest.set_meta("state", state)
        manifest.set_meta("built", built or time.strftime("%Y-%m-%dT%H:%M:%S%z"))
        manifest.commit()
    except BaseException as error:
        manifest.rollback()
        states.remove_all_but(_current(manifest, before))  # on a full disk this lets the current state be opened
        if _is_disk_full(error):
            leftovers.clear()
        raise
    leftovers.clear()
    states.remove_all_but({before, state})
    return embedded


def _current(manifest: Manifest, before: str) -> set[str]:
    """The states that may be the current one: an interruption can come when the commit has already taken effect."""
    with suppress(sqlite3.Error):
        return {before, manifest.state()}
    return {before}


def _begin_state(
    manifest: Manifest, settings: Settings, embedder: Embedder, states: States, *, copy_of: str
) -> tuple[str, VectorStore]:
    """A new state with the vectors of the current one; without, when those cannot be opened."""
    state = states.begin(copy_of="" if settings.chroma.url else copy_of)
    try:
        return state, open_store(manifest, settings, embedder, state)
    except IndexUnusable as error:
        if settings.chroma.url or _is_disk_full(error):
            raise
        state = states.begin(copy_of="")
        return state, open_store(manifest, settings, embedder, state)


def _embed(
    manifest: Manifest, store: VectorStore, embedder: Embedder, leftovers: Leftovers, progress: Progress, *, anew: bool
) -> int:
    """Give every passage a vector; equal texts share one, and those already kept are not made again unless `anew`."""
    needed = dict(manifest.embedded_texts())
    names = list(needed) if anew else store.missing(list(needed))
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
        vectors = np.stack([kept.pop(name) for name in batch])
        if anew:
            store.replace(batch, vectors)
        else:
            store.add(batch, vectors)
    return embedded


@contextmanager
def plainly_when_full(settings: Settings) -> Iterator[None]:
    """A full disk, whatever notices it, is told in plain words."""
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
