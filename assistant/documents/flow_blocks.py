"""Makes blocks of what a word processor's document holds: which list an item belongs to, and what leads into it.

A list's depth is what the page shows: by the program's levels within one list, by indents between two. Knows nothing of
formats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.documents.clean import readable
from assistant.documents.flow import Box, Listed, Look, Paragraph, Piece, Table
from assistant.documents.flow_tables import as_grid, inside, is_layout
from assistant.documents.grid import add_grid
from assistant.documents.leads import is_connector, leads_in
from assistant.documents.model import BlockKind, DocumentText
from assistant.documents.typed_lists import TypedLists

_DEEPEST = 6
_LONG_FOR_HEADING = 300
"""A numbered clause is often set in a heading's style; longer than this, it is no heading."""
_NEAR = 60
"""Twentieths of a point: indents that differ by less are the same."""


def write(pieces: Iterable[Piece], notes: Mapping[str, Iterable[Piece]]) -> DocumentText:
    """The blocks of a document; its notes come last, each introduced by the block that bears its mark."""
    writer = _Writer()
    writer.write(pieces)
    writer.write_notes(notes)
    return writer.text


@dataclass(frozen=True, slots=True)
class _Item:
    listed: Listed
    indent: int
    position: int
    ends_open: bool


@dataclass(slots=True)
class _Place:
    """Where the writer is within one run of text, kept while it writes a box."""

    items: list[_Item] = field(default_factory=list)
    lead: int | None = None
    margin: int = 0
    last: int = -1
    above: str = ""


class _Writer:
    def __init__(self) -> None:
        self.text = DocumentText()
        self._typed = TypedLists()
        self._place = _Place()
        self._marks: dict[str, int] = {}

    def write(self, pieces: Iterable[Piece], about: int | None = None) -> None:
        """Append pieces in order; `about` introduces the paragraphs that nothing else does."""
        waiting: list[tuple[Iterator[Piece], _Place | None]] = [(iter(pieces), None)]
        while waiting:
            piece = next(waiting[-1][0], None)
            if piece is None:
                _, place = waiting.pop()
                self._place = place or self._place
            elif isinstance(piece, Paragraph):
                self._paragraph(piece, about)
            elif isinstance(piece, Box):
                waiting.append((iter(piece.pieces), self._place))
                self._place = _Place()
            elif is_layout(piece):
                waiting.append((inside(piece), None))
            else:
                self._table(piece)

    def write_notes(self, notes: Mapping[str, Iterable[Piece]]) -> None:
        """Append what the notes say under a heading of their own."""
        said = {key: list(pieces) for key, pieces in notes.items()}
        if not any(_says_something(piece) for pieces in said.values() for piece in pieces):
            return
        self._heading("Notes", 1)
        for key, pieces in said.items():
            self._place = _Place()
            self.write(pieces, self._marks.get(key))

    def _paragraph(self, paragraph: Paragraph, about: int | None) -> None:
        words = " ".join(readable(paragraph.text).split())
        if not any(character.isalnum() for character in words):
            return
        look = paragraph.look
        if look.heading and len(words) <= _LONG_FOR_HEADING:
            position = self._heading(words, look.heading)
        elif look.listed is not None:
            position = self._item(words, look.listed, look.indent)
        elif self._goes_on(look):
            position = self._more(words)
        else:
            position = self._ordinary(words, look, about)
        if position is not None:
            self._place.last, self._place.above = position, "" if look.heading else words
            self._marks.update(dict.fromkeys(paragraph.notes, position))

    def _heading(self, words: str, level: int) -> int | None:
        self._typed.end()
        self._place.items.clear()
        self._place.lead = None
        self._place.margin = 0
        return self.text.add(BlockKind.HEADING, words, level=min(level, _DEEPEST))

    def _ordinary(self, words: str, look: Look, about: int | None) -> int | None:
        place = self._place
        if place.items and is_connector(words):
            return self.text.add(BlockKind.PARAGRAPH, words, introduced_by=place.items[0].position)
        former, self._place.margin = place.lead, look.indent
        place.items.clear()
        typed = self._typed.place(words, above=place.above, last=place.last)
        if typed is not None:
            position = self.text.add(
                BlockKind.LIST_ITEM, words, level=min(typed.level, _DEEPEST), introduced_by=typed.introduced_by
            )
        else:
            position = self.text.add(BlockKind.PARAGRAPH, words, introduced_by=about)
        place.lead = position if leads_in(words) else former if is_connector(words) else None
        return position

    # Lists

    def _item(self, words: str, listed: Listed, indent: int) -> int | None:
        items = self._place.items
        if listed.goes_on:
            while items and items[-1].listed.depth > listed.depth:
                items.pop()
            if items:
                return self._more(words)
        while items and not _is_inside(items[-1], listed, indent):
            items.pop()
        parent = items[-1].position if items else self._place.lead
        level = min(len(items) + 1, _DEEPEST)
        position = self.text.add(BlockKind.LIST_ITEM, words, level=level, introduced_by=parent)
        if position is not None:
            items.append(_Item(listed, indent, position, words.endswith(":")))
        return position

    def _goes_on(self, look: Look) -> bool:
        """Whether a paragraph without a bullet stands under the item before it, indented like its text."""
        items = self._place.items
        if not items or look.indent <= self._place.margin + _NEAR:
            return False
        for depth in range(len(items), 0, -1):
            if 0 < items[depth - 1].indent <= look.indent + _NEAR:
                del items[depth:]
                return True
        return False

    def _more(self, words: str) -> int | None:
        items = self._place.items
        level = min(len(items), _DEEPEST)
        return self.text.add(BlockKind.LIST_ITEM, words, level=level, introduced_by=items[-1].position)

    # Tables

    def _table(self, table: Table) -> None:
        grid = as_grid(table)
        place = self._place
        introduced_by = place.items[-1].position if place.items and place.items[-1].ends_open else place.lead
        position = len(self.text)
        for cells, keys in zip(grid.rows, grid.notes, strict=True):
            if any(character.isalnum() for cell in cells for character in cell):
                self._marks.update(dict.fromkeys(keys, position))
                position += 1
        add_grid(self.text, grid.rows, head_rows=grid.head_rows, introduced_by=introduced_by)
        self._typed.end()
        self._place = _Place()


def _is_inside(item: _Item, listed: Listed, indent: int) -> bool:
    """Whether a new item belongs under an earlier one."""
    if item.listed.name == listed.name:
        return item.listed.depth < listed.depth
    if item.indent + _NEAR < indent:
        return True
    return item.ends_open and item.indent <= indent + _NEAR


def _says_something(piece: Piece) -> bool:
    if isinstance(piece, Paragraph):
        return any(character.isalnum() for character in piece.text)
    return True
