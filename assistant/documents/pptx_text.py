"""Reads the paragraphs of a text box: their words, how deep they stand, and whether they have a bullet.

A bullet is seldom on the slide itself: it comes from the layout or the master. Knows nothing of blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from assistant.documents.clean import readable
from assistant.documents.pptx_deck import Slide
from assistant.documents.pptx_shapes import Shape
from assistant.documents.zip_parts import local_name, whole_number

_DEEPEST = 8
_SMALLEST = 200
"""Hundredths of a point, up to which nobody can see a text."""
_NOT_READ = ("slidenum", "datetime", "footer", "header")
_BULLETS = {"buNone": False, "buChar": True, "buAutoNum": True, "buBlip": True}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a text box.

    Attributes:
        text: Its words, not empty.
        depth: How far it is indented, from 0.
        bulleted: Whether it has a bullet or number.
    """

    text: str
    depth: int
    bulleted: bool


def paragraphs(shape: Shape, slide: Slide, left_out: Counter[str]) -> list[Paragraph]:
    """The paragraphs of a shape that hold words."""
    body = shape.element.find("{*}txBody")
    if body is None:
        return []
    styles = list(_styles(shape, slide))
    known: dict[int, bool] = {}
    found = []
    for paragraph in body.iterfind("{*}p"):
        text = " ".join(words(paragraph, left_out).split())
        if not text:
            continue
        own = paragraph.find("{*}pPr")
        depth = min(max(whole_number(own.get("lvl") if own is not None else None), 0), _DEEPEST)
        bulleted = _bullet(own)
        if bulleted is None:
            if depth not in known:
                given = (_bullet(style.find(f"{{*}}lvl{depth + 1}pPr")) for style in styles)
                known[depth] = next((bullet for bullet in given if bullet is not None), False)
            bulleted = known[depth]
        found.append(Paragraph(text, depth, bulleted))
    return found


def words(paragraph: etree._Element, left_out: Counter[str]) -> str:
    """The words of a paragraph that can be seen, without numbers of slides and dates of today."""
    found: list[str] = []
    for child in _runs(paragraph):
        name = local_name(child)
        if name == "br":
            found.append(" ")
        elif name == "r" or (name == "fld" and not child.get("type", "").lower().startswith(_NOT_READ)):
            text = "".join(part.text or "" for part in child.iterfind("{*}t"))
            if text.strip() and _is_unseen(child.find("{*}rPr")):
                left_out["hidden texts"] += 1
            else:
                found.append(text)
    return readable("".join(found)).replace("\v", " ")


def _runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs of a paragraph; of a formula, the form that older programs show."""
    for child in paragraph:
        if local_name(child) == "AlternateContent":
            yield from child.iterfind("{*}Fallback/{*}r")
        else:
            yield child


def _is_unseen(properties: etree._Element | None) -> bool:
    if properties is None:
        return False
    is_tiny = 0 < whole_number(properties.get("sz"), _SMALLEST + 1) <= _SMALLEST
    return is_tiny or properties.find("{*}noFill") is not None


def _styles(shape: Shape, slide: Slide) -> Iterator[etree._Element]:
    """Where the look of a paragraph comes from, nearest first."""
    for element in (shape.element, *shape.sources):
        style = element.find("{*}txBody/{*}lstStyle")
        if style is not None:
            yield style
    if slide.master is not None:
        kind = {"": "otherStyle", "title": "titleStyle"}.get(shape.kind, "bodyStyle")
        style = slide.master.root.find(f"{{*}}txStyles/{{*}}{kind}")
        if style is not None:
            yield style


def _bullet(properties: etree._Element | None) -> bool | None:
    """Whether properties of a paragraph give it a bullet; None when they leave it open."""
    for child in properties if properties is not None else ():
        name = local_name(child)
        if name in _BULLETS:
            return _BULLETS[name]
    return None
