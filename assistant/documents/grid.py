"""Writes a table that is already a grid of cells as blocks: column headings, then rows that point to them.

Also tells whether a row reads as column headings. Knows nothing of the format that the grid came from.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from assistant.documents.model import CELL_SEPARATOR, BlockKind, DocumentText

_LONG_FOR_HEADING = 100
VALUE = re.compile(
    r"""[£$€]\s?\d | \d\s?% | \S@\S | withheld\ because
      | \A[\d\s.,()/–-]+\Z                  # a number
      | \A\d{1,2}\ [A-Z][a-z]+(?:\ \d{4})?\Z # a date
      | \A[A-Z]{2,6}\d{2,}\w?\b             # the number of a section or form""",
    re.VERBOSE,
)
"""What a column heading never says."""
_CODE = re.compile(r"[A-Z0-9]{2,10}")


def looks_like_headings(cells: Sequence[str], below: Sequence[str], *, bold: bool) -> bool:
    """Whether a first row of plain cells reads as column headings: labels, not values like those below.

    Args:
        cells: The first row, empty cells included.
        below: The row under it, empty when there is none.
        bold: Whether all words of the first row are in bold.
    """
    filled = [cell for cell in cells if cell]
    if not below or not filled or (len(filled) == 1 and cells[0]):
        return False
    if any(VALUE.search(cell) for cell in filled):
        return False
    if bold:
        return True
    if _CODE.fullmatch(cells[0]) and _CODE.fullmatch(below[0]):
        return False  # a list of abbreviations
    return all(len(cell) <= _LONG_FOR_HEADING and not cell.endswith((".", ";")) for cell in filled)


def add_grid(
    text: DocumentText,
    rows: Sequence[Sequence[str]],
    *,
    head_rows: int,
    introduced_by: int | None = None,
    page: int | None = None,
    sections: Container[int] = (),
) -> int | None:
    """Append the rows of a table.

    Empty cells at the end of a row go, as they do at the start of a row of headings; those between stay empty, so that a
    value keeps its column. Only the last row of headings introduces the rows below it; those above introduce it.

    Args:
        text: Collects the blocks.
        rows: The cells of each row, as readable text.
        head_rows: How many of the first rows are column headings.
        introduced_by: Block that says what the table is: a caption, a sheet's title.
        page: Page, slide or sheet it stands on, from 1.
        sections: Rows, counted from 0, that are a heading for the rows below them; these point to it.

    Returns:
        The position of the last row of headings, `introduced_by` when there is none.
    """
    headings = above = introduced_by
    for number, cells in enumerate(rows):
        is_head = number < head_rows
        kept = [cell.strip() for cell in cells]
        while kept and not kept[-1]:
            kept.pop()
        while is_head and kept and not kept[0]:
            kept.pop(0)
        kind = BlockKind.TABLE_HEAD if is_head else BlockKind.TABLE_ROW
        is_section = number in sections
        position = text.add(kind, CELL_SEPARATOR.join(kept), introduced_by=headings if is_section else above, page=page)
        if position is not None and (is_head or is_section):
            above = position
            headings = position if is_head else headings
    return headings
