"""Writes the sheets of a spreadsheet as blocks: names of sheets, titles, tables with their headings, notes.

What every format of spreadsheet has in common, from visible cells to a document. Knows nothing of files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.documents.grid import add_grid
from assistant.documents.leads import leads_in
from assistant.documents.model import BlockKind, DocumentText
from assistant.documents.reader import File
from assistant.documents.sheet_labels import bulleted, is_note, is_title
from assistant.documents.sheet_model import Sheet
from assistant.documents.sheet_regions import regions
from assistant.documents.sheet_tables import Grid, Line, pieces
from assistant.errors import SkippedDocument

_DEFAULT_NAME = re.compile(r"(?:sheet|table|tabelle|feuil|hoja|page|tab)?[\s_]*\d*", re.IGNORECASE)


def write_sheets(sheets: Sequence[Sheet]) -> DocumentText:
    """All blocks of a spreadsheet; a sheet's name is a heading where there are several, or where it says something."""
    text = DocumentText()
    filled = [sheet for sheet in sheets if sheet.rows]
    for sheet in filled:
        if sheet.name and (len(filled) > 1 or not _DEFAULT_NAME.fullmatch(sheet.name.strip())):
            text.add(BlockKind.HEADING, sheet.name, level=1, page=sheet.number)
        _Writer(text, sheet).write()
    return text


def opening_title(sheets: Sequence[Sheet], text: DocumentText) -> str:
    """The first title on the first sheet, else the first sheet's name, "" when neither says what the file is about."""
    for block in list(text)[:3]:
        if block.kind is BlockKind.HEADING and block.level > 1:
            return text.text[block.start : block.end]
    name = next((sheet.name for sheet in sheets if sheet.rows), "")
    return "" if _DEFAULT_NAME.fullmatch(name.strip()) else name


def nothing_to_read(file: File, left_out: Mapping[str, int]) -> SkippedDocument:
    """The error for a spreadsheet that shows nothing, with what it hides."""
    hidden = " and ".join(f"{count:,} {what}" for what, count in left_out.items() if count)
    also = f", only {hidden}, which are not read; show them if they are guidance" if hidden else ""
    return SkippedDocument(f"{file.path.name} has nothing to read in the cells that it shows{also}")


class _Writer:
    """Adds the pieces of one sheet and keeps what introduces the next."""

    def __init__(self, text: DocumentText, sheet: Sheet) -> None:
        self._text = text
        self._sheet = sheet
        self._lead: int | None = None
        self._former: Grid | None = None
        self._headings: int | None = None
        self._is_first = True

    def write(self) -> None:
        found = [pieces(region, self._sheet) for region in regions(self._sheet)]
        for place, region in enumerate(found):
            last = max((number for number, piece in enumerate(region) if isinstance(piece, Grid)), default=-1)
            in_next = place + 1 < len(found) and any(isinstance(piece, Grid) for piece in found[place + 1])
            for number, piece in enumerate(region):
                if isinstance(piece, Grid):
                    self._add_grid(piece)
                else:
                    self._add_line(piece, has_table_below=number < last or (in_next and number == len(region) - 1))
                self._is_first = False

    def _add_grid(self, grid: Grid) -> None:
        """A table without headings of its own, below one in the same columns, goes on with it."""
        page = self._sheet.number
        if self._former is not None and not grid.is_marked and _goes_on(self._former, grid):
            add_grid(self._text, grid.rows, head_rows=0, introduced_by=self._headings, page=page, sections=grid.sections)
        else:
            self._headings = add_grid(
                self._text,
                grid.rows,
                head_rows=grid.head_rows,
                introduced_by=self._lead,
                page=page,
                sections=grid.sections,
            )
            self._former = grid
        self._lead = None

    def _add_line(self, line: Line, *, has_table_below: bool) -> None:
        page = self._sheet.number
        self._former = None
        item = bulleted(line.text)
        if item:
            self._text.add(BlockKind.LIST_ITEM, item, level=1, introduced_by=self._lead, page=page)
        elif is_title(line.text) and (line.bold or self._is_first) and not (has_table_below and is_note(line.text)):
            if line.text != self._sheet.name or not self._is_first:
                self._text.add(BlockKind.HEADING, line.text, level=2, page=page)
            self._lead = None
        else:
            position = self._text.add(BlockKind.PARAGRAPH, line.text, page=page)
            self._lead = position if leads_in(line.text) and (has_table_below or line.text.endswith(":")) else None


def _goes_on(former: Grid, grid: Grid) -> bool:
    is_own = grid.head_rows > 0 and not former.is_marked
    return (
        former.head_rows > 0 and not is_own and former.columns[0] == grid.columns[0] and grid.columns[1] <= former.columns[1]
    )
