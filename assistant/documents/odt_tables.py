"""Puts together the tables of an OpenDocument text: cells in their columns, those that reach down over rows included.

Knows nothing of what stands in the cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from assistant.documents.flow import Cell, Flow, Piece, Row, Table
from assistant.documents.odt_styles import name

_MOST_SPANNED = 1000


@dataclass(slots=True)
class _OpenTable:
    paper: str
    rows: list[Row] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    column: int = 0
    heads: int = 0
    reaching: dict[int, tuple[int, int]] = field(default_factory=dict)


class Tables:
    """The tables that are open at one place of a file. What stands outside any is passed over."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._open: list[_OpenTable] = []

    @property
    def paper(self) -> str:
        """The colour behind the innermost table, "" outside tables."""
        return self._open[-1].paper if self._open else ""

    def begin(self, paper: str) -> None:
        """A table begins on paper of a colour."""
        self._open.append(_OpenTable(paper))

    def end(self) -> None:
        """The innermost table ends."""
        self._flow.add(Table(tuple(self._open.pop().rows)))

    def begin_heads(self) -> None:
        """Rows of headings begin."""
        if self._open:
            self._open[-1].heads += 1

    def end_heads(self) -> None:
        """Rows of headings end."""
        if self._open:
            self._open[-1].heads -= 1

    def begin_row(self) -> None:
        """A row begins."""
        if self._open:
            self._open[-1].column = 0

    def end_row(self) -> None:
        """A row ends."""
        if self._open:
            table = self._open[-1]
            table.rows.append(Row(tuple(table.cells), table.heads > 0))
            table.cells.clear()

    def add_cell(self, element: etree._Element, pieces: tuple[Piece, ...]) -> None:
        """A cell, with what stands in it."""
        if not self._open:
            return
        table = self._open[-1]
        span, deep = _count(element, "table:number-columns-spanned"), _count(element, "table:number-rows-spanned")
        table.cells.append(Cell(pieces, table.column, span))
        if deep > 1:
            table.reaching[table.column] = (deep - 1, span)
        table.column += _count(element, "table:number-columns-repeated")

    def add_covered(self, element: etree._Element) -> bool:
        """A place that a cell to the left or above reaches over; its own words are not shown."""
        if self._open:
            table = self._open[-1]
            for column in range(table.column, table.column + _count(element, "table:number-columns-repeated")):
                left, span = table.reaching.pop(column, (0, 1))
                if left:
                    table.cells.append(Cell((), column, span, continues=True))
                    table.reaching[column] = (left - 1, span)
                table.column += 1
        return False


def _count(element: etree._Element, attribute: str) -> int:
    value = element.get(name(attribute), "1")
    return max(1, min(int(value), _MOST_SPANNED)) if value.isascii() and value.isdigit() and len(value) < 9 else 1
