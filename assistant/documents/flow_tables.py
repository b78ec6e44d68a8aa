"""Tables of word processors as grids of text: which rows are column headings, and what each cell says.

Follows the rules for HTML tables (see tables.py): a cell over several rows is repeated beside each of them when short, a
cell over several columns is given once. Knows nothing of formats or of blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.documents.clean import readable
from assistant.documents.flow import Box, Cell, Paragraph, Piece, Row, Table
from assistant.documents.grid import looks_like_headings

_LONG_TO_REPEAT = 120
_MOST_COLUMNS = 1000


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text: the cells of each row, and the keys of the notes marked in it; the first rows are headings."""

    rows: list[list[str]]
    notes: list[list[str]]
    head_rows: int


def is_layout(table: Table) -> bool:
    """True when a table only arranges the page: it has one column, or holds tables or headings."""
    if any(row.is_head for row in table.rows) and not all(row.is_head for row in table.rows):
        return False
    if len({cell.column for row in table.rows for cell in row.cells if cell.pieces}) <= 1:
        return True
    pieces = (piece for row in table.rows for cell in row.cells for piece in cell.pieces)
    return any(isinstance(piece, Table) or (isinstance(piece, Paragraph) and piece.look.heading) for piece in pieces)


def as_grid(table: Table) -> Grid:
    """The text of a table, without empty rows and columns."""
    texts: list[dict[int, str]] = []
    rows: list[Row] = []
    above: dict[int, str] = {}
    for row in table.rows:
        here: dict[int, str] = {}
        for cell in row.cells:
            text = above.get(cell.column, "") if cell.continues else cell_text(cell)
            here[cell.column] = text if not cell.continues or len(text) <= _LONG_TO_REPEAT else ""
            above[cell.column] = text
        if any(not cell.continues and here[cell.column] for cell in row.cells):
            texts.append(here)
            rows.append(row)
    used = sorted({column for here in texts for column, text in here.items() if text})[:_MOST_COLUMNS]
    cells = [_in_columns(row, here, used) for row, here in zip(rows, texts, strict=True)]
    notes = [[key for cell in row.cells for key in _notes(cell)] for row in rows]
    return Grid(cells, notes, _head_rows(rows, cells))


def _in_columns(row: Row, texts: dict[int, str], used: list[int]) -> list[str]:
    """Cells in place: a column that none of them covers is empty, one that a wide cell covers is not mentioned."""
    ends = {cell.column: cell.column + cell.span for cell in row.cells}
    cells: list[str] = []
    end = 0
    for column in used:
        if column in texts:
            cells.append(texts[column])
            end = ends[column]
        elif column >= end:
            cells.append("")
    return cells


def _head_rows(rows: list[Row], cells: list[list[str]]) -> int:
    """The rows marked as headings; else the first one when it reads like headings, with those its cells reach down to."""
    marked = next((number for number, row in enumerate(rows) if not row.is_head), 0)
    if marked or len(rows) < 2:
        return marked
    stands_out = all(map(_is_bold, rows[0].cells)) and not all(_is_bold(cell) for row in rows for cell in row.cells)
    if not looks_like_headings(cells[0], cells[1], bold=stands_out):
        return 0
    reach = 1
    while reach < len(rows) and any(cell.continues for cell in rows[reach].cells):
        reach += 1
    return reach if reach < len(rows) else 1


def cell_text(cell: Cell) -> str:
    """All words in a cell as one line; items of a list in it keep a bullet."""
    return " ".join(readable(" ".join(_words(cell))).split())


def _words(cell: Cell) -> Iterator[str]:
    for paragraph in _paragraphs(cell):
        if paragraph.look.listed and not paragraph.look.listed.goes_on and paragraph.text.strip():
            yield "•"
        yield paragraph.text


def _notes(cell: Cell) -> Iterator[str]:
    for paragraph in _paragraphs(cell):
        yield from paragraph.notes


def _is_bold(cell: Cell) -> bool:
    return all(paragraph.is_bold for paragraph in _paragraphs(cell) if paragraph.text.strip())


def _paragraphs(cell: Cell) -> Iterator[Paragraph]:
    """The paragraphs in a cell, those of boxes and tables in it included."""
    waiting: list[Iterator[Piece]] = [iter(cell.pieces)]
    while waiting:
        piece = next(waiting[-1], None)
        if piece is None:
            waiting.pop()
        elif isinstance(piece, Paragraph):
            yield piece
        elif isinstance(piece, Box):
            waiting.append(iter(piece.pieces))
        else:
            waiting.append(inside(piece))


def inside(table: Table) -> Iterator[Piece]:
    """What stands in the cells of a table, row by row."""
    return (piece for row in table.rows for cell in row.cells for piece in cell.pieces)
