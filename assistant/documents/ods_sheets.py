"""Reads the sheets of an OpenDocument spreadsheet as the cells that a person sees.

The content is read as a stream, for odfdo holds all of it as a tree, and a repeated row may stand for a million. Knows
nothing of tables or blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from assistant.documents.clean import readable
from assistant.documents.ods_cells import shown, text_boxes
from assistant.documents.ods_styles import OdsStyles
from assistant.documents.sheet_labels import is_error
from assistant.documents.sheet_model import LAST_COLUMN, Budget, Cell, RowCollector, Sheet
from assistant.documents.zip_parts import Parts, attribute, attributes, local_name, whole_number
from assistant.errors import UnreadableDocument

_OPENING = (
    "spreadsheet",
    "table",
    "table-row",
    "table-row-group",
    "table-column-group",
    "table-header-rows",
)
_WHOLE = (
    "automatic-styles",
    "table-cell",
    "covered-table-cell",
    "table-column",
    "shapes",
    "dde-links",
    "tracked-changes",
    "database-range",
)
_RANGE = re.compile(r"\$?'?(.+?)'?\.\$?[A-Z]{1,3}\$?(\d{1,7}):")
_MOST_FROZEN = 10
_FROZEN = "2"


@dataclass(frozen=True, slots=True)
class _Merge:
    top: int
    left: int
    down: int
    across: int


class OdsSheets:
    """Reads all sheets of a file and counts what it leaves out."""

    def __init__(self, parts: Parts, left_out: Counter[str]) -> None:
        self._parts = parts
        self._left_out = left_out
        self._styles = OdsStyles()
        self._budget = Budget(parts.name)
        self._sheets: list[tuple[str, int, RowCollector]] = []
        self._heads: dict[str, set[int]] = {}
        self._is_spreadsheet = False
        self._tables = 0
        self._begin("", is_hidden=True)

    def read(self) -> list[Sheet]:
        """The visible sheets.

        Raises:
            UnreadableDocument: The file is damaged, too large or no spreadsheet.
        """
        common = self._parts.tree("styles.xml")
        for element in common if common is not None else ():
            if local_name(element) in ("styles", "automatic-styles"):
                self._styles.add(element)
        for event, element in self._parts.stream("content.xml", opening=_OPENING, whole=_WHOLE):
            self._take(event, local_name(element), element)
        if not self._is_spreadsheet:
            raise UnreadableDocument(
                f"{self._parts.name} is not an OpenDocument spreadsheet, whatever its name says; save it in its real format"
            )
        frozen = _frozen_rows(self._parts.tree("settings.xml"))
        return [
            Sheet(name, number, tuple(rows.rows), heads=frozenset(self._heads.get(name, set()) | frozen.get(name, set())))
            for name, number, rows in self._sheets
        ]

    def _begin(self, name: str, *, is_hidden: bool) -> None:
        self._name = name
        self._is_hidden = is_hidden
        self._rows = RowCollector(self._budget, self._left_out)
        self._groups: list[bool] = []
        self._merges: list[_Merge] = []
        self._is_head = False
        self._row = 0
        self._column = 0
        self._columns = 0
        self._cells: list[tuple[int, Cell]] = []

    def _take(self, event: str, name: str, element: etree._Element) -> None:
        if name == "spreadsheet":
            self._is_spreadsheet = True
        elif name == "automatic-styles":
            self._styles.add(element)
        elif name == "database-range":
            self._take_range(element)
        elif name == "table":
            self._take_table(element) if event == "start" else self._end_table()
        elif self._is_hidden:
            return
        elif name in ("table-row-group", "table-column-group"):
            if event == "start":
                self._groups.append(attribute(element, "display") == "false")
            elif self._groups:
                self._groups.pop()
        elif name == "table-header-rows":
            self._is_head = event == "start"
        elif name == "table-column":
            self._take_columns(element)
        elif name == "table-row":
            self._take_row(event, element)
        elif name == "shapes":
            self._left_out["text boxes"] += text_boxes(element)
        elif name in ("table-cell", "covered-table-cell"):
            self._cells += self._cell(element, is_covered=name != "table-cell")

    def _take_table(self, element: etree._Element) -> None:
        self._tables += 1
        is_hidden = self._styles.find("table", attribute(element, "style-name")).hidden
        self._left_out["hidden sheets"] += is_hidden
        self._begin(readable(attribute(element, "name") or ""), is_hidden=is_hidden)

    def _end_table(self) -> None:
        for merge in self._merges:
            self._rows.merge(merge.top, merge.left, bottom=merge.top + merge.down - 1, right=merge.left + merge.across - 1)
        if not self._is_hidden:
            self._sheets.append((self._name, self._tables, self._rows))
        self._begin("", is_hidden=True)

    def _is_out(self, element: etree._Element, family: str) -> bool:
        """Whether a row or column is hidden, filtered out, folded away or has no size."""
        return (
            attribute(element, "visibility") in ("collapse", "filter")
            or any(self._groups)
            or self._styles.find(family, attribute(element, "style-name")).hidden
        )

    def _take_columns(self, element: etree._Element) -> None:
        first = self._columns + 1
        self._columns += max(whole_number(attribute(element, "number-columns-repeated"), 1), 1)
        if self._is_out(element, "table-column"):
            self._rows.hide_columns(first, self._columns)

    def _take_row(self, event: str, element: etree._Element) -> None:
        if event == "start":
            self._column = 0
            self._cells = []
            return
        repeated = max(whole_number(attribute(element, "number-rows-repeated"), 1), 1)
        if self._is_head:
            self._heads.setdefault(self._name, set()).add(self._row + 1)
        self._rows.add(self._row + 1, self._cells, is_hidden=self._is_out(element, "table-row"), repeated=repeated)
        self._row += repeated
        self._cells = []

    def _cell(self, element: etree._Element, *, is_covered: bool) -> Iterator[tuple[int, Cell]]:
        """The cell of an element in its columns, if it shows anything."""
        held = attributes(element)
        first = self._column + 1
        self._column += max(whole_number(held.get("number-columns-repeated"), 1), 1)
        if len(element) == 0 and "value-type" not in held:
            return
        self._count_asides(element)
        if is_covered or first > LAST_COLUMN:
            return
        text = shown(element)
        style = self._styles.find("table-cell", held.get("style-name"))
        if is_error(text):
            self._left_out["formula errors"] += 1
        elif style.unseen:
            self._left_out["white texts"] += bool(text)
        elif text:
            down, across = (
                whole_number(held.get("number-rows-spanned"), 1),
                whole_number(held.get("number-columns-spanned"), 1),
            )
            if down > 1 or across > 1:
                self._merges.append(_Merge(self._row + 1, first, max(down, 1), max(across, 1)))
            cell = Cell(text, bool(style.bold))
            for column in range(first, min(self._column, LAST_COLUMN) + 1):
                yield column, cell

    def _count_asides(self, element: etree._Element) -> None:
        """Comments on a cell and boxes that float over it."""
        others = [child for child in element if local_name(child) != "p"]
        if others:
            self._left_out["comments"] += sum(local_name(child) == "annotation" for child in others)
            self._left_out["text boxes"] += text_boxes(element)

    def _take_range(self, element: etree._Element) -> None:
        """The first row of a range that can be filtered holds its headings."""
        match = _RANGE.match(attribute(element, "target-range-address") or "")
        if (
            match
            and attribute(element, "display-filter-buttons") == "true"
            and attribute(element, "contains-header") != "false"
        ):
            self._heads.setdefault(match[1].replace("''", "'"), set()).add(int(match[2]))


def _frozen_rows(settings: etree._Element | None) -> dict[str, set[int]]:
    """Rows that stay at the top of the window, by name of the sheet."""
    found: dict[str, set[int]] = {}
    entries = settings.iterfind(".//{*}config-item-map-named/{*}config-item-map-entry") if settings is not None else ()
    for entry in entries:
        items = {attribute(item, "name"): item.text for item in entry}
        rows = whole_number(items.get("VerticalSplitPosition"))
        if items.get("VerticalSplitMode") == _FROZEN and 0 < rows <= _MOST_FROZEN:
            found[attribute(entry, "name") or ""] = set(range(1, rows + 1))
    return found
