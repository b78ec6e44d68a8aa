"""Reads the tables and diagrams (SmartArt) on a slide. Knows nothing of blocks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lxml import etree

from assistant.documents.grid import looks_like_headings
from assistant.documents.pptx_deck import Slide
from assistant.documents.pptx_shapes import Shape
from assistant.documents.pptx_text import Paragraph, words
from assistant.documents.zip_parts import Parts, attribute, is_true, whole_number

_LONG_TO_REPEAT = 120
_DEEPEST = 6
_MOST_POINTS = 5_000


@dataclass(frozen=True, slots=True)
class SlideTable:
    """A table: the text of each cell, and how many of the first rows are column headings."""

    rows: tuple[tuple[str, ...], ...]
    head_rows: int


def table(shape: Shape, left_out: Counter[str]) -> SlideTable | None:
    """The table in a shape; a cell that spans rows is repeated in each, one that spans columns stands once."""
    element = shape.element.find("{*}graphic/{*}graphicData/{*}tbl")
    if element is None:
        return None
    rows: list[tuple[str, ...]] = []
    for row in element.iterfind("{*}tr"):
        cells: list[str] = []
        for column, cell in enumerate(row.iterfind("{*}tc")):
            text = ""
            if is_true(cell.get("vMerge")):
                above = rows[-1][column] if rows and column < len(rows[-1]) else ""
                text = above if len(above) <= _LONG_TO_REPEAT else ""
            elif not is_true(cell.get("hMerge")):
                text = " ".join(words(paragraph, left_out) for paragraph in cell.iterfind("{*}txBody/{*}p")).strip()
            cells.append(text)
        if any(cells):
            rows.append(tuple(cells))
    if not rows:
        return None
    properties = element.find("{*}tblPr")
    is_marked = properties is not None and is_true(properties.get("firstRow"))
    is_guessed = len(rows) > 1 and looks_like_headings(rows[0], rows[1], bold=False)
    return SlideTable(tuple(rows), int(len(rows) > 1 and (is_marked or is_guessed)))


def has_chart(shape: Shape) -> bool:
    """Whether a shape is a chart."""
    data = shape.element.find("{*}graphic/{*}graphicData")
    return data is not None and (data.get("uri") or "").endswith("/chart")


def diagram(shape: Shape, slide: Slide, parts: Parts, left_out: Counter[str]) -> list[Paragraph]:
    """The texts of a diagram as a list, those that belong to another one below it."""
    pointer = shape.element.find("{*}graphic/{*}graphicData/{*}relIds")
    link = slide.links.get(attribute(pointer, "dm") or "") if pointer is not None else None
    root = parts.tree(link.path) if link is not None else None
    if root is None:
        return []
    points = {point.get("modelId", ""): point for point in root.iterfind("{*}ptLst/{*}pt")}
    below: dict[str, list[tuple[int, str]]] = {}
    for link_between in root.iterfind("{*}cxnLst/{*}cxn"):
        if link_between.get("type", "parOf") == "parOf":
            order = whole_number(link_between.get("srcOrd"))
            below.setdefault(link_between.get("srcId", ""), []).append((order, link_between.get("destId", "")))
    tops = [name for name, point in points.items() if point.get("type") == "doc"]
    return _flattened(points, below, tops, left_out)


def _flattened(
    points: dict[str, etree._Element], below: dict[str, list[tuple[int, str]]], tops: list[str], left_out: Counter[str]
) -> list[Paragraph]:
    found: list[Paragraph] = []
    seen = set(tops)
    waiting = [(name, -1) for name in reversed(tops)]
    while waiting and len(found) < _MOST_POINTS:
        name, depth = waiting.pop()
        point = points.get(name)
        if depth >= 0 and point is not None:
            text = " ".join(" ".join(words(part, left_out) for part in point.iterfind("{*}t/{*}p")).split())
            if text:
                found.append(Paragraph(text, min(depth, _DEEPEST), bulleted=True))
        for _, child in sorted(below.get(name, ()), reverse=True):
            if child not in seen:
                seen.add(child)
                waiting.append((child, depth + 1))
    return found
