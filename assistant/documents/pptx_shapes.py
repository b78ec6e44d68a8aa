"""Lists what stands on a slide: text boxes, tables and diagrams with their places, out of their groups.

Knows nothing of order or blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from assistant.documents.pptx_deck import Deck, Slide, placeholder_key
from assistant.documents.zip_parts import is_true, local_name, whole_number

_NOT_READ = frozenset({"dt", "ftr", "sldNum", "hdr"})
"""Placeholders of the margin: date, footer, number and header."""
_MOST_SHAPES = 20_000
_CONNECTED = ("sp", "graphicFrame", "grpSp", "pic", "cxnSp", "AlternateContent", "contentPart")


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands, in the slide's units from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Shape:
    """Something on a slide.

    Attributes:
        element: Its XML.
        kind: Its placeholder's type ("title", "body", "subTitle", …), "" when it is none.
        box: Where it stands; None when the file does not say.
        sources: The placeholders on layout and master that it comes from, nearest first.
    """

    element: etree._Element
    kind: str
    box: Box | None
    sources: tuple[etree._Element, ...] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns places inside a group into places on the slide."""

    scale_x: float = 1.0
    scale_y: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def place(self, box: Box) -> Box:
        return Box(
            self.left + self.scale_x * box.left,
            self.top + self.scale_y * box.top,
            self.left + self.scale_x * box.right,
            self.top + self.scale_y * box.bottom,
        )


def shapes(slide: Slide, deck: Deck, left_out: Counter[str]) -> list[Shape]:
    """What can be seen on a slide, in the order of the file; the rest is counted."""
    tree = slide.root.find("{*}cSld/{*}spTree")
    waiting = [(child, _Frame()) for child in reversed(tree)] if tree is not None else []
    found: list[Shape] = []
    while waiting and len(found) < _MOST_SHAPES:
        element, frame = waiting.pop()
        name = local_name(element)
        if name not in _CONNECTED:
            continue
        if name == "AlternateContent":
            chosen = next((child for child in element if len(child)), None)  # the first is what a new program shows
            waiting += [(child, frame) for child in reversed(chosen)] if chosen is not None else []
        elif _is_hidden(element):
            left_out["hidden texts"] += _has_words(element)
        elif name == "grpSp":
            inner = _inside(element, frame)
            waiting += [(child, inner) for child in reversed(element)]
        elif (shape := _shape(element, frame, slide)) is not None:
            if shape.box is not None and _is_off(shape.box, deck):
                left_out["hidden texts"] += _has_words(element)
            else:
                found.append(shape)
    return found


def _shape(element: etree._Element, frame: _Frame, slide: Slide) -> Shape | None:
    placeholder = element.find("{*}nvSpPr/{*}nvPr/{*}ph")
    if placeholder is None:
        placeholder = element.find("{*}nvGraphicFramePr/{*}nvPr/{*}ph")
    kind, index = placeholder_key(placeholder) if placeholder is not None else ("", "")
    if kind in _NOT_READ:
        return None
    sources = tuple(_sources(slide, kind, index)) if kind else ()
    own = _own_box(element)
    box = frame.place(own) if own is not None else next(filter(None, map(_own_box, sources)), None)
    return Shape(element, kind, box, sources)


def _sources(slide: Slide, kind: str, index: str) -> Iterator[etree._Element]:
    on_layout = slide.layout.find(kind, index) if slide.layout is not None else None
    if on_layout is not None:
        yield on_layout
        placeholder = on_layout.find("{*}nvSpPr/{*}nvPr/{*}ph")
        kind = placeholder_key(placeholder)[0] if placeholder is not None else kind
    on_master = slide.master.find("body" if kind == "subTitle" else kind, "") if slide.master is not None else None
    if on_master is not None:
        yield on_master


def _own_box(element: etree._Element) -> Box | None:
    place = element.find("{*}xfrm")
    if place is None:
        place = element.find("{*}spPr/{*}xfrm")
    return _box(place, "off", "ext") if place is not None else None


def _box(place: etree._Element, corner: str, size: str) -> Box | None:
    offset, extent = place.find(f"{{*}}{corner}"), place.find(f"{{*}}{size}")
    if offset is None or extent is None:
        return None
    left, top = whole_number(offset.get("x")), whole_number(offset.get("y"))
    return Box(left, top, left + whole_number(extent.get("cx")), top + whole_number(extent.get("cy")))


def _inside(group: etree._Element, frame: _Frame) -> _Frame:
    place = group.find("{*}grpSpPr/{*}xfrm")
    outer = _box(place, "off", "ext") if place is not None else None
    inner = _box(place, "chOff", "chExt") if place is not None else None
    if outer is None or inner is None or inner.right == inner.left or inner.bottom == inner.top:
        return frame
    outer = frame.place(outer)
    scale_x = (outer.right - outer.left) / (inner.right - inner.left)
    scale_y = (outer.bottom - outer.top) / (inner.bottom - inner.top)
    return _Frame(scale_x, scale_y, outer.left - scale_x * inner.left, outer.top - scale_y * inner.top)


def _is_off(box: Box, deck: Deck) -> bool:
    return box.right <= 0 or box.bottom <= 0 or box.left >= deck.width or box.top >= deck.height


def _is_hidden(element: etree._Element) -> bool:
    """Whether a shape is switched off in the list of what stands on the slide."""
    facts = next((part.find("{*}cNvPr") for part in element if local_name(part).startswith("nv")), None)
    return facts is not None and is_true(facts.get("hidden"))


def _has_words(element: etree._Element) -> bool:
    return any((text.text or "").strip() for text in element.iter("{*}t"))
