"""Writes a table that is already a grid of cells as blocks: column headings, then rows that point to them.

Knows nothing of the format that the grid came from.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.documents.model import CELL_SEPARATOR, BlockKind, DocumentText


def add_grid(
    text: DocumentText,
    rows: Sequence[Sequence[str]],
    *,
    head_rows: int,
    introduced_by: int | None = None,
    page: int | None = None,
) -> None:
    """Append the rows of a table.

    Empty cells at the end of a row go, as they do at the start of a row of headings; those between stay empty, so that a
    value keeps its column. Only the last row of headings introduces the rows below it; those above introduce it.

    Args:
        text: Collects the blocks.
        rows: The cells of each row, as readable text.
        head_rows: How many of the first rows are column headings.
        introduced_by: Block that says what the table is: a caption, a sheet's title.
        page: Page, slide or sheet it stands on, from 1.
    """
    above = introduced_by
    for number, cells in enumerate(rows):
        is_head = number < head_rows
        kept = [cell.strip() for cell in cells]
        while kept and not kept[-1]:
            kept.pop()
        while is_head and kept and not kept[0]:
            kept.pop(0)
        kind = BlockKind.TABLE_HEAD if is_head else BlockKind.TABLE_ROW
        position = text.add(kind, CELL_SEPARATOR.join(kept), introduced_by=above, page=page)
        if is_head and position is not None:
            above = position
