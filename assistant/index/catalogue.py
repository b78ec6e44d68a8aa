"""What the index holds, document by document, for people who look after it. Opens neither vectors nor terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

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


def whole_entries(settings: Settings, *, accept: Callable[[Document], bool]) -> Iterator[Entry]:
    """The documents that `accept` chooses, whole, with their passages, in the order in which they were indexed.

    Args:
        settings: Where the index is.
        accept: Told each document without its text.

    Raises:
        IndexMissing: There is no index.
    """
    with closing(_open(settings)) as manifest, manifest.snapshot():
        for key in [key for key, brief in manifest.documents() if accept(brief)]:
            document = manifest.document(key)
            assert document is not None
            passages = tuple(passage for _, passage in manifest.passages(key, text=document.text))
            yield Entry(document, len(passages), passages)


def entry(name: str, settings: Settings) -> Entry:
    """One document, whole.

    Args:
        name: Its location, also as seen from the working folder, its address, its file's name or its title.
        settings: Where the index is.

    Raises:
        IndexMissing: There is no index.
        InputError: No document, or more than one, goes by that name; those that may be meant are named.
    """
    with closing(_open(settings)) as manifest, manifest.snapshot():
        listed = list(manifest.documents())
        found = _named(name, listed)
        if len(found) > 1:
            raise InputError(f"{len(found)} documents go by {name!r}. Give one of these:{_choices(found)}")
        if not found:
            for place, record in manifest.files().items():
                if place in (name, str(Path(name).resolve())) or place.endswith(f"/{name.removeprefix('./')}"):
                    raise InputError(f"{place} gave no document. It was {record.outcome}: {record.reason}")
            near = _alike(name, listed)
            hint = f" Perhaps you mean:{_choices(near)}" if near else " `bernard index list` shows what there is."
            raise InputError(f"No document in the index goes by {name!r}.{hint}")
        ((key, _),) = found
        document = manifest.document(key)
        assert document is not None
        passages = tuple(passage for _, passage in manifest.passages(key, text=document.text))
        return Entry(document, len(passages), passages)


_Listed = list[tuple[int, Document]]
_MOST_CHOICES = 10


def _named(name: str, listed: _Listed) -> _Listed:
    """The documents that go by a name, in the first sense of it in which any does."""
    address = _address(name)
    senses: tuple[Callable[[Document], bool], ...] = (
        lambda document: document.location in (name, str(Path(name).resolve())),
        lambda document: bool(address) and _address(document.url) == address,
        lambda document: document.location.endswith(f"/{name.removeprefix('./')}"),
        lambda document: document.title.casefold() == name.casefold(),
    )
    for goes_by in senses:
        if found := [(key, document) for key, document in listed if goes_by(document)]:
            return found
    return []


def _address(text: str) -> str:
    """An address as far as it names a page: without scheme, "www.", place in the page, and final stroke."""
    return text.partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/").casefold()


def _alike(name: str, listed: _Listed) -> _Listed:
    """Documents whose title or file name has the name in it or is spelt nearly so."""
    wanted = name.rpartition("/")[2].casefold()
    names = [(pair, (pair[1].title.casefold(), pair[1].location.rpartition("/")[2].casefold())) for pair in listed]
    holding = [pair for pair, called in names if wanted and any(wanted in one for one in called)]
    if holding:
        return holding
    near = set(get_close_matches(wanted, {one for _, called in names for one in called}, n=_MOST_CHOICES, cutoff=0.7))
    return [pair for pair, called in names if near & set(called)]


def _choices(found: _Listed) -> str:
    """One a line, as they can be given again: locations, each with its title."""
    lines = [f"\n  {document.location} ({document.title})" for _, document in found[:_MOST_CHOICES]]
    rest = len(found) - len(lines)
    return "".join(lines) + (f"\n  and {rest:,} more, which `bernard index list` shows" if rest else "")


def _open(settings: Settings) -> Manifest:
    path = settings.index_dir / "manifest.sqlite3"
    if not path.is_file():
        raise IndexMissing(f"There is no index in {settings.index_dir}. Run `bernard ingest` to make one.")
    return Manifest(path)
