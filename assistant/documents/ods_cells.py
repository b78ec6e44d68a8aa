"""Reads one cell of an OpenDocument spreadsheet: the text that it shows. Knows nothing of rows or styles."""

from __future__ import annotations

from lxml import etree

from assistant.documents.clean import readable
from assistant.documents.metadata import parse_date
from assistant.documents.number_formats import plain, show_date
from assistant.documents.zip_parts import attribute, attributes, local_name, whole_number

_SPACES = ("s", "tab", "line-break")
_NOT_SHOWN = ("annotation", "note", "ruby-text", "frame")
_MOST_SPACES = 100


def shown(cell: etree._Element) -> str:
    """The text in a cell as the program that saved it showed it; the plain value where it saved no text."""
    paragraphs = [words(child) for child in cell if local_name(child) in ("p", "h")]
    return " ".join(paragraphs).strip() if paragraphs else _value(cell)


def words(paragraph: etree._Element) -> str:
    """The text of a paragraph without its notes."""
    if len(paragraph) == 0:
        return readable(paragraph.text or "")
    found: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start", "end"))
    for event, element in walk:
        name = local_name(element)
        if event == "end":
            found.append((element.tail or "") if element is not paragraph else "")
        elif name in _NOT_SHOWN:
            walk.skip_subtree()
        elif name in _SPACES:
            found.append(" " * min(max(whole_number(attribute(element, "c"), 1), 1), _MOST_SPACES))
        else:
            found.append(element.text or "")
    return readable("".join(found))


def text_boxes(element: etree._Element) -> int:
    """How many boxes with text float over a cell or sheet."""
    return sum(any("".join(paragraph.itertext()).strip() for paragraph in box) for box in element.iterfind(".//{*}text-box"))


def _value(cell: etree._Element) -> str:
    held = attributes(cell)
    kind = held.get("value-type")
    if kind == "string":
        return readable(held.get("string-value", ""))
    if kind == "boolean":
        return held.get("boolean-value", "").upper()
    if kind == "date" and (date := parse_date(held.get("date-value"))):
        return show_date(date)
    if kind in ("float", "currency", "percentage"):
        try:
            number = float(held.get("value", ""))
            return f"{plain(number * 100)}%" if kind == "percentage" else plain(number)
        except (ValueError, OverflowError):
            return ""
    return ""
