"""What one sheet of a spreadsheet shows, as rows of visible cells, whatever its format.

Collects rows as a file gives them, counts what is hidden and stops at a limit. Knows nothing of tables or of blocks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate

from assistant.errors import UnreadableDocument

LAST_COLUMN = 16_384
LAST_ROW = 1_048_576
_MOST_ROWS = 200_000
_MOST_CELLS = 1_000_000
"""Filled and visible, all sheets together: they take about 200 MB and 20 s; a sheet with more is data, not guidance."""
_MOST_REPEATED = 1_000
"""Rows in which a merged cell is repeated."""
_LONG_TO_REPEAT = 120


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell.

    Attributes:
        text: What it shows.
        bold: Whether all of it is in bold.
        across: How many visible columns it spans.
    """

    text: str
    bold: bool = False
    across: int = 1


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A visible row with something in it.

    Attributes:
        number: Its number in the sheet, from 1.
        position: Its place among the visible rows, so that a gap is a blank row and not a hidden one.
        cells: Filled cells by place among the visible columns, from 1.
    """

    number: int
    position: int
    cells: dict[int, Cell]


@dataclass(frozen=True, slots=True)
class Area:
    """Rows of a sheet that its author made a table.

    Attributes:
        top: Number of its first row.
        bottom: Number of its last row.
        has_head: Whether its first row holds column headings.
    """

    top: int
    bottom: int
    has_head: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet.

    Attributes:
        name: Its name on the tab.
        number: Its place among all sheets, hidden ones too, from 1; None when the format has but one.
        rows: Top to bottom.
        areas: Its tables, where the file names them.
        heads: Numbers of rows that the file calls column headings: repeated in print or frozen at the top.
    """

    name: str
    number: int | None
    rows: tuple[SheetRow, ...]
    areas: tuple[Area, ...] = ()
    heads: frozenset[int] = frozenset()


@dataclass(slots=True)
class Budget:
    """How much one file may hold; shared by its sheets."""

    name: str
    rows: int = 0
    cells: int = 0

    def spend(self, cells: int, *, rows: int = 0) -> None:
        """Count rows and cells.

        Raises:
            UnreadableDocument: There are more than is read.
        """
        self.rows += rows
        self.cells += cells
        if self.rows > _MOST_ROWS or self.cells > _MOST_CELLS:
            raise UnreadableDocument(
                f"{self.name} holds more than {_MOST_ROWS:,} rows or {_MOST_CELLS:,} filled cells: it is a set of data "
                "rather than guidance; save the sheets that people read in a file of their own"
            )


@dataclass(slots=True)
class RowCollector:
    """Collects the rows of one sheet, top to bottom.

    Attributes:
        budget: What the file may still hold.
        left_out: Counts "hidden rows" and "hidden columns" that hold something.
        rows: The rows collected so far.
    """

    budget: Budget
    left_out: Counter[str]
    rows: list[SheetRow] = field(default_factory=list)
    _hidden_rows: int = 0
    _last: int = 0
    _hidden: bytearray = field(default_factory=lambda: bytearray(LAST_COLUMN + 1))
    _places: list[int] = field(default_factory=list)
    _hidden_filled: set[int] = field(default_factory=set)

    def hide_columns(self, first: int, last: int) -> None:
        """Say, before the first row, that columns are hidden."""
        first, last = max(first, 1), min(last, LAST_COLUMN)
        if first <= last:
            self._hidden[first : last + 1] = b"\1" * (last + 1 - first)

    def place(self, column: int) -> int | None:
        """A column's place among the visible ones, from 1; None when it is hidden or no sheet has as many."""
        if not 0 < column <= LAST_COLUMN or self._hidden[column]:
            return None
        if not self._places:
            self._places = list(accumulate(self._hidden))
        return column - self._places[column]

    def add(self, number: int, cells: Iterable[tuple[int, Cell]], *, is_hidden: bool = False, repeated: int = 1) -> None:
        """Append a row, or several that are the same.

        Args:
            number: The first one's number; those before the last row added are moved after it.
            cells: Filled cells with their columns, from 1.
            is_hidden: Whether the rows are hidden; then they are only counted.
            repeated: How many rows there are.
        """
        number = max(number, self._last + 1)
        self._last = number + repeated - 1
        if is_hidden:
            self._hidden_rows += repeated
            if any(True for _ in cells):
                self.left_out["hidden rows"] += repeated
            return
        kept = dict(self._visible(cells))
        for copy in range(repeated if kept else 0):
            self.budget.spend(len(kept), rows=1)
            self.rows.append(SheetRow(number + copy, number + copy - self._hidden_rows, dict(kept)))

    def _visible(self, cells: Iterable[tuple[int, Cell]]) -> Iterator[tuple[int, Cell]]:
        for column, cell in cells:
            place = self.place(column)
            if place is not None:
                yield place, cell
            elif column not in self._hidden_filled and column <= LAST_COLUMN:
                self._hidden_filled.add(column)
                self.left_out["hidden columns"] += 1

    def merge(self, top: int, left: int, *, bottom: int, right: int) -> None:
        """Say, after the last row, that cells are one: a short text is repeated in each row it spans."""
        place = self.place(left)
        first = bisect_left(self.rows, top, key=lambda row: row.number)
        if place is None or first == len(self.rows) or self.rows[first].number != top:
            return
        cell = self.rows[first].cells.get(place)
        if cell is None:
            return
        right = min(max(right, left), LAST_COLUMN)
        self.rows[first].cells[place] = cell = replace(cell, across=right - self._places[right] - place + 1)
        if len(cell.text) > _LONG_TO_REPEAT or bottom <= top:
            return
        for row in self.rows[first + 1 : first + _MOST_REPEATED]:
            if row.number > bottom:
                break
            self.budget.spend(1)
            row.cells.setdefault(place, cell)
