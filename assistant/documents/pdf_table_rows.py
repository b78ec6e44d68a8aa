"""Ruled tables to rows of text: which rows are headings, and what each cell says.

Follows the same rules as HTML tables (see tables.py): a cell over several rows is repeated beside each of them when short.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.documents.pdf_lines import Line, spaced
from assistant.documents.pdf_tables import Cell, Table

_LONG_TO_REPEAT = 120
_LONG_FOR_HEADING = 80
_AMOUNT = re.compile(r"[£$€%]|\d[\d,.]*\d\Z|\A\d+\Z")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Join = Callable[[Sequence[Line]], str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row; empty cells keep their place except at its end."""

    cells: tuple[str, ...]
    is_head: bool = False


def read_rows(table: Table, join: Join) -> list[Row]:
    """The rows of a table, the headings first as one row, without empty rows."""
    heads = _head_rows(table)
    texts = {id(cell): join(cell.lines) for cell in table.cells}
    rows: list[Row] = []
    if heads:
        rows.append(Row(_stripped(_head(table, heads, join)), is_head=True))
    for number in range(heads, table.rows):
        cells = _row(table, number, texts)
        if any(cells):
            rows.append(Row(_stripped(cells)))
    return rows


def _starting(table: Table, row: int) -> list[Cell]:
    return [cell for cell in table.cells if cell.row == row and cell.lines]


def _head_rows(table: Table) -> int:
    """How many rows at the top hold column headings."""
    everything = [cell for cell in table.cells if cell.lines]
    if all(_is_strong(cell) for cell in everything):
        return 0
    count = 0
    while count < table.rows - 1 and all(_is_strong(cell) for cell in _starting(table, count)):
        count += 1
    if count == 0 and _looks_like_headings(table):
        return 1
    reach = max((cell.row + cell.rows for cell in table.cells if cell.row < count), default=0)
    return reach if reach < table.rows else count


def _is_strong(cell: Cell) -> bool:
    words = [word for line in cell.lines for word in line.words]
    return all(word.style.bold or min(word.style.colour) > 200 for word in words if word.text.isalnum())


def _looks_like_headings(table: Table) -> bool:
    """Whether a plain first row reads as labels for what follows, none of it an amount."""
    first = [" ".join(line.text for line in cell.lines) for cell in _starting(table, 0)]
    return len(first) == table.columns > 1 and all(_is_label(text) for text in first)


def _is_label(text: str) -> bool:
    return len(text) <= _LONG_FOR_HEADING and not text.endswith((".", ";")) and not _AMOUNT.search(_YEAR.sub("", text))


def _head(table: Table, rows: int, join: Join) -> list[str]:
    """One heading for each column: what stands above it, from the top."""
    heads: list[str] = []
    for column in range(table.columns):
        above = [cell for cell in table.cells if cell.row < rows and cell.column <= column < cell.column + cell.columns]
        parts = (join(_lines_above(table, cell, column)) for cell in sorted(above, key=lambda cell: cell.row))
        heads.append(" ".join(part for part in parts if part))
    return heads


def _lines_above(table: Table, cell: Cell, column: int) -> list[Line]:
    """The lines of a heading that concern one column: one heading may hold labels for several, with no rule between."""
    if cell.columns == 1:
        return list(cell.lines)
    starts = [min(c.box.left for c in table.cells if c.column == n) for n in range(cell.column, cell.column + cell.columns)]
    edges = [*starts, cell.box.right]
    left, right = edges[column - cell.column], edges[column - cell.column + 1]
    return [part for line in cell.lines if (part := _part_above(line, edges, left, right)) is not None]


def _part_above(line: Line, edges: list[float], left: float, right: float) -> Line | None:
    gaps = [later.left - word.right for word, later in zip(line.words, line.words[1:], strict=False)]
    parted = any(gap > line.size for gap in gaps)
    crossing = any(word.left < edge < word.right for word in line.words for edge in edges)
    if not parted or crossing:
        return line
    words = tuple(word for word in line.words if left <= (word.left + word.right) / 2 < right)
    return replace(line, words=words, text=spaced(words)) if words else None


def _row(table: Table, row: int, texts: dict[int, str]) -> list[str]:
    cells = [""] * table.columns
    for cell in table.cells:
        if cell.row == row or (cell.row < row < cell.row + cell.rows and len(texts[id(cell)]) <= _LONG_TO_REPEAT):
            cells[cell.column] = texts[id(cell)]
    return cells if any(_starting(table, row)) else []


def _stripped(cells: list[str]) -> tuple[str, ...]:
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)
