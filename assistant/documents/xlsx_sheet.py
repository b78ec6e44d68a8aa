"""Reads one sheet of an Excel workbook as the cells that a person sees, row by row.

The sheet's XML is read as a stream: openpyxl tells which rows are hidden only if it holds the whole sheet (430 MB for a
million cells, where this and its document take 200), and gives values instead of what is shown. Knows nothing of tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from assistant.documents.clean import readable
from assistant.documents.metadata import parse_date
from assistant.documents.number_formats import show, show_date
from assistant.documents.sheet_labels import is_error
from assistant.documents.sheet_model import LAST_COLUMN, LAST_ROW, Area, Budget, Cell, RowCollector, Sheet
from assistant.documents.xlsx_workbook import SheetEntry, Style, Workbook, float_or_zero, text_of, unescaped
from assistant.documents.zip_parts import Parts, is_true, whole_number

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_MOST_FROZEN = 10
_MOST_AREAS = 1000
_WHOLE = ("c", "col", "mergeCell", "autoFilter", "sheetView")


class SheetReader:
    """Reads one sheet and counts what it leaves out."""

    def __init__(self, parts: Parts, book: Workbook, *, budget: Budget, left_out: Counter[str]) -> None:
        self._parts = parts
        self._book = book
        self._left_out = left_out
        self._rows = RowCollector(budget, left_out)
        self._heads: set[int] = set()
        self._areas: list[tuple[Area, int, int]] = []
        self._row = 0
        self._column = 0
        self._style = Style()

    def read(self, entry: SheetEntry, number: int) -> Sheet:
        """The sheet, by its entry in the workbook and its place among the sheets."""
        self._heads |= entry.print_titles
        self._read_neighbours(entry.path)
        cells: list[tuple[int, Cell]] = []
        is_hidden = False
        for event, element in self._parts.stream(entry.path, opening=("row",), whole=_WHOLE):
            tag = element.tag.rpartition("}")[2]
            if tag == "c":
                cells += self._cells(element)
            elif event == "start":
                self._row = whole_number(element.get("r"), self._row + 1)
                self._column = 0
                is_hidden = is_true(element.get("hidden")) or element.get("ht") in ("0", "0.0")
            elif event == "end":
                self._rows.add(self._row, cells, is_hidden=is_hidden)
                cells = []
            else:
                self._read_setting(tag, element)
        areas = tuple(area for area, _, _ in self._areas)
        return Sheet(entry.name, number, tuple(self._rows.rows), areas, frozenset(self._heads))

    def _read_neighbours(self, path: str) -> None:
        """The tables that a sheet points to, and how many comments it has."""
        for link in self._parts.relationships(path).values():
            if link.kind == "table" and len(self._areas) < _MOST_AREAS:
                table = self._parts.tree(link.path)
                bounds = _bounds(table.get("ref")) if table is not None else None
                if table is not None and bounds:
                    top, left, bottom, right = bounds
                    area = Area(top, bottom, whole_number(table.get("headerRowCount"), 1) > 0)
                    self._areas.append((area, left, right))
            elif link.kind == "comments":
                count = sum(1 for _ in self._parts.stream(link.path, whole=("comment",)))
                self._left_out["comments"] += count
            elif link.kind == "drawing":
                self._left_out["text boxes"] += sum(
                    any((part.text or "").strip() for part in shape.iterfind("{*}txBody/{*}p/{*}r/{*}t"))
                    for _, shape in self._parts.stream(link.path, whole=("sp",))
                )

    def _read_setting(self, tag: str, element: etree._Element) -> None:
        if tag == "col" and (is_true(element.get("hidden")) or element.get("width") in ("0", "0.0")):
            self._rows.hide_columns(whole_number(element.get("min")), whole_number(element.get("max")))
        elif tag == "sheetView":
            pane = element.find("{*}pane")
            if pane is not None and pane.get("state", "split").startswith("frozen"):
                bounds = _bounds(element.get("topLeftCell"))
                first = bounds[0] if bounds else 1
                frozen = int(min(float_or_zero(pane.get("ySplit")), LAST_ROW))
                self._heads |= set(range(first, first + frozen)) if 0 < frozen <= _MOST_FROZEN else set()
        elif tag == "mergeCell" and (bounds := _bounds(element.get("ref"))):
            top, left, bottom, right = bounds
            self._rows.merge(top, left, bottom=bottom, right=right)
        elif tag == "autoFilter" and (bounds := _bounds(element.get("ref"))):
            self._heads.add(bounds[0])

    def _cells(self, element: etree._Element) -> Iterator[tuple[int, Cell]]:
        """The cell of an element with its column, if it shows anything."""
        self._column = column_of(element.get("r")) or self._column + 1
        if len(element) == 0:
            return
        style = whole_number(element.get("s"))
        self._style = self._book.styles[style] if 0 <= style < len(self._book.styles) else Style()
        text = self._shown(element)
        if not text:
            return
        if self._style.unseen and not self._is_in_area():
            self._left_out["white texts"] += 1
        elif is_error(text):
            self._left_out["formula errors"] += 1
        else:
            yield self._column, Cell(text, self._style.bold)

    def _is_in_area(self) -> bool:
        """Tables bring colours of their own, in which white may well be seen."""
        return any(
            area.top <= self._row <= area.bottom and left <= self._column <= right for area, left, right in self._areas
        )

    def _shown(self, cell: etree._Element) -> str:
        """What a cell shows: the result of its formula, in its format."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            return self._as_text(text_of(inline)) if inline is not None else ""
        held = cell.find("{*}v")
        value = (held.text or "").strip(" \t\r\n") if held is not None else ""
        if not value:
            if cell.find("{*}f") is not None and kind != "str":
                self._left_out["formulas without a result"] += 1
            return ""
        if kind == "s":
            place = whole_number(value, -1)
            return self._as_text(self._book.texts[place]) if 0 <= place < len(self._book.texts) else ""
        if kind == "b":
            return "TRUE" if is_true(value) else "FALSE"
        if kind in ("str", "e"):
            return self._as_text(readable(unescaped(value)))
        if kind == "d":
            date = parse_date(value)
            return show_date(date) if date is not None else readable(value)
        try:
            return show(float(value), self._style.code, from_1904=self._book.from_1904)
        except (ValueError, OverflowError, ArithmeticError):
            return readable(value)

    def _as_text(self, text: str) -> str:
        """A text in its format, which may hide it or add words around it."""
        sections = self._style.code.split(";")
        if len(sections) < 4 or '"' in sections[3] or "\\" in sections[3]:
            return text.strip()
        return text.strip() if "@" in sections[3] or "general" in sections[3].lower() else ""


_COLUMNS: dict[str, int] = {}


def column_of(reference: str | None) -> int:
    """The number of the column in a reference such as "BC12"; 0 when there is none."""
    letters = (reference or "").rstrip("0123456789")
    known = _COLUMNS.get(letters)
    if known is not None:
        return known
    number = 0
    if 0 < len(letters) < 4 and letters.isascii() and letters.isalpha():
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        if number <= LAST_COLUMN:
            _COLUMNS[letters] = number
    return number


def _bounds(reference: str | None) -> tuple[int, int, int, int] | None:
    """Top, left, bottom and right of a range such as "A1:C9"."""
    found = _REFERENCE.findall(reference or "")
    if not 0 < len(found) < 3:
        return None
    (left, top), (right, bottom) = found[0], found[-1]
    return int(top), column_of(left), int(bottom), column_of(right)
