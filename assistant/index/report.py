"""What one ingest did, for people and for programs. Knows nothing of how it was done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from assistant.documents import LeftOut
from assistant.index.manifest import FileRecord


@dataclass(slots=True)
class IngestReport:
    """Counts are of documents unless named otherwise.

    Attributes:
        skipped: Files without guidance in them, with the reason.
        failed: Files that could not be read, with the reason.
        left_out: What stands in the documents read now and is not guidance, such as "hidden rows", with how many there are.
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
    left_out: Counter[str] = field(default_factory=Counter)
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0

    @property
    def changes(self) -> bool:
        """True when the index holds something else than before."""
        return bool(self.added or self.changed or self.removed)

    def note_left_out(self, parts: tuple[LeftOut, ...]) -> None:
        """Count what a document leaves out."""
        for part in parts:
            self.left_out[part.what] += part.count

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
            "left_out": dict(self.left_out),
            "seconds": round(self.seconds, 3),
            "skipped_files": [{"file": record.location, "reason": record.reason} for record in self.skipped],
            "failed_files": [{"file": record.location, "reason": record.reason} for record in self.failed],
        }
