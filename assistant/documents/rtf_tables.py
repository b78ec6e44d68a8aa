"""Puts together the tables of an RTF file. The format gives no columns, only where each cell of a row ends.

Tables have no beginning or end either: each paragraph says how many tables it is in. Knows nothing of what the cells say.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from assistant.documents.flow import Cell, Flow, Piece, Row, Table
from assistant.documents.flow_ink import UNKNOWN_PAPER, WHITE
from assistant.documents.rtf_header import Header

_NEAR = 40
"""Twentieths of a point: edges that differ by less are the same."""


@dataclass(frozen=True, slots=True)
class Edge:
    """How a cell is set: where it ends, its paper ("" for none), and whether the cell above or before it goes on in it."""

    right: int
    paper: str = ""
    continues_above: bool = False
    continues_before: bool = False


@dataclass(slots=True)
class RowForm:
    """How a row is set, as told so far."""

    left: int = 0
    is_head: bool = False
    edges: list[Edge] = field(default_factory=list)
    paper: str = ""
    continues_above: bool = False
    continues_before: bool = False

    def end_cell(self, right: int) -> None:
        """The right edge of the next cell, to which the properties told before it belong."""
        self.edges.append(Edge(right, self.paper, self.continues_above, self.continues_before))
        self.paper, self.continues_above, self.continues_before = "", False, False


@dataclass(slots=True)
class _OpenTable:
    """A table that is being read: its rows so far, and the cells of the current one."""

    rows: list[tuple[RowForm, list[tuple[Piece, ...]]]] = field(default_factory=list)
    cells: list[tuple[Piece, ...]] = field(default_factory=list)
    in_cell: bool = False

    def end_row(self, form: RowForm) -> None:
        """The cells since the last row are a row."""
        self.rows.append((form, self.cells))
        self.cells = []

    def close(self) -> Table:
        """The table, with every cell in its column."""
        if self.cells:
            self.end_row(RowForm())
        columns = _columns(self.rows)
        return Table(tuple(_row(form, cells, columns) for form, cells in self.rows))


class Tables:
    """The tables that are open at one place of a file; a note or box has its own."""

    def __init__(self, flow: Flow, header: Header) -> None:
        self._flow = flow
        self._header = header
        self._parts: list[list[_OpenTable]] = [[]]
        self._forms: dict[int, RowForm] = {}

    def begin_part(self) -> None:
        """A note or box begins."""
        self._parts.append([])

    def end_part(self) -> None:
        """A note or box ends, and all tables in it."""
        self.settle(0)
        self._parts.pop()

    def settle(self, level: int) -> None:
        """Close the tables that what comes now is not in, and begin those that it is in."""
        tables = self._parts[-1]
        while len(tables) > level:
            table = tables.pop()
            if table.in_cell:
                table.cells.append(self._flow.close())
            self._flow.add(table.close())
        while len(tables) < level or (tables and not tables[-1].in_cell):
            if not tables or tables[-1].in_cell:
                self._flow.end_paragraph()
                tables.append(_OpenTable())
            tables[-1].in_cell = True
            self._flow.open()

    def end_cell(self) -> None:
        """The innermost cell ends."""
        table = self._parts[-1][-1]
        table.cells.append(self._flow.close())
        table.in_cell = False

    def end_row(self, level: int) -> None:
        """A row of the table at a level ends."""
        tables = self._parts[-1]
        if len(tables) < level:
            return
        while len(tables) > level:
            self.settle(len(tables) - 1)
        table = tables[-1]
        if table.in_cell:
            table.in_cell = False
            if pieces := self._flow.close():
                table.cells.append(pieces)
        table.end_row(self._forms.get(level) or RowForm())

    def row_word(self, word: str, number: int | None, *, inner: bool = False) -> None:
        """A control word about a row; `inner` when it stands in the properties of a table within a table."""
        level = max(2, len(self._parts[-1])) if inner else 1
        if word == "trowd":
            self._forms[level] = RowForm()
        elif word == "nestrow":
            self.end_row(level)
        elif (form := self._forms.get(level)) is not None:
            self._form_word(form, word, number)

    def _form_word(self, form: RowForm, word: str, number: int | None) -> None:
        if word == "cellx":
            form.end_cell(number or 0)
        elif word == "trhdr":
            form.is_head = True
        elif word == "trleft":
            form.left = number or 0
        elif word == "clvmrg":
            form.continues_above = True
        elif word == "clmrg":
            form.continues_before = True
        elif word == "clcbpat":
            form.paper = self._header.colour(number)
        elif word == "clshdng" and number:
            form.paper = UNKNOWN_PAPER

    @property
    def paper(self) -> str:
        """The colour behind what stands here."""
        tables = self._parts[-1]
        if not tables:
            return WHITE
        form = self._forms.get(1)
        number = len(tables[-1].cells)
        if len(tables) > 1 or form is None or number >= len(form.edges):
            return UNKNOWN_PAPER
        return form.edges[number].paper or WHITE


def _columns(rows: list[tuple[RowForm, list[tuple[Piece, ...]]]]) -> list[int]:
    """Where columns begin and end, from left to right."""
    edges = sorted({place for form, _ in rows for place in (form.left, *(edge.right for edge in form.edges))})
    return [place for number, place in enumerate(edges) if number == 0 or place - edges[number - 1] > _NEAR]


def _row(form: RowForm, cells: list[tuple[Piece, ...]], columns: list[int]) -> Row:
    placed: list[Cell] = []
    left = _column(form.left, columns)
    for number, pieces in enumerate(cells):
        edge = form.edges[number] if number < len(form.edges) else None
        right = max(_column(edge.right, columns) if edge else 0, left + 1)
        if edge is None or not edge.continues_before:
            placed.append(Cell(pieces, left, right - left, continues=edge is not None and edge.continues_above))
        left = right
    return Row(tuple(placed), form.is_head)


def _column(place: int, columns: list[int]) -> int:
    return bisect_left(columns, place - _NEAR)
