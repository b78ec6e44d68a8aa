"""Groups of lines and tables to the blocks of a document.

Knows nothing of positions on the page beyond the order and depth that earlier steps found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.documents.clean import readable
from assistant.documents.leads import leads_in
from assistant.documents.line_joining import LineJoiner, is_contents_line
from assistant.documents.model import CELL_SEPARATOR, BlockKind, DocumentText
from assistant.documents.pdf_groups import Group, Role
from assistant.documents.pdf_lines import Line
from assistant.documents.pdf_styles import Look, levels
from assistant.documents.pdf_table_rows import Row, read_rows
from assistant.documents.pdf_tables import Table

_FIGURE = re.compile(r"(?:Figure|Fig\.?|Chart)\b")

_CHAPTER_NUMBER = re.compile(r"\d{1,3}[a-z]?\.?")


def write(pieces: Sequence[Group | Table], joiner: LineJoiner) -> DocumentText:
    """Every group and table as blocks, in order."""
    return _Writer(pieces, joiner).write()


class _Writer:
    def __init__(self, pieces: Sequence[Group | Table], joiner: LineJoiner) -> None:
        self._pieces = pieces
        self._join = joiner.join
        self._text = DocumentText()
        self._levels: dict[Look, int] = levels(list(_looks(pieces)))
        self._figures = {g.page for g in _groups(pieces) if g.role is Role.CAPTION and _FIGURE.match(g.text)}
        self._lead: int | None = None
        self._items: list[tuple[float, int | None]] = []
        self._caption: int | None = None
        self._head: int | None = None
        self._columns: tuple[str, ...] = ()
        self._width = 0

    def write(self) -> DocumentText:
        for piece in self._pieces:
            if isinstance(piece, Table):
                self._table(piece)
            elif not self._is_noise(piece):
                self._group(piece)
        return self._text

    def _is_noise(self, found: Group) -> bool:
        """Lines of a table of contents, the number of a chapter in display type, the numbers along the axes of a chart."""
        if all(is_contents_line(text) for text in found.texts):
            return True
        if found.look is not None and _CHAPTER_NUMBER.fullmatch(found.text):
            return True
        return found.page in self._figures and not any(character.isalpha() for character in found.text)

    def _group(self, found: Group) -> None:
        text = readable(self._join(found.texts))
        if found.role is Role.ITEM:
            self._item(found, text)
            return
        self._items.clear()
        self._lead = self._caption = None
        if found.role is Role.HEADING and found.look is not None:
            level, anchor = self._levels[found.look], f"#page={found.page}"
            self._text.add(BlockKind.HEADING, text, level=level, anchor=anchor, page=found.page)
            self._head = None
            return
        position = self._text.add(BlockKind.PARAGRAPH, text, page=found.page)
        if found.role is Role.CAPTION:
            self._caption, self._head = position, None
        elif leads_in(text):
            self._lead = position

    def _item(self, found: Group, text: str) -> None:
        while self._items and self._items[-1][0] > found.left + 3:
            self._items.pop()
        while self._items and abs(self._items[-1][0] - found.left) <= 3:
            self._items.pop()
        parent = self._items[-1][1] if self._items else self._lead
        level = len(self._items) + 1
        position = self._text.add(BlockKind.LIST_ITEM, text, level=level, introduced_by=parent, page=found.page)
        self._items.append((found.left, position))

    def _table(self, table: Table) -> None:
        rows = read_rows(table, self._cell)
        if not rows:
            return
        if not rows[0].is_head and table.columns != self._width:
            self._head = None
        for row in rows:
            self._row(row, table)
        self._width = table.columns
        self._items.clear()
        self._lead = self._caption = None

    def _row(self, row: Row, table: Table) -> None:
        text = CELL_SEPARATOR.join(row.cells)
        if not row.is_head:
            above = self._caption if self._head is None else self._head
            self._text.add(BlockKind.TABLE_ROW, text, introduced_by=above, page=table.page)
        elif self._head is None or row.cells != self._columns:  # a table that goes on may repeat its headings
            self._head = self._text.add(BlockKind.TABLE_HEAD, text, introduced_by=self._caption, page=table.page)
            self._columns = row.cells

    def _cell(self, lines: Sequence[Line]) -> str:
        return readable(self._join([line.text for line in lines]))


def _groups(pieces: Iterable[Group | Table]) -> Iterable[Group]:
    return (piece for piece in pieces if isinstance(piece, Group))


def _looks(pieces: Iterable[Group | Table]) -> Iterable[Look]:
    headings = (g for g in _groups(pieces) if g.role is Role.HEADING and not _CHAPTER_NUMBER.fullmatch(g.text))
    return (g.look for g in headings if g.look is not None)
