"""Reads the rows of an HTML table: which row holds the column headings, and what stands in each cell.

Every row must make sense beside its headings, so a cell that spans several rows is repeated in each of them. Knows nothing
of blocks; the caller says what the text of a cell is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from lxml import etree

from assistant.documents.grid import VALUE, looks_like_headings

_MOST_SPANNED = 100
_MOST_REACHING = 50
_LONG_TO_REPEAT = 120
_STEP = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]?|[•·▪*–-]")
_TYPED_BULLET = re.compile(r"[•·▪*–-]\s+")


class RowKind(Enum):
    """What a row of a table is."""

    HEAD = "the column headings"
    SECTION = "a single cell across the table, a heading for the rows below it"
    BODY = "a row of values"
    STEP = "a number or bullet with its text: the table is a numbered list"
    UNDER_STEP = "more about the step above, or an item of a table with a single column"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        cells: Text of each cell. A cell that spans columns is given once. Empty cells keep their place, except at the end
            of a row, at the start of a row of headings, and in columns that are empty all the way down.
        kind: What the row is.
    """

    cells: tuple[str, ...]
    kind: RowKind


@dataclass(frozen=True, slots=True)
class _Cell:
    column: int
    span: int
    text: str
    is_heading: bool
    is_bold: bool


def is_layout(table: etree._Element) -> bool:
    """True when a table only arranges a page: it holds other tables or headings, or has a single column."""
    if table.get("role") in ("presentation", "none"):
        return True
    if next(table.iterdescendants("table", "h1", "h2", "h3", "h4", "h5", "h6"), None) is not None:
        return True
    return all(sum(_span(cell, "colspan") for cell in row.iterchildren("td", "th")) <= 1 for row in _rows(table))


def read_rows(
    table: etree._Element, text_of: Callable[[etree._Element], str], is_hidden: Callable[[etree._Element], bool]
) -> list[Row]:
    """The rows of a table, top to bottom, without empty ones."""
    grid = [(row, cells) for row, cells in _grid(table, text_of, is_hidden) if any(cell.text for cell in cells)]
    used = {cell.column for _, cells in grid for cell in cells if cell.text}
    grid = [(row, [cell for cell in cells if cell.column in used]) for row, cells in grid]
    if table.find(".//th") is None and _is_steps([cells for _, cells in grid], columns=len(used)):
        return [_step(cells) for _, cells in grid]
    return list(_kinds(grid))


def _kinds(grid: list[tuple[etree._Element, list[_Cell]]]) -> Iterator[Row]:
    width = max((cell.column + cell.span for _, cells in grid for cell in cells), default=0)
    has_headings = any(_is_in_head(row) or _all_headings(cells) for row, cells in grid)
    in_head = True
    for position, (row, cells) in enumerate(grid):
        filled = [cell for cell in cells if cell.text]
        below = grid[position + 1][1] if position + 1 < len(grid) else []
        is_alone = len(filled) == 1 and bool(below) and width > 1
        is_section = is_alone and (filled[0].span >= width or (filled[0].is_heading and len(cells) == 1))
        is_head = in_head and (
            _is_in_head(row)
            or (_all_headings(cells) and not is_section)
            or (not has_headings and position == 0 and _looks_like_headings(cells, below))
        )
        in_head = in_head and (is_head or is_section)
        kind = RowKind.HEAD if is_head else RowKind.SECTION if is_section else RowKind.BODY
        yield Row(_texts(cells, is_head=is_head), kind)


def _is_steps(rows: list[list[_Cell]], *, columns: int) -> bool:
    """Whether a table is a list in disguise: numbers or bullets in its first column, or a single column."""
    if columns == 1:
        return True
    first = [cells[0].text for cells in rows]
    return columns == 2 and any(first) and all(not text or _STEP.fullmatch(text) for text in first) and not _counts(rows)


def _counts(rows: list[list[_Cell]]) -> bool:
    """Whether the second column holds values, so that the first one counts something rather than numbering steps."""
    return all(VALUE.search(cells[-1].text) for cells in rows if cells[-1].text)


def _step(cells: list[_Cell]) -> Row:
    texts = [cell.text for cell in cells if cell.text]
    if len(texts) > 1:
        return Row(tuple(texts), RowKind.STEP)
    return Row(
        (_TYPED_BULLET.sub("", texts[0], count=1) if _TYPED_BULLET.match(texts[0]) else texts[0],), RowKind.UNDER_STEP
    )


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        if child.tag == "tr":
            yield child
        else:
            yield from child.iterchildren("tr")


def _grid(
    table: etree._Element, text_of: Callable[[etree._Element], str], is_hidden: Callable[[etree._Element], bool]
) -> Iterator[tuple[etree._Element, list[_Cell]]]:
    """Each row with its cells in place, those that reach down from rows above included."""
    reaching: dict[int, tuple[int, _Cell]] = {}
    for row in _rows(table):
        if is_hidden(row):
            continue
        cells = {cell.column: cell for _, cell in reaching.values()}
        taken = {column for _, cell in reaching.values() for column in range(cell.column, cell.column + cell.span)}
        reaching = {column: (left - 1, cell) for column, (left, cell) in reaching.items() if left > 1}
        column = 0
        for element in row.iterchildren("td", "th"):
            if is_hidden(element):
                continue
            while column in taken:
                column += 1
            cell = _Cell(column, _span(element, "colspan"), text_of(element), element.tag == "th", _is_bold(element))
            cells[column] = cell
            if (deep := _span(element, "rowspan")) > 1 and len(reaching) < _MOST_REACHING:
                kept = cell.text if len(cell.text) <= _LONG_TO_REPEAT else ""
                reaching[column] = (deep - 1, _Cell(column, cell.span, kept, cell.is_heading, cell.is_bold))
            column += cell.span
        yield row, [cells[column] for column in sorted(cells)]


def _span(cell: etree._Element, attribute: str) -> int:
    digits = (cell.get(attribute) or "1").strip()
    return min(max(int(digits), 1), _MOST_SPANNED) if digits.isdecimal() else 1


def _texts(cells: list[_Cell], *, is_head: bool) -> tuple[str, ...]:
    texts = [cell.text for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    while is_head and texts and not texts[0]:
        texts.pop(0)
    return tuple(texts)


def _is_in_head(row: etree._Element) -> bool:
    parent = row.getparent()
    return parent is not None and parent.tag == "thead"


def _all_headings(cells: list[_Cell]) -> bool:
    return all(cell.is_heading for cell in cells if cell.text)


def _looks_like_headings(cells: list[_Cell], below: list[_Cell]) -> bool:
    """Whether a first row of plain cells reads as column headings: labels, not values like those below."""
    bold = all(cell.is_bold for cell in cells if cell.text)
    return looks_like_headings([cell.text for cell in cells], [cell.text for cell in below], bold=bold)


def _is_bold(cell: etree._Element) -> bool:
    """True when everything written in a cell is in bold."""
    element = cell
    while not (element.text or "").strip() and len(element) == 1 and not (element[0].tail or "").strip():
        element = element[0]
        if element.tag in ("strong", "b"):
            return True
    return False
