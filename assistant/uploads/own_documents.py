"""Adds files to a conversation and gives the index over them: for one user's conversation, and nobody else's.

A file is read in a process of its own with the limits of an ingest, split and embedded as guidance is. What it says of
itself that could pass for guidance, such as an address or a publisher, is taken off. Knows nothing of browsers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import quote

import numpy as np

from assistant.documents import Document
from assistant.documents.library import Found, Outcome
from assistant.documents.workers import Workers
from assistant.errors import BernardError
from assistant.index import (
    UPLOADED,
    Embedder,
    HeldDocument,
    HeldIndex,
    Vectors,
    passage_texts,
    split,
    splitter_fingerprint,
)
from assistant.settings import Settings
from assistant.uploads.model import NotAdded, OwnFile, Received, Step, readable_formats, shown_name
from assistant.uploads.shelves import Kept, Shelves

_AT_ONCE = 2
"""Files that are read and embedded at the same time, whoever brings them: each may take a core and a gibibyte."""
_WAITING = 8
"""Files that may come or wait behind them; the threads that wait here are those that serve pages, forty in all."""
_OF_ONE = 4
"""Of these places, those that one user may have: a page takes one at a time."""
_GONE = "was not added: its conversation was deleted meanwhile"
_OPEN = 32
"""Indexes that are kept in memory; one of 5,000 passages takes some 20 MiB."""
_FEWEST_AT_ONCE = 64  # passages embedded between two steps of progress

Key = tuple[str, str]


class OwnDocuments:
    """The documents of all users; serves many threads. One process should hold them."""

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder,
        *,
        beside: Callable[[], Sequence[str]] = tuple,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        """Prepare; folders are made with the first file.

        Args:
            settings: Limits, and where files are kept.
            embedder: The index's own, so that guidance and these can be searched with one vector.
            beside: Gives texts of guidance, which tell rare words from common ones; asked once, when first needed.
            now: The time of day.
        """
        self._beside = cache(beside)
        self._settings, self._limits, self._embedder, self._now = settings, settings.uploads, embedder, now
        self.shelves = Shelves(settings, now=now)
        self._made_with = f"{embedder.name} {splitter_fingerprint(settings.passages)}"
        self._reading = threading.Semaphore(_AT_ONCE)
        self._places: Counter[str] = Counter()
        self._counting, self._putting = threading.Lock(), threading.Lock()
        self._locks: defaultdict[Key, threading.Lock] = defaultdict(threading.Lock)
        self._open: OrderedDict[Key, tuple[tuple[str, ...], HeldIndex]] = OrderedDict()
        self._opening = threading.Lock()

    def listed(self, user: str, conversation: str) -> list[OwnFile]:
        """The files of a conversation, oldest first."""
        return self.shelves.listed(user, conversation)

    @contextmanager
    def place(self, user: str) -> Iterator[None]:
        """A place among those whose files come in, wait and are read, for as long as the context lasts.

        Raises:
            NotAdded: There is none for this user at the moment.
        """
        with self._counting:
            if self._places.total() >= _AT_ONCE + _WAITING:
                raise NotAdded("was not added: too many documents are being added at this moment. Try again in a minute")
            if self._places[user] >= _OF_ONE:
                raise NotAdded(f"was not added: {_OF_ONE} of your documents are being added at this moment. Wait for one")
            self._places[user] += 1
        try:
            yield
        finally:
            with self._counting:
                self._places[user] -= 1
                self._places += Counter()  # drops those who have none

    def add(
        self, user: str, conversation: str, received: Received, *, is_there: Callable[[], bool] = lambda: True
    ) -> Iterator[Step]:
        """Add one file and tell how it goes; the last step says "added" or "refused". Never raises for what is in a file.

        Args:
            user: Whose it is.
            conversation: Where it goes.
            received: The file.
            is_there: Tells whether the conversation is still there; asked before the file is kept and after.
        """
        name = shown_name(received.name)
        try:
            with self._reading, self._locks[user, conversation]:
                yield from self._added(user, conversation, name, received.path, is_there)
        except BernardError as error:
            yield Step(name, "refused", reason=str(error))
        except OSError:  # what was sent went with its conversation
            if is_there():
                raise
            yield Step(name, "refused", reason=_GONE)

    def index(self, user: str, conversation: str) -> HeldIndex | None:
        """The index over a conversation's documents; None when there are none."""
        files = self.listed(user, conversation)
        ids = tuple(file.id for file in files)
        key = (user, conversation)
        with self._opening:
            known = self._open.get(key)
            if known and known[0] == ids:
                self._open.move_to_end(key)
                return known[1]
        if not ids:
            self._forget(key)
            return None
        kept = [one for name in ids if (one := self.shelves.take(user, conversation, name))]
        made = HeldIndex([held for one in kept for held in self._held(one)], embedder=self._embedder, beside=self._beside())
        with self._opening:
            self._open[key] = (ids, made)
            while len(self._open) > _OPEN:
                self._open.popitem(last=False)
        return made

    def locations(self, user: str, conversation: str, id: str) -> tuple[str, ...]:
        """The locations, in the index, of the documents of a file."""
        kept = self.shelves.take(user, conversation, id)
        return tuple(document.location for document in kept.documents) if kept else ()

    def remove(self, user: str, conversation: str, id: str) -> bool:
        """Delete a file; False when it is not there."""
        is_gone = self.shelves.remove(user, conversation, id)
        self._forget((user, conversation))
        return is_gone

    def clear(self, user: str, conversation: str) -> None:
        """Delete all files of a conversation."""
        self.shelves.clear(user, conversation)
        self._forget((user, conversation))

    def let_go(self) -> None:
        """Forget, in memory too, what is no longer on the shelves."""
        with self._opening:
            known = {key: ids for key, (ids, _) in self._open.items()}
        for key, ids in known.items():
            if tuple(file.id for file in self.listed(*key)) != ids:
                self._forget(key)

    def room(self, user: str, conversation: str) -> int:
        """How many bytes the next file may have.

        Raises:
            NotAdded: None may be added.
        """
        files = self.listed(user, conversation)
        if not self._limits.allowed:
            raise NotAdded("was not added: documents of your own are switched off here")
        if len(files) >= self._limits.max_files:
            raise NotAdded(
                f"was not added: a conversation holds {self._limits.max_files} files at most. Remove one, or begin a new "
                "conversation"
            )
        left = self._limits.max_total_mib * 2**20 - sum(file.size for file in files)
        if left <= 0:
            raise NotAdded(
                f"was not added: the files of a conversation may have {self._limits.max_total_mib} MiB together. Remove "
                "one, or begin a new conversation"
            )
        self._require_room(user)
        return min(left, self._limits.max_file_mib * 2**20)

    def too_large(self, limit: int) -> NotAdded:
        """What is told of a file that has more than `limit` bytes."""
        if limit < self._limits.max_file_mib * 2**20:
            return NotAdded(
                f"was not added: the files of a conversation may have {self._limits.max_total_mib} MiB together, and this "
                "one does not fit any more. Remove another"
            )
        return NotAdded(f"is too large: a file may have {self._limits.max_file_mib} MiB. Split it, or make it smaller")

    def _require_room(self, user: str) -> None:
        """Hold the limits over all conversations; a file may go past the one on bytes, and then it is the last."""
        stock, limits = self.shelves.stock(user), self._limits
        if stock.files >= limits.max_user_files or stock.bytes >= limits.max_user_mib * 2**20:
            raise NotAdded(
                f"was not added: your conversations hold {limits.max_user_files} documents at most, and "
                f"{limits.max_user_mib:,} MiB of what was read in them. Remove some, or delete a conversation"
            )
        if stock.all_files >= limits.max_server_files or stock.all_bytes >= limits.max_server_mib * 2**20:
            raise NotAdded(
                "was not added: there is no room for more documents on this server. Try again later, or tell whoever looks "
                "after Bernard"
            )

    def _put(self, user: str, conversation: str, kept: Kept, is_there: Callable[[], bool]) -> None:
        """Keep a file, unless its conversation went before or goes meanwhile."""
        if not is_there():
            raise NotAdded(_GONE)
        with self._putting:
            self._require_room(user)
            self.shelves.put(user, conversation, kept)
        try:
            is_gone = not is_there()
        except BaseException:
            self.shelves.remove(user, conversation, kept.file.id)
            raise
        if is_gone:
            self.clear(user, conversation)
            raise NotAdded(_GONE)

    def _added(self, user: str, conversation: str, name: str, path: Path, is_there: Callable[[], bool]) -> Iterator[Step]:
        limit = self.room(user, conversation)
        formats = readable_formats(self._limits)
        suffix = Path(name).suffix.lower()
        if suffix not in formats:
            raise NotAdded(
                f"cannot be read: {suffix or 'a file without a suffix'} is not one of the formats that can be added "
                f"({' '.join(formats)})"
            )
        if path.stat().st_size > limit:
            raise self.too_large(limit)
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()[:32]
        there = self.listed(user, conversation)
        if same := next((file for file in there if file.id == digest), None):
            raise NotAdded(f"is there already, as {same.name}")
        name = _unlike(name, [file.name for file in there])
        yield Step(name, "reading")
        documents, remarks = self._read(name, digest, data)
        passages = [tuple(split(document, self._settings.passages)) for document in documents]
        texts = [text for one, parts in zip(documents, passages, strict=True) for text in passage_texts(one, parts)]
        vectors = []
        for start in range(0, len(texts), size := max(_FEWEST_AT_ONCE, len(texts) // 50)):
            yield Step(name, "indexing", done=start, of=len(texts))
            vectors.append(self._embedder.embed(texts[start : start + size]))
        added_at = self._now()
        file = OwnFile(
            id=digest,
            name=name,
            size=len(data),
            words=sum(len(document.text.split()) for document in documents),
            passages=len(texts),
            titles=tuple(document.title for document in documents),
            remarks=remarks,
            added_at=added_at,
            expires_at=added_at + dt.timedelta(hours=self._limits.hours),
        )
        self._put(user, conversation, Kept(file, documents, np.concatenate(vectors), self._made_with), is_there)
        yield Step(name, "added", done=len(texts), of=len(texts), file=file)

    def _read(self, name: str, id: str, data: bytes) -> tuple[tuple[Document, ...], tuple[str, ...]]:
        """The documents in a file, and what was not read in it."""
        found = Found(Path("/") / id / name, name)
        with Workers(self._settings.reading.model_copy(update={"workers": 1})) as workers:
            ((_, outcomes),) = workers.read([(found, data)])
        read = [outcome.document for outcome in outcomes if outcome.document and outcome.document.text.strip()]
        if not read:
            raise NotAdded(_why_not(outcomes))
        if sum(len(document.text.split()) for document in read) > self._limits.max_words:
            raise NotAdded(f"is too long: a file may have {self._limits.max_words:,} words. Split it")
        documents = tuple(_as_brought(document, name, id, at) for at, document in enumerate(read))
        if not any(split(document, self._settings.passages) for document in documents):
            raise NotAdded("holds no text that can be quoted, perhaps only headings or pictures")
        return documents, _remarks(outcomes, read)

    def _held(self, kept: Kept) -> list[HeldDocument]:
        """A file's documents with passages and vectors; embedded again where another model, or other rules, made them."""
        passages = [tuple(split(document, self._settings.passages)) for document in kept.documents]
        vectors = kept.vectors
        if kept.made_with != self._made_with or len(vectors) != sum(map(len, passages)):
            parts = zip(kept.documents, passages, strict=True)
            vectors = self._embedder.embed([text for one, own in parts for text in passage_texts(one, own)])
        ends = np.cumsum([len(own) for own in passages])
        cut: list[Vectors] = np.split(vectors, ends[:-1])
        return [HeldDocument(*one) for one in zip(kept.documents, passages, cut, strict=True)]

    def _forget(self, key: Key) -> None:
        with self._opening:
            self._open.pop(key, None)


def _as_brought(document: Document, name: str, id: str, at: int) -> Document:
    """A document as one's own: with its words and its dates, without an address or a publisher."""
    return replace(
        document,
        location=f"{UPLOADED}{id}/{at}",
        url=f"file:{quote(name)}" if not at else f"file:{quote(f'{name}/{document.title}')}",
        organisations=(),
        document_type="",
        collection="",
        superseded_by="",
    )


def _why_not(outcomes: Sequence[Outcome]) -> str:
    return next((outcome.reason for outcome in outcomes if outcome.reason), "holds no text")


def _remarks(outcomes: Sequence[Outcome], read: Sequence[Document]) -> tuple[str, ...]:
    lost = [f"{Path(outcome.relative).name} {outcome.reason}" for outcome in outcomes if outcome.document is None]
    left_out = [f"{part.count} {part.what} left out" for document in read for part in document.left_out]
    scans = ["recognised from a scan, letters may be wrong"] if any(document.recognised for document in read) else []
    return tuple(dict.fromkeys([*lost, *left_out, *scans]))


def _unlike(name: str, others: Sequence[str]) -> str:
    """A name that no other file of the conversation has."""
    stem, dot, suffix = name.rpartition(".")
    taken, number, tried = {other.casefold() for other in others}, 2, name
    while tried.casefold() in taken:
        tried, number = f"{stem} ({number}){dot}{suffix}", number + 1
    return tried
