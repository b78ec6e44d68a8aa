"""Writes slides as blocks: the title as a heading, then texts, lists and tables in reading order.

Knows nothing of files; works on what stands on each slide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.documents.grid import add_grid
from assistant.documents.leads import leads_in
from assistant.documents.model import BlockKind, DocumentText
from assistant.documents.pptx_graphics import SlideTable
from assistant.documents.pptx_text import Paragraph
from assistant.documents.sheet_labels import bulleted, is_title

_FEWEST_SLIDES = 3
_IN_THE_MARGIN = 0.15
"""Share of a slide's height, at its top and bottom, in which running texts stand."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text box, table or diagram on a slide.

    Attributes:
        kind: Its placeholder's type, "" when it is none.
        top: Where it begins, as a share of the slide's height.
        bottom: Where it ends.
        paragraphs: Its text, unless it is a table.
        table: Its table.
    """

    kind: str
    top: float
    bottom: float
    paragraphs: tuple[Paragraph, ...] = ()
    table: SlideTable | None = None

    @property
    def text(self) -> str:
        """All its paragraphs in one line."""
        return " ".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class SlidePage:
    """What is read of one slide.

    Attributes:
        number: From 1, hidden slides counted.
        opens_part: Whether its layout is that of a title or a section.
        pieces: In reading order.
    """

    number: int
    opens_part: bool
    pieces: tuple[Piece, ...]


def write_slides(pages: Sequence[SlidePage]) -> DocumentText:
    """All blocks of a deck."""
    text = DocumentText()
    running = _running(pages)
    for page in pages:
        _Writer(text, page).write([piece for piece in page.pieces if _margin_text(piece) not in running])
    return text


def _running(pages: Sequence[SlidePage]) -> set[str]:
    """Texts that stand in the margin of most slides, put there by hand instead of as a footer."""
    counts = Counter(text for page in pages for text in {_margin_text(piece) for piece in page.pieces} if text)
    return {text for text, count in counts.items() if count >= max(_FEWEST_SLIDES, len(pages) / 2)}


def _margin_text(piece: Piece) -> str:
    """What a piece says if it is a text box in the margin, else ""."""
    in_margin = piece.bottom <= _IN_THE_MARGIN or piece.top >= 1 - _IN_THE_MARGIN
    return piece.text if in_margin and piece.kind == "" else ""


class _Writer:
    """Adds the pieces of one slide and keeps what introduces the next."""

    def __init__(self, text: DocumentText, page: SlidePage) -> None:
        self._text = text
        self._page = page
        self._lead: int | None = None
        self._items: list[tuple[int, int]] = []

    def write(self, pieces: Sequence[Piece]) -> None:
        for number, piece in enumerate(pieces):
            if piece.kind == "title" or (number == 0 and _stands_for_title(piece)):
                self._add_heading(piece.text)
            elif piece.table is not None:
                table = piece.table
                add_grid(self._text, table.rows, head_rows=table.head_rows, introduced_by=self._lead, page=self._page.number)
                self._lead = None
            else:
                self._add_text(piece)

    def _add_heading(self, text: str) -> None:
        level = 1 if self._page.opens_part else 2
        self._text.add(BlockKind.HEADING, text, level=level, page=self._page.number)

    def _add_text(self, piece: Piece) -> None:
        """A body of one line has no list in it, whatever bullet its master gives it."""
        self._items.clear()
        is_line = len(piece.paragraphs) == 1
        for number, paragraph in enumerate(piece.paragraphs):
            typed = bulleted(paragraph.text)
            if typed or (paragraph.bulleted and not (is_line and self._lead is None)):
                self._add_item(typed or paragraph.text, paragraph.depth)
            else:
                self._items.clear()
                position = self._text.add(BlockKind.PARAGRAPH, paragraph.text, page=self._page.number)
                has_more = number + 1 < len(piece.paragraphs)
                is_lead = leads_in(paragraph.text) if has_more else paragraph.text.endswith(":")
                self._lead = position if is_lead else None
        if self._items:
            self._lead = None

    def _add_item(self, text: str, depth: int) -> None:
        while self._items and self._items[-1][0] >= depth:
            self._items.pop()
        parent = self._items[-1][1] if self._items else self._lead
        level = min(len(self._items) + 1, 6)
        position = self._text.add(BlockKind.LIST_ITEM, text, level=level, introduced_by=parent, page=self._page.number)
        if position is not None:
            self._items.append((depth, position))


def _stands_for_title(piece: Piece) -> bool:
    """Whether the first text of a slide without a title is one: a short line near the top."""
    return piece.top < 0.25 and len(piece.paragraphs) == 1 and is_title(piece.text) and not piece.paragraphs[0].bulleted
