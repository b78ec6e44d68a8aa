"""Reads what the sheets of an Excel workbook share: their names and order, texts, formats of cells.

Knows nothing of what is in a sheet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from assistant.documents.clean import readable
from assistant.documents.number_formats import BUILT_IN, GENERAL
from assistant.documents.zip_parts import Parts, attribute, is_true, local_name, whole_number
from assistant.errors import UnreadableDocument

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PRINT_TITLES = re.compile(r"\$(\d{1,7}):\$(\d{1,7})(?!\d)")
_MOST_HEAD_ROWS = 20
_MOST_SHARED = 2_000_000
_WHITE_INDEXES = ("1", "9")


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks.

    Attributes:
        code: Code of its number format.
        bold: Whether it is in bold.
        unseen: Whether it is white on white.
    """

    code: str = GENERAL
    bold: bool = False
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it.

    Attributes:
        name: Name on its tab.
        path: Its part; "" when it is a chart or missing.
        hidden: Whether it is hidden.
        print_titles: Numbers of the rows that are printed on each page.
    """

    name: str
    path: str
    hidden: bool
    print_titles: frozenset[int]


@dataclass(frozen=True, slots=True)
class Workbook:
    """What is common to the sheets of a file."""

    sheets: tuple[SheetEntry, ...]
    texts: tuple[str, ...]
    styles: tuple[Style, ...]
    from_1904: bool


def read_workbook(parts: Parts) -> Workbook:
    """The workbook of a package.

    Raises:
        UnreadableDocument: It is damaged, or no workbook that can be read.
    """
    path = parts.main_part() or "xl/workbook.xml"
    if path.lower().endswith(".bin"):
        raise UnreadableDocument(
            f"{parts.name} is in Excel's binary format; open it and save it as an Excel workbook (.xlsx)"
        )
    root = parts.tree(path)
    if root is None or local_name(root) != "workbook":
        raise UnreadableDocument(
            f"{parts.name} is not an Excel workbook, whatever its name says; save it in its real format"
        )
    links = parts.relationships(path)
    by_kind = {link.kind: link.path for link in links.values()}
    properties = root.find("{*}workbookPr")
    titles = _print_titles(root)
    sheets = []
    for number, sheet in enumerate(root.iterfind("{*}sheets/{*}sheet")):
        link = links.get(attribute(sheet, "id") or "")
        is_read = link is not None and link.kind == "worksheet"
        sheets.append(
            SheetEntry(
                name=readable(unescaped(sheet.get("name", ""))),
                path=link.path if link is not None and is_read else "",
                hidden=sheet.get("state", "visible") in ("hidden", "veryHidden"),
                print_titles=titles.get(number, frozenset()),
            )
        )
    return Workbook(
        sheets=tuple(sheets),
        texts=_shared_texts(parts, by_kind.get("sharedStrings", "")),
        styles=_styles(parts.tree(by_kind.get("styles", ""))),
        from_1904=properties is not None and is_true(properties.get("date1904")),
    )


def unescaped(text: str) -> str:
    """A text with the characters that Excel writes as "_x000D_" put back."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def text_of(element: etree._Element) -> str:
    """The text of a string, plain or in runs, without the readings that Japanese puts above it."""
    found: list[str] = []
    for child in element:
        name = local_name(child)
        if name == "t":
            found.append(child.text or "")
        elif name == "r":
            found += (part.text or "" for part in child.iterfind("{*}t"))
    return readable(unescaped("".join(found)))


def _print_titles(root: etree._Element) -> dict[int, frozenset[int]]:
    """Rows repeated in print, by place of the sheet."""
    found = {}
    for defined in root.iterfind("{*}definedNames/{*}definedName"):
        match = _PRINT_TITLES.search(defined.text or "")
        if defined.get("name") == "_xlnm.Print_Titles" and match:
            first, last = int(match[1]), int(match[2])
            if first <= last < first + _MOST_HEAD_ROWS:
                found[whole_number(defined.get("localSheetId"), -1)] = frozenset(range(first, last + 1))
    return found


def _shared_texts(parts: Parts, path: str) -> tuple[str, ...]:
    texts = []
    for _, element in parts.stream(path, whole=("si",)):
        texts.append(text_of(element))
        if len(texts) > _MOST_SHARED:
            raise UnreadableDocument(
                f"{parts.name} holds more than {_MOST_SHARED:,} different texts: it is a set of data rather than guidance"
            )
    return tuple(texts)


def _styles(root: etree._Element | None) -> tuple[Style, ...]:
    if root is None:
        return ()
    codes = dict(BUILT_IN)
    for form in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[whole_number(form.get("numFmtId"), -1)] = unescaped(form.get("formatCode", GENERAL))
    fonts = [(_is_on(font.find("{*}b")), _is_white(font.find("{*}color"))) for font in root.iterfind("{*}fonts/{*}font")]
    bare = [_is_bare(fill.find("{*}patternFill")) and len(fill) < 2 for fill in root.iterfind("{*}fills/{*}fill")]
    found = []
    for form in root.iterfind("{*}cellXfs/{*}xf"):
        font, fill = whole_number(form.get("fontId")), whole_number(form.get("fillId"))
        bold, white = fonts[font] if 0 <= font < len(fonts) else (False, False)
        is_bare = not 0 <= fill < len(bare) or bare[fill]
        found.append(Style(codes.get(whole_number(form.get("numFmtId")), GENERAL), bold, white and is_bare))
    return tuple(found)


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get("val", "1") not in ("0", "false")


def _is_white(color: etree._Element | None) -> bool:
    if color is None or float_or_zero(color.get("tint")) != 0:
        return False
    rgb = (color.get("rgb") or "").upper()
    return rgb[-6:] == "FFFFFF" or color.get("theme") == "0" or color.get("indexed") in _WHITE_INDEXES


def _is_bare(pattern: etree._Element | None) -> bool:
    """Whether a fill leaves the cell white."""
    if pattern is None or pattern.get("patternType", "none") == "none":
        return pattern is not None
    return pattern.get("patternType") == "solid" and _is_white(pattern.find("{*}fgColor"))


def float_or_zero(value: str | None) -> float:
    """The number that an attribute or cell holds, 0 when it holds none."""
    try:
        return float(value) if value else 0.0
    except ValueError:
        return 0.0
