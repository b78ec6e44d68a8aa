"""Writes the blocks of a piece of legislation: headings only when text follows them, numbers before the words they number.

The last block is held back, since the words after a quotation (its closing mark, "; and") belong to the block that ends it.
Knows nothing of XML.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.documents.model import BlockKind, DocumentText

OPENING_MARKS = ("“", "‘")

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class _Held:
    kind: BlockKind
    text: str
    level: int
    introduced_by: int | None
    anchor: str = ""


@dataclass(slots=True)
class Writer:
    """Collects blocks; `finish` ends it.

    Attributes:
        depth: How many headings stand above what comes next.
        waiting: Numbers and opening marks of quotation that wait for the next words.
        written: How many blocks other than headings there are.
    """

    text: DocumentText = field(default_factory=DocumentText)
    depth: int = 0
    waiting: tuple[str, ...] = ()
    written: int = 0
    _headings: dict[int, _Held] = field(default_factory=dict)
    """Those not written yet, by depth."""
    _held: _Held | None = None

    def heading(self, text: str, *, anchor: str = "") -> None:
        """Begin what stands under a heading; `close_heading` ends it."""
        self.depth += 1
        self._headings[self.depth] = _Held(BlockKind.HEADING, text, min(self.depth + 1, _DEEPEST), None, anchor)

    def close_heading(self) -> None:
        """End what stands under the last heading; a heading under which nothing was written leaves no trace."""
        self._headings.pop(self.depth, None)
        self.depth -= 1

    def put(
        self, kind: BlockKind, words: str, *, level: int = 0, introduced_by: int | None = None, anchor: str = ""
    ) -> int | None:
        """Write words after the numbers and marks that wait for them; returns the block's position, None without words."""
        words = " ".join(words.split())
        if not any(character.isalnum() for character in words):
            return None
        words, self.waiting = f"{_joined(self.waiting)}{words}", ()
        for heading in self._headings.values():
            self._hold(heading)
        self._headings.clear()
        self.written += 1
        return self._hold(_Held(kind, words, level, introduced_by, anchor))

    def append(self, words: str) -> None:
        """Add to the end of the last block, without a space."""
        if self._held is not None and self._held.kind is not BlockKind.HEADING:
            self._held = replace(self._held, text=self._held.text + words)

    def finish(self) -> DocumentText:
        """All that was written."""
        self._flush()
        return self.text

    def _hold(self, block: _Held) -> int:
        self._flush()
        self._held = block
        return len(self.text)

    def _flush(self) -> None:
        block, self._held = self._held, None
        if block is not None:
            self.text.add(block.kind, block.text, level=block.level, introduced_by=block.introduced_by, anchor=block.anchor)


def _joined(waiting: tuple[str, ...]) -> str:
    """What stands before words, as printed: "(1)(a) ", "“(ea) ", and "4.—(1) " where a number ends in a full stop."""
    text = ""
    for part in waiting:
        if part in OPENING_MARKS:
            text += f" {part}" if text else part
        else:
            text += f"—{part}" if text.endswith(".") else part
    return text if not text or text.endswith(OPENING_MARKS) else f"{text} "
