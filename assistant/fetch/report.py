"""What one fetch did, for people and for programs. Knows nothing of how it was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Move:
    """A page that has moved: where it was and where it is, as addresses that a person would open."""

    page: str
    to: str


@dataclass(frozen=True, slots=True)
class NotFetched:
    """A page that could not be had, and why."""

    page: str
    reason: str


@dataclass(slots=True)
class FetchReport:
    """What became of everything that was asked for; pages are addresses that a person would open.

    Attributes:
        publisher: Its short name.
        folder: Where the items are kept.
        fetched: New, or changed since they were last fetched.
        unchanged: The same as the copy held already.
        moved: Now somewhere else, from where they were fetched; that is counted by itself.
        gone: Taken down by the publisher; files kept of them are removed, so that the next ingest forgets them.
        missing: Not at this address, as far as the publisher knows. A file kept earlier stays.
        failed: Could not be had this time.
        settled_before: How many of them an interrupted run of the same command had settled already.
        kept: Items kept in the folder altogether.
        removed: Files removed, of pages that are gone or have moved.
        requests: Requests sent.
        stopped: Why the fetch ended before its time; "" when it did not.
        seconds: Wall time.
    """

    publisher: str
    folder: Path
    fetched: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    gone: list[NotFetched] = field(default_factory=list)
    missing: list[NotFetched] = field(default_factory=list)
    failed: list[NotFetched] = field(default_factory=list)
    settled_before: int = 0
    kept: int = 0
    removed: int = 0
    requests: int = 0
    stopped: str = ""
    seconds: float = 0.0

    @property
    def faults(self) -> bool:
        """True when something asked for could not be had, and might be another time or under another address."""
        return bool(self.missing or self.failed or self.stopped)

    def as_json(self) -> dict[str, object]:
        """Everything, as `bernard fetch --json` prints it."""
        return {
            "publisher": self.publisher,
            "folder": str(self.folder),
            "fetched": self.fetched,
            "unchanged": self.unchanged,
            "moved": [{"page": move.page, "to": move.to} for move in self.moved],
            **{
                name: [{"page": left.page, "reason": left.reason} for left in entries]
                for name, entries in (("gone", self.gone), ("missing", self.missing), ("failed", self.failed))
            },
            "settled_before": self.settled_before,
            "kept": self.kept,
            "removed": self.removed,
            "requests": self.requests,
            "stopped": self.stopped,
            "seconds": round(self.seconds, 3),
        }
