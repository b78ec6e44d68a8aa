"""What the index holds, document by document, for people who look after it. Opens neither vectors nor terms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from assistant.documents import Document
from assistant.errors import IndexMissing, InputError
from assistant.index.manifest import Manifest
from assistant.index.passages import Passage
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Entry:
    """One document in the index; `passages` is empty in a list of all, which tells their number only."""

    document: Document
    count: int
    passages: tuple[Passage, ...] = ()


def entries(settings: Settings) -> Iterator[Entry]:
    """Every document without its text, in the order in which they were indexed.

    Raises:
        IndexMissing: There is no index.
    """
    with closing(_open(settings)) as manifest, manifest.snapshot():
        counts = manifest.passage_counts()
        for key, document in manifest.documents():
            yield Entry(document, counts.get(key, 0))


def entry(name: str, settings: Settings) -> Entry:
    """One document, whole.

    Args:
        name: Its location, its address or its file's name.
        settings: Where the index is.

    Raises:
        IndexMissing: There is no index.
        InputError: No document, or more than one, goes by that name.
    """
    with closing(_open(settings)) as manifest, manifest.snapshot():
        found = [key for key, document in manifest.documents() if name in (document.location, document.url)]
        found = found or [key for key, document in manifest.documents() if document.location.endswith(f"/{name}")]
        if len(found) != 1:
            many = f"{len(found)} documents go" if found else "No document in the index goes"
            raise InputError(f"{many} by {name!r}. Give the whole location or address, as `bernard index list` shows it.")
        document = manifest.document(found[0])
        assert document is not None
        passages = tuple(passage for _, passage in manifest.passages(found[0], text=document.text))
        return Entry(document, len(passages), passages)


def _open(settings: Settings) -> Manifest:
    path = settings.index_dir / "manifest.sqlite3"
    if not path.is_file():
        raise IndexMissing(f"There is no index in {settings.index_dir}. Run `bernard ingest` to make one.")
    return Manifest(path)
