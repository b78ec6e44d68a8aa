"""What the styles of an OpenDocument text make of a paragraph, span, cell or section: heading, hidden, bold, indented.

A style's own properties go before those of its parents, these before the defaults for its family.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lxml import etree

from assistant.documents.flow_ink import UNKNOWN_PAPER, WHITE, Ink

_NAMESPACES = {
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}
_LONGEST_CHAIN = 20
_HEADING = re.compile(r"Heading_20_([1-9])")
_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)")
_TWIPS = {"cm": 1440 / 2.54, "mm": 144 / 2.54, "in": 1440, "pt": 20, "pc": 240, "px": 15}


@cache
def name(prefixed: str) -> str:
    """The full name of an element or attribute, as "text:p"."""
    prefix, _, local = prefixed.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says; `indent` is None where it says nothing, `heading` is an outline level."""

    ink: Ink
    indent: int | None = None
    heading: int = 0
    is_title: bool = False
    paper: str = ""


class Styles:
    """The styles of one document, from its parts."""

    def __init__(self, *roots: etree._Element | None) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._defaults: dict[str, etree._Element] = {}
        self._lists: dict[str, etree._Element] = {}
        self._known: dict[tuple[str, str], Style] = {}
        self.paper = WHITE
        for root in roots:
            for style in () if root is None else root.iter(name("style:style")):
                self._styles[style.get(name("style:family"), ""), style.get(name("style:name"), "")] = style
            for style in () if root is None else root.iter(name("style:default-style")):
                self._defaults[style.get(name("style:family"), "")] = style
            for style in () if root is None else root.iter(name("text:list-style")):
                self._lists[style.get(name("style:name"), "")] = style
            for layout in () if root is None else root.iter(name("style:page-layout-properties")):
                if layout.get(name("fo:background-color"), "transparent") not in ("transparent", WHITE):
                    self.paper = UNKNOWN_PAPER

    def of(self, family: str, style: str) -> Style:
        """What a style of a family ("paragraph", "text", "table-cell" …) says, with all it is based on."""
        key = (family, style)
        if key not in self._known:
            self._known[key] = self._read(family, style)
        return self._known[key]

    def level(self, list_style: str, depth: int) -> etree._Element | None:
        """The format of one level, from 0, of a list style."""
        style = self._lists.get(list_style)
        levels = iter(()) if style is None else style.iterchildren()
        return next((level for level in levels if level.get(name("text:level")) == str(depth + 1)), None)

    @property
    def language(self) -> str:
        """The language of plain paragraphs, "" when the document does not say."""
        default = self._defaults.get("paragraph")
        text = None if default is None else default.find(name("style:text-properties"))
        language = "" if text is None else text.get(name("fo:language"), "")
        return "" if language == "none" else language

    def _chain(self, family: str, style: str) -> Iterator[etree._Element]:
        for _ in range(_LONGEST_CHAIN):
            element = self._styles.get((family, style))
            if element is None:
                break
            yield element
            style = element.get(name("style:parent-style-name"), "")
        if family in self._defaults:
            yield self._defaults[family]

    def _read(self, family: str, style: str) -> Style:
        ink, is_title, paper = Ink(), False, ""
        indent: int | None = None
        heading: int | None = None
        for element in self._chain(family, style):
            ink = _ink(element.find(name("style:text-properties"))).under(ink)
            paragraph = element.find(name("style:paragraph-properties"))
            if indent is None and paragraph is not None and (margin := paragraph.get(name("fo:margin-left"))):
                indent = twips(margin)
            heading = _outline(element) if heading is None else heading
            is_title = is_title or element.get(name("style:name")) == "Title"
            paper = paper or next(filter(None, map(_paper, element.iterchildren())), "")
        return Style(ink, indent, heading or 0, is_title, paper)


def twips(length: str) -> int:
    """A length in twentieths of a point; 0 for one that is not absolute."""
    match = _LENGTH.fullmatch(length)
    return round(float(match[1]) * _TWIPS[match[2]]) if match else 0


def list_indent(level: etree._Element | None) -> int:
    """Where the text of the items of a list begins."""
    properties = None if level is None else level.find(name("style:list-level-properties"))
    if properties is None:
        return 0
    aligned = properties.find(name("style:list-level-label-alignment"))
    if aligned is not None:
        return twips(aligned.get(name("fo:margin-left"), ""))
    return twips(properties.get(name("text:space-before"), "")) + twips(properties.get(name("text:min-label-width"), ""))


def has_no_label(level: etree._Element | None) -> bool:
    """Whether items of a list are set without any number or bullet, so that the page shows paragraphs."""
    if level is None or level.tag != name("text:list-level-style-number"):
        return False
    return not any(level.get(name(f"style:num-{part}"), "").strip() for part in ("format", "prefix", "suffix"))


def _ink(properties: etree._Element | None) -> Ink:
    if properties is None:
        return Ink()
    display, weight = properties.get(name("text:display")), properties.get(name("fo:font-weight"))
    size, colour = properties.get(name("fo:font-size"), ""), properties.get(name("fo:color"))
    is_automatic = properties.get(name("style:use-window-font-color")) == "true"
    return Ink(
        hidden=None if display is None else display == "none",
        bold=None if weight is None else weight in ("bold", "600", "700", "800", "900"),
        size=twips(size) / 20 if _LENGTH.fullmatch(size) else None,
        colour="" if is_automatic else colour,
        paper=_paper(properties) or None,
    )


def _paper(properties: etree._Element) -> str:
    """The background that an element of properties sets; that of a text is its ink's."""
    colour = properties.get(name("fo:background-color"), "transparent")
    return "" if colour == "transparent" else colour


def _outline(style: etree._Element) -> int | None:
    """The level of heading that a style makes; some programs leave it to the style's name."""
    level = style.get(name("style:default-outline-level"))
    if level is not None:
        return min(int(level), 6) if level in set("123456789") else 0
    match = _HEADING.fullmatch(style.get(name("style:name"), ""))
    return min(int(match[1]), 6) if match else None
