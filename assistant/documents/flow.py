"""What a word processor's document is made of, whatever its format: paragraphs, tables and boxes of text, with notes apart.

Readers of DOCX, ODT and RTF walk their files and tell a `Flow` what they meet; `flow_blocks` makes blocks of it. Knows
nothing of formats or of blocks. Boxes and tables may stand in each other to any depth, so nothing here is recursive.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from assistant.documents.model import LeftOut

DELETIONS = "tracked deletions"
COMMENTS = "comments"
HIDDEN = "hidden texts"


@dataclass(frozen=True, slots=True)
class Listed:
    """That a paragraph is an item of an automatic list.

    Attributes:
        name: Tells one list's format from another's.
        depth: As the program counts it, from 0; a list may begin at any depth.
        goes_on: True for a further paragraph of the item before, which has no bullet of its own.
    """

    name: str
    depth: int
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is.

    Attributes:
        heading: 1 to 6 for a heading, else 0.
        is_title: True for the title of the whole document.
        listed: Its place in a list, None outside lists.
        indent: Where its lines begin, in twentieths of a point from the margin.
    """

    heading: int = 0
    is_title: bool = False
    listed: Listed | None = None
    indent: int = 0


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `notes` are the keys of the notes it has marks for."""

    text: str
    look: Look = PLAIN
    is_bold: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        pieces: What stands in it.
        column: Its first column, from 0.
        span: How many columns it takes.
        continues: True when the cell above it reaches down to here.
    """

    pieces: tuple[Piece, ...]
    column: int
    span: int = 1
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `is_head` when the program repeats it on every page."""

    cells: tuple[Cell, ...]
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Text in a frame of its own, beside the text it is anchored in."""

    pieces: tuple[Piece, ...]


Piece = Paragraph | Table | Box


@dataclass(slots=True)
class _Frame:
    """A run of pieces that is being filled: the body, a cell, a box or a note."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[Piece] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_bold: bool = True


class Flow:
    """Collects what a walk over a file meets.

    Attributes:
        notes: What each note says, by key, in the order of their marks.
    """

    def __init__(self) -> None:
        self.notes: dict[str, tuple[Piece, ...]] = {}
        self._frames = [_Frame()]
        self._counts: Counter[str] = Counter()
        self._leaving = ""

    def say(self, words: str, *, bold: bool = False) -> None:
        """Add words to the current paragraph."""
        if words:
            self._leaving = ""
            frame = self._frames[-1]
            frame.words.append(words)
            frame.is_bold = frame.is_bold and (bold or words.isspace())

    def leave_out(self, what: str, words: str) -> None:
        """Pass over words; a stretch of them counts once, however many pieces it is stored in."""
        if words.strip() and self._leaving != what:
            self._leaving = what
            self._counts[what] += 1

    def count(self, what: str, times: int = 1) -> None:
        """Count something that is not read."""
        self._counts[what] += times

    def mark(self, key: str) -> None:
        """The mark of a note stands here."""
        if key not in self.notes:
            self.notes[key] = ()
            self._frames[-1].notes.append(key)

    def end_paragraph(self, look: Look = PLAIN) -> None:
        """Make a paragraph of the words since the last one; boxes anchored in it follow it."""
        frame = self._frames[-1]
        if frame.words or frame.notes:
            words = "".join(frame.words)
            frame.pieces.append(Paragraph(words, look, frame.is_bold and not words.isspace(), tuple(frame.notes)))
            frame.words.clear()
            frame.notes.clear()
        frame.is_bold = True
        frame.pieces += frame.boxes
        frame.boxes.clear()

    def add(self, piece: Table | Box) -> None:
        """Add a table, or a box that follows the current paragraph."""
        frame = self._frames[-1]
        (frame.boxes if isinstance(piece, Box) else frame.pieces).append(piece)

    def open(self) -> None:
        """From here on, what is told goes to a cell, box or note."""
        self._frames.append(_Frame())

    def close(self) -> tuple[Piece, ...]:
        """What was told since `open`."""
        self.end_paragraph()
        return tuple(self._frames.pop().pieces)

    def end(self) -> tuple[Piece, ...]:
        """All pieces of the body, including those of frames that a damaged file leaves open."""
        while len(self._frames) > 1:
            self.add(Box(self.close()))
        self.end_paragraph()
        return tuple(self._frames[0].pieces)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What was not read, by name."""
        return tuple(LeftOut(what, self._counts[what]) for what in sorted(self._counts) if self._counts[what])
