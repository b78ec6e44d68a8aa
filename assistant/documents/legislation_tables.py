"""Writes the tables of legislation, which are XHTML tables with paragraphs of legislation in their cells.

Knows nothing of provisions; the caller says what introduces a table.
"""

from __future__ import annotations

from collections import Counter

from lxml import etree

from assistant.documents.legislation_inline import words
from assistant.documents.legislation_writer import Writer
from assistant.documents.legislation_xml import XHTML, children, local
from assistant.documents.model import CELL_SEPARATOR, BlockKind
from assistant.documents.tables import RowKind, read_rows


def write_table(tabular: etree._Element, writer: Writer, tally: Counter[str], *, introduced_by: int | None) -> None:
    """Write the tables of one `Tabular`: what it is called, then rows beside their column headings."""
    called = " ".join(filter(None, (words(part, tally) for part in children(tabular, "Number", "Title", "Subtitle"))))
    above = _first(writer.put(BlockKind.PARAGRAPH, called, introduced_by=introduced_by), introduced_by)
    for note in children(tabular, "TableText"):
        writer.put(BlockKind.PARAGRAPH, words(note, tally), introduced_by=above)
    for table in [*tabular.iterchildren(f"{{{XHTML}}}table")]:
        for element in table.iter(f"{{{XHTML}}}*"):
            element.tag = local(element)
        caption = table.find("caption")
        titled = writer.put(BlockKind.PARAGRAPH, words(caption, tally), introduced_by=above)
        _write_rows(table, writer, tally, introduced_by=_first(titled, above))


def _write_rows(table: etree._Element, writer: Writer, tally: Counter[str], *, introduced_by: int | None) -> None:
    head = above = step = introduced_by
    for row in read_rows(table, lambda cell: words(cell, tally), lambda _: False):
        joined = CELL_SEPARATOR.join(row.cells)
        if row.kind is RowKind.STEP:
            step = writer.put(BlockKind.LIST_ITEM, " ".join(row.cells), level=1, introduced_by=introduced_by)
        elif row.kind is RowKind.UNDER_STEP:
            level = 1 if step == introduced_by else 2
            writer.put(BlockKind.LIST_ITEM, joined, level=level, introduced_by=step)
        elif row.kind is RowKind.HEAD:
            head = above = _first(writer.put(BlockKind.TABLE_HEAD, joined, introduced_by=above), above)
        elif row.kind is RowKind.SECTION:
            above = _first(writer.put(BlockKind.TABLE_ROW, joined, introduced_by=head), head)
        else:
            writer.put(BlockKind.TABLE_ROW, joined, introduced_by=above)


def _first(position: int | None, otherwise: int | None) -> int | None:
    return otherwise if position is None else position
