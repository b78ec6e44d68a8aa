"""What was asked of a publisher and what became of it, in one SQLite file in the publisher's folder.

Each row is committed at once, so that whatever stops a fetch, the next run of the same command goes on from there. The
file's name is hidden, so that it is not read as guidance. Knows nothing of HTTP.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.errors import FetchError
from assistant.fetch.model import Item, Licence

NAME = ".fetched.sqlite3"
_FORMAT = 1
_RESUMABLE = dt.timedelta(hours=20)
"""A run that did not end is gone on with for so long: a working day and a night, but not yesterday's at the same hour."""

_SCHEMA = """
CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT NOT NULL, begun TEXT NOT NULL, ended TEXT NOT NULL);
CREATE TABLE lists (run INTEGER NOT NULL, address TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (run, address));
CREATE TABLE items (
    address TEXT PRIMARY KEY, file TEXT NOT NULL COLLATE NOCASE, page TEXT NOT NULL, parts TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT NOT NULL, moved_to TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,
    fetched TEXT NOT NULL, checked TEXT NOT NULL, sha256 TEXT NOT NULL, licence TEXT NOT NULL, licence_url TEXT NOT NULL,
    run INTEGER NOT NULL
);
CREATE INDEX items_by_file ON items (file);
"""
_COLUMNS = (
    "address, file, page, parts, state, reason, moved_to, etag, modified, fetched, checked, sha256, licence, licence_url,"
    " run"
)
_MARKS = ", ".join("?" for _ in _COLUMNS.split(","))


class State(StrEnum):
    """What became of an item when it was last asked for."""

    WANTED = "wanted"
    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    MOVED = "moved"
    GONE = "gone"
    MISSING = "missing"
    FAILED = "failed"


SETTLED = frozenset({State.FETCHED, State.UNCHANGED, State.MOVED, State.GONE, State.MISSING})
"""States that one run does not ask about again."""


@dataclass(frozen=True, slots=True)
class Record:
    """One item, as it was last asked for.

    Attributes:
        item: What was asked for and where it is kept.
        state: What became of it.
        licence: Terms it was fetched under.
        reason: Why it is not here, "" when it is.
        moved_to: Full address it has moved to.
        etag: The publisher's name for the version kept.
        modified: When the publisher last changed the version kept, in the publisher's words.
        fetched: When the version kept was fetched, ISO 8601 in UTC; "" when none is kept.
        checked: When the publisher last answered.
        sha256: Of the file kept; "" when none is.
        run: The run that last asked for it.
    """

    item: Item
    state: State
    licence: Licence
    reason: str = ""
    moved_to: str = ""
    etag: str = ""
    modified: str = ""
    fetched: str = ""
    checked: str = ""
    sha256: str = ""
    run: int = 0

    @property
    def page(self) -> str:
        """The address that a person would open."""
        return self.item.page or self.item.address


class Ledger:
    """Reads and writes the ledger; may be used by several threads."""

    def __init__(self, folder: Path) -> None:
        """Open or create.

        Raises:
            FetchError: The file is damaged or of a newer version of Bernard.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        path = folder / NAME
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            # Survives the end of the process; after a power cut the files' digests tell what has to be fetched again.
            self._db.execute("PRAGMA synchronous=NORMAL")
            version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
            if not version:
                self._db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={_FORMAT}; COMMIT")
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise FetchError(
                f"The list of what was fetched, {path}, cannot be opened: {error}. Move it away; the next fetch makes a new "
                "one and asks for everything again."
            ) from None
        if version > _FORMAT:
            self._db.close()
            raise FetchError(f"{path} was written by a newer version of Bernard. Upgrade Bernard, or move that file away.")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # runs

    def begin(self, request: str, *, anew: bool = False) -> int:
        """The number of a run: of the one that asked for the same and did not end, unless it is old or `anew`."""
        since = _text(dt.datetime.now(dt.UTC) - _RESUMABLE)
        with self._lock:
            row = self._db.execute(
                "SELECT id FROM runs WHERE request=? AND ended='' AND begun>? ORDER BY id DESC", (request, since)
            ).fetchone()
            if row and not anew:
                return int(row[0])
            cursor = self._db.execute("INSERT INTO runs (request, begun, ended) VALUES (?, ?, '')", (request, now()))
            return int(cursor.lastrowid or 0)

    def end(self, run: int) -> None:
        """Note that nothing is left to do of a run."""
        with self._lock:
            self._db.execute("UPDATE runs SET ended=? WHERE id=?", (now(), run))
            self._db.execute("DELETE FROM lists WHERE run<=?", (run,))

    def listed(self, run: int, address: str) -> bytes | None:
        """A list of items that this run was sent already."""
        with self._lock:
            row = self._db.execute("SELECT body FROM lists WHERE run=? AND address=?", (run, address)).fetchone()
        return bytes(row[0]) if row else None

    def keep_list(self, run: int, address: str, body: bytes) -> None:
        """Keep a list of items until the run ends."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO lists VALUES (?, ?, ?)", (run, address, body))

    # items

    def want(self, items: Iterable[Item], licence: Licence) -> None:
        """Note items that will be asked for; what is known of them stays."""
        rows = [_row(Record(item, State.WANTED, licence)) for item in items]
        with self._lock, self._db:  # all or none, also when stopped in between
            self._db.execute("BEGIN")
            self._db.executemany(f"INSERT OR IGNORE INTO items ({_COLUMNS}) VALUES ({_MARKS})", rows)  # noqa: S608

    def put(self, record: Record) -> None:
        """Note what became of an item."""
        with self._lock:
            self._db.execute(f"INSERT OR REPLACE INTO items ({_COLUMNS}) VALUES ({_MARKS})", _row(record))  # noqa: S608

    def forget(self, address: str) -> None:
        """Forget an item."""
        with self._lock:
            self._db.execute("DELETE FROM items WHERE address=?", (address,))

    def record(self, address: str) -> Record | None:
        """What is known of an item."""
        found = self._select("WHERE address=?", address)
        return found[0] if found else None

    def holders(self, file: str) -> list[Record]:
        """The items that are kept under a file name, whichever case its letters have, but for those that have moved."""
        return self._select("WHERE file=? AND sha256!='' AND state!=?", file, State.MOVED)

    def kept(self) -> list[Record]:
        """The items of which there is a file."""
        return self._select("WHERE sha256!='' ORDER BY file")

    def due(self) -> list[Item]:
        """The items to ask for again: those kept, and those that could not be had yet."""
        records = self._select("WHERE sha256!='' OR state IN (?, ?) ORDER BY file", State.WANTED, State.FAILED)
        return [record.item for record in records]

    def _select(self, condition: str, *values: str) -> list[Record]:
        with self._lock:
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM items {condition}", values).fetchall()  # noqa: S608
        return [_record(row) for row in rows]


def about(folder: Path) -> dict[str, Record]:
    """What is known of the files kept in a publisher's folder, by name below it; empty when nothing was fetched there."""
    if not (folder / NAME).is_file():
        return {}
    with closing(Ledger(folder)) as ledger:
        return {record.item.file: record for record in ledger.kept()}


def now() -> str:
    """The time, as it is kept: ISO 8601 in UTC, to the second."""
    return _text(dt.datetime.now(dt.UTC))


def _text(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _row(record: Record) -> tuple[str | int, ...]:
    item = record.item
    place = (item.address, item.file, item.page, " ".join(item.parts), str(record.state), record.reason, record.moved_to)
    version = (record.etag, record.modified, record.fetched, record.checked, record.sha256)
    return (*place, *version, record.licence.name, record.licence.url, record.run)


def _record(row: tuple[str, ...]) -> Record:
    address, file, page, parts, state, reason, moved_to, etag, modified, fetched, checked, sha256, licence, url, run = row
    return Record(
        item=Item(address, file, page, tuple(parts.split())),
        state=State(state),
        licence=Licence(licence, url),
        reason=reason,
        moved_to=moved_to,
        etag=etag,
        modified=modified,
        fetched=fetched,
        checked=checked,
        sha256=sha256,
        run=int(run),
    )
