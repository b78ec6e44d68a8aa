"""Reads a part of a sheet as what a person sees in it: titles above, one table with its headings, notes below, or lines.

Works on visible cells; knows nothing of file formats or blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.documents.sheet_labels import are_headings, is_item, is_note, is_title
from assistant.documents.sheet_model import Cell, Sheet, SheetRow

_MOST_HEADS = 4
_LOOKED_AT = 30
"""Rows below a first row that tell whether it holds headings."""
_SHORTEST_LIST = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A text that stands alone in its row."""

    text: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes:
        rows: The text of each cell, "" where empty; every row has the same length.
        head_rows: How many of the first rows are column headings.
        sections: Rows, counted from 0, that are a heading for the rows below them.
        columns: Where it stands: its first and last column.
        is_marked: Whether the file sets the headings apart, by bold or by name, so that they need no guess.
    """

    rows: tuple[tuple[str, ...], ...]
    head_rows: int
    sections: frozenset[int]
    columns: tuple[int, int]
    is_marked: bool


def pieces(region: Sequence[SheetRow], sheet: Sheet) -> list[Line | Grid]:
    """What stands in one part of a sheet, top to bottom."""
    known = sheet.heads | {area.top for area in sheet.areas if area.has_head}
    if all(len(row.cells) == 1 for row in region):
        return _single(region, known)
    first = next(number for number, row in enumerate(region) if not _is_line(row, region) or row.number in known)
    last = len(region)
    while last > first + 1 and _is_line(region[last - 1], region) and is_note(_only(region[last - 1]).text):
        last -= 1
    grid = _grid(region[first:last], known)
    return [*_lines(region[:first]), grid, *_lines(region[last:])]


def _single(region: Sequence[SheetRow], known: frozenset[int]) -> list[Line | Grid]:
    """One text a row: a list of names with a heading above it is a table, anything else is lines."""
    cells = [_only(row) for row in region]
    columns = {min(row.cells) for row in region}
    is_named = region[0].number in known or (cells[0].bold and not any(cell.bold for cell in cells[1:]))
    is_list = len(cells) >= _SHORTEST_LIST and len(columns) == 1 and all(is_item(cell.text) for cell in cells)
    if not (is_list and is_named and is_title(cells[0].text)):
        return list(_lines(region))
    column = columns.pop()
    return [Grid(tuple((cell.text,) for cell in cells), 1, frozenset(), (column, column), is_marked=True)]


def _is_line(row: SheetRow, region: Sequence[SheetRow]) -> bool:
    """Whether a row holds a single text where the part begins on the left, as a title or a note does."""
    return len(row.cells) == 1 and min(row.cells) <= min(place for other in region[:_LOOKED_AT] for place in other.cells)


def _only(row: SheetRow) -> Cell:
    return next(iter(row.cells.values()))


def _lines(rows: Sequence[SheetRow]) -> list[Line]:
    return [Line(cell.text, cell.bold) for row in rows for _, cell in sorted(row.cells.items())]


def _grid(body: Sequence[SheetRow], known: frozenset[int]) -> Grid:
    places = sorted({place for row in body for place in row.cells})
    rows = tuple(tuple(row.cells[place].text if place in row.cells else "" for place in places) for row in body)
    marked = _marked_heads(body, known)
    first = next((number for number, row in enumerate(body[:_MOST_HEADS]) if len(row.cells) > 1), 0)
    heads = marked or (first + 1 if are_headings(rows[first], rows[first + 1 : first + 1 + _LOOKED_AT]) else 0)
    sections = frozenset(number for number in range(heads, len(body) - 1) if _is_section(body[number], body[number + 1]))
    return Grid(rows, heads, sections, (places[0], places[-1]), is_marked=marked > 0)


def _marked_heads(body: Sequence[SheetRow], known: frozenset[int]) -> int:
    """How many rows of headings the file sets apart; a table of nothing but headings has none."""
    top = body[: min(_MOST_HEADS, len(body) - 1)]
    named = max((number for number, row in enumerate(top, start=1) if row.number in known), default=0)
    if named:
        return named
    bold = 0
    while bold < len(top) and all(cell.bold for cell in top[bold].cells.values()) and not _is_section(top[bold], None):
        bold += 1
    full = max((len(row.cells) for row in top[:bold]), default=0)
    below = body[bold : bold + _LOOKED_AT]
    is_all_bold = all(cell.bold for row in below for cell in row.cells.values())
    return bold if full > 1 and not is_all_bold else 0


def _is_section(row: SheetRow, below: SheetRow | None) -> bool:
    """Whether a row is a heading inside the table: one text, in bold or across columns, above a row of cells."""
    if len(row.cells) != 1 or (below is not None and len(below.cells) < 2):
        return False
    cell = _only(row)
    return (cell.bold or cell.across > 1) and not cell.text.lower().startswith("total")
