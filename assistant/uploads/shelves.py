"""Where files that people bring are kept: a folder for each conversation of each user, and in it one for each file.

A folder is named by the digest of whose it is, so that no name from outside comes near the disk. A file's folder appears
whole or not at all. What was sent is not kept, only what was read in it. Knows nothing of how files are read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from assistant.documents import Document
from assistant.documents.exchange import dump_whole, load_whole
from assistant.index import Vectors
from assistant.settings import Settings
from assistant.uploads.model import OwnFile

_SHELF = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = ".unfinished-"
_ABOUT, _DOCUMENTS, _VECTORS = "about.json", "documents.json", "vectors.npy"
_ABANDONED = dt.timedelta(hours=1)
"""Age from which a folder that was never finished is nobody's any more; the longest reading takes minutes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file with all that was read in it.

    Attributes:
        file: What is known of it.
        documents: The file's own and those in it.
        vectors: Of their passages, one after the other.
        made_with: Names the embedder and the rules of splitting.
    """

    file: OwnFile
    documents: tuple[Document, ...]
    vectors: Vectors
    made_with: str


@dataclass(frozen=True, slots=True)
class Stock:
    """How much is kept: files and bytes on disk, of one user and of everybody."""

    files: int
    bytes: int
    all_files: int
    all_bytes: int


@dataclass(frozen=True, slots=True)
class _Weight:
    owner: str
    bytes: int


class Shelves:
    """The files of all users and conversations."""

    def __init__(self, settings: Settings, *, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        """Make nothing yet.

        Args:
            settings: Where they are, and for how long.
            now: The time of day.
        """
        self._root, self._settings, self._now = settings.uploads_dir, settings.uploads, now
        self._weights: dict[Path, _Weight] = {}  # a file never changes once it is kept

    def listed(self, user: str, conversation: str) -> list[OwnFile]:
        """The files of a conversation that have not expired, oldest first."""
        now = self._now()
        folder = self._shelf(user, conversation)
        found = [about for place in _files(folder) if (about := self._about(place)) is not None]
        return sorted((one for one in found if one.expires_at > now), key=lambda one: (one.added_at, one.name))

    def take(self, user: str, conversation: str, id: str) -> Kept | None:
        """A file with its documents; None when it is not there or cannot be read any more."""
        place = self._shelf(user, conversation) / id
        about = self._about(place)
        if about is None:
            return None
        try:
            held = json.loads((place / _DOCUMENTS).read_text("utf-8"))
            documents = tuple(load_whole(one) for one in held["documents"])
            return Kept(about, documents, np.load(place / _VECTORS, allow_pickle=False), str(held["made_with"]))
        except (OSError, ValueError, TypeError, KeyError):  # deleted meanwhile, or damaged
            return None

    def put(self, user: str, conversation: str, kept: Kept) -> None:
        """Keep a file, whole; one with the same content goes."""
        shelf = self._shelf(user, conversation)
        with self.unfinished(user, conversation) as made:
            about = {**asdict(kept.file), "added_at": kept.file.added_at.isoformat(), "owner": _digest(user)}
            del about["expires_at"]
            held = {"documents": [dump_whole(one) for one in kept.documents], "made_with": kept.made_with}
            (made / _DOCUMENTS).write_text(json.dumps(held, ensure_ascii=False), "utf-8")
            np.save(made / _VECTORS, kept.vectors, allow_pickle=False)
            (made / _ABOUT).write_text(json.dumps(about, ensure_ascii=False), "utf-8")
            _remove(shelf / kept.file.id)
            made.rename(shelf / kept.file.id)

    def stock(self, user: str) -> Stock:
        """How much is kept, also of what has expired and is not deleted yet."""
        known = self._weights
        there = [(place, known.get(place) or _weight(place)) for shelf in self._shelves() for place in _files(shelf)]
        self._weights = weights = {place: weight for place, weight in there if weight}
        mine = [weight.bytes for weight in weights.values() if weight.owner == _digest(user)]
        return Stock(len(mine), sum(mine), len(weights), sum(weight.bytes for weight in weights.values()))

    @contextmanager
    def unfinished(self, user: str, conversation: str) -> Iterator[Path]:
        """A new folder on the shelf that goes with what is left in it, also after a crash."""
        shelf = self._shelf(user, conversation)
        for folder in (self._root, shelf):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = shelf / f"{_UNFINISHED}{secrets.token_hex(8)}"
        made.mkdir(mode=0o700)
        try:
            yield made
        finally:
            _remove(made)

    def remove(self, user: str, conversation: str, id: str) -> bool:
        """Delete a file; False when it is not there."""
        if not _FILE.fullmatch(id):
            return False
        return _remove(self._shelf(user, conversation) / id)

    def clear(self, user: str, conversation: str) -> None:
        """Delete all files of a conversation."""
        _remove(self._shelf(user, conversation))

    def expire(self) -> int:
        """Delete what has expired or was never finished, on all shelves; returns how many files that were."""
        now, gone = self._now(), 0
        for shelf in self._shelves():
            for place in _files(shelf):
                about = self._about(place)
                if about is None or about.expires_at <= now:
                    gone += _remove(place)
            for place in shelf.glob(f"{_UNFINISHED}*"):
                if now - _changed(place) > _ABANDONED:
                    _remove(place)
            _remove_empty(shelf)
        for place in self._root.glob(f"{_UNFINISHED}*"):  # a shelf that was being deleted
            _remove(place)
        return gone

    def keep_only(self, conversations: Callable[[], Iterable[tuple[str, str]]]) -> int:
        """Delete the shelves of conversations that are no more; returns how many that were.

        Args:
            conversations: Gives the user and the id of each there is. It is asked after the shelves have been listed, so
                that a conversation that begins meanwhile loses nothing.
        """
        there = list(self._shelves())
        if not there:
            return 0
        known = {_name(user, conversation) for user, conversation in conversations()}
        return sum(_remove(shelf) for shelf in there if shelf.name not in known)

    def _shelves(self) -> Iterator[Path]:
        if self._root.is_dir():
            yield from sorted(place for place in self._root.iterdir() if _SHELF.fullmatch(place.name))

    def _shelf(self, user: str, conversation: str) -> Path:
        return self._root / _name(user, conversation)

    def _about(self, place: Path) -> OwnFile | None:
        """What is known of a file; None when it is not there, or cannot be read."""
        try:
            held = json.loads((place / _ABOUT).read_text("utf-8"))
            added_at = dt.datetime.fromisoformat(held.pop("added_at"))
            held.pop("owner", None)  # those of earlier versions have none
            expires_at = added_at + dt.timedelta(hours=self._settings.hours)
            titles, remarks = (tuple(held.pop(name)) for name in ("titles", "remarks"))
            return OwnFile(**held, titles=titles, remarks=remarks, added_at=added_at, expires_at=expires_at)
        except (OSError, ValueError, TypeError, KeyError):
            return None


def _name(user: str, conversation: str) -> str:
    return _digest(f"{user}\0{conversation}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _weight(place: Path) -> _Weight | None:
    """Whose a file is and the bytes that it takes; None when it is not there any more."""
    try:
        owner = str(json.loads((place / _ABOUT).read_text("utf-8")).get("owner", ""))
        return _Weight(owner, sum(path.stat().st_size for path in place.iterdir()))
    except (OSError, ValueError, AttributeError):
        return None


def _files(shelf: Path) -> Sequence[Path]:
    try:
        return sorted(place for place in shelf.iterdir() if _FILE.fullmatch(place.name))
    except OSError:
        return ()


def _remove(place: Path) -> bool:
    """Delete a folder; it is out of sight before its first file goes."""
    aside = place.with_name(f"{_UNFINISHED}{secrets.token_hex(8)}")
    try:
        place.rename(aside)
    except FileNotFoundError:
        return False
    shutil.rmtree(aside, ignore_errors=True)
    return True


def _remove_empty(shelf: Path) -> None:
    try:
        shelf.rmdir()
    except OSError:
        return


def _changed(place: Path) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(place.stat().st_mtime, dt.UTC)
    except OSError:
        return dt.datetime.now(dt.UTC)
