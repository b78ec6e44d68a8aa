"""What the styles and numbering of a Word document make of a paragraph or run: heading, list item, hidden, bold.

Direct formatting goes before character styles, these before paragraph styles, these before the document's defaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from assistant.documents.docx_fields import is_furniture as is_furniture_style
from assistant.documents.flow import Listed, Look
from assistant.documents.flow_ink import UNKNOWN_PAPER, Ink

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LONGEST_CHAIN = 20
_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_FALSE = frozenset({"0", "false", "off", "none"})
_HIGHLIGHTS = {
    "black": "#000000", "blue": "#0000ff", "cyan": "#00ffff", "darkBlue": "#000080", "darkCyan": "#008080",
    "darkGray": "#808080", "darkGreen": "#008000", "darkMagenta": "#800080", "darkRed": "#800000", "darkYellow": "#808000",
    "green": "#00ff00", "lightGray": "#c0c0c0", "magenta": "#ff00ff", "red": "#ff0000", "white": "#ffffff",
    "yellow": "#ffff00",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What holds for a paragraph: `is_furniture` for lines of a table of contents or an index."""

    look: Look
    ink: Ink
    paper: str = ""
    is_furniture: bool = False


@dataclass(frozen=True, slots=True)
class _Numbering:
    """Where a paragraph stands in the document's lists, as it or its style says; None for what is not said."""

    number: str | None = None
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """A level of a list, and where its text begins."""

    listed: Listed
    indent: int | None


class Styles:
    """The styles and list formats of one document."""

    def __init__(self, styles: etree._Element | None, numbering: etree._Element | None) -> None:
        self._styles = {_attribute(style, "styleId"): style for style in _children(styles, "style")}
        self._default = next(
            (
                _attribute(style, "styleId")
                for style in self._styles.values()
                if _attribute(style, "type") == "paragraph" and is_on(style.get(f"{W}default"))
            ),
            "",
        )
        defaults = None if styles is None else styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._base = ink_of(defaults)
        self.language = value_of(defaults, "lang")
        self._numbers = {_attribute(number, "numId"): number for number in _children(numbering, "num")}
        self._formats = {_attribute(one, "abstractNumId"): one for one in _children(numbering, "abstractNum")}
        self._levels: dict[str, dict[str, etree._Element]] = {}
        self._linked: dict[str, dict[str, str]] = {}
        self._places: dict[tuple[str, str, int | None], _Place | None] = {}
        self._paragraphs: dict[str, ParagraphStyle] = {}
        self._runs: dict[str, Ink] = {}

    def paragraph(self, properties: etree._Element | None) -> ParagraphStyle:
        """What a paragraph with these properties (w:pPr) is."""
        name = value_of(properties, "pStyle") or self._default
        if name not in self._paragraphs:
            self._paragraphs[name] = self._named(name)
        style = self._paragraphs[name]
        if properties is None:
            return style
        look = style.look
        outline = value_of(properties, "outlineLvl")
        if outline:
            look = replace(look, heading=_heading_of(outline))
        numbering = _numbering_of(properties)
        indent = _indent_of(properties)
        if numbering != _Numbering():
            look = self._listed(look, name, numbering, indent)
        if indent is not None:
            look = replace(look, indent=indent)
        return replace(style, look=look, paper=_paper_of(properties) or style.paper)

    def run(self, properties: etree._Element | None, paragraph: ParagraphStyle) -> Ink:
        """How a run with these properties (w:rPr) is set."""
        if properties is None:
            return paragraph.ink
        ink = paragraph.ink
        if name := value_of(properties, "rStyle"):
            if name not in self._runs:
                self._runs[name] = self._chain_ink(name)
            own = self._runs[name]
            both = bool(ink.hidden) and bool(own.hidden)  # a toggle: twice on is off
            ink = ink.under(own)
            ink = replace(ink, hidden=False) if both else ink
        return ink.under(ink_of(properties))

    # Styles

    def _chain(self, name: str) -> Iterator[etree._Element]:
        """A style and those it is based on."""
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = value_of(style, "basedOn")

    def _chain_ink(self, name: str) -> Ink:
        ink = Ink()
        for style in reversed(list(self._chain(name))):
            ink = ink.under(ink_of(style.find(f"{W}rPr")))
        return ink

    def _named(self, name: str) -> ParagraphStyle:
        heading: int | None = None
        indent: int | None = None
        numbering = _Numbering()
        numbered, paper, is_title, is_furniture = name, "", False, False
        for style in self._chain(name):
            title = value_of(style, "name")
            properties = style.find(f"{W}pPr")
            outline = value_of(properties, "outlineLvl")
            if heading is None and (outline or _HEADING.fullmatch(title)):
                heading = _heading_of(outline) if outline else int(title[-1])
            if numbering.number is None and (own := _numbering_of(properties)) != _Numbering():
                numbering = _Numbering(own.number, own.depth if numbering.depth is None else numbering.depth)
                numbered = _attribute(style, "styleId")
            indent = _indent_of(properties) if indent is None else indent
            paper = paper or _paper_of(properties)
            is_title = is_title or title.lower() == "title"
            is_furniture = is_furniture or is_furniture_style(title)
        look = Look(1 if is_title else min(heading or 0, 6), is_title, None, indent or 0)
        if numbering.number is not None:
            look = self._listed(look, numbered, numbering, indent)
        return ParagraphStyle(look, self._base.under(self._chain_ink(name)), paper, is_furniture)

    # Lists

    def _listed(self, look: Look, style: str, numbering: _Numbering, indent: int | None) -> Look:
        """The look of a paragraph that says where it stands in a list; "0" is no list."""
        number, depth = numbering.number, numbering.depth
        if number is None:
            if look.listed is None:
                return look
            return replace(look, listed=replace(look.listed, depth=depth or 0))
        key = (number, style, depth)
        if key not in self._places:
            self._places[key] = self._place(number, style, depth)
        place = self._places[key]
        if place is None:  # the indent that a list gave goes with it
            return replace(look, listed=None, indent=0 if look.listed and indent is None else look.indent)
        own = place.indent if indent is None else indent
        return replace(look, listed=place.listed, indent=look.indent if own is None else own)

    def _place(self, number: str, style: str, depth: int | None) -> _Place | None:
        """A level of a list, None when the page shows no number or bullet for it."""
        name, form = self._format(number)
        if form is None:
            return None
        if name not in self._levels:
            self._levels[name] = {_attribute(level, "ilvl"): level for level in _children(form, "lvl")}
            self._linked[name] = {value_of(level, "pStyle"): one for one, level in self._levels[name].items()}
        if depth is None:
            depth = _number(self._linked[name].get(style, "0"))
        level = self._levels[name].get(str(depth))
        for override in _children(self._numbers.get(number), "lvlOverride"):
            if _attribute(override, "ilvl") == str(depth) and (own := override.find(f"{W}lvl")) is not None:
                level = own
        if level is None or (value_of(level, "numFmt") == "none" and not value_of(level, "lvlText").strip()):
            return None
        return _Place(Listed(name, depth), _indent_of(level.find(f"{W}pPr")))

    def _format(self, number: str) -> tuple[str, etree._Element | None]:
        """The list format (w:abstractNum) behind a number, by way of a list style where it has one."""
        name, form = "", None
        for _ in range(_LONGEST_CHAIN):
            name = value_of(self._numbers.get(number), "abstractNumId")
            form = self._formats.get(name)
            linked = value_of(form, "numStyleLink")
            style = self._styles.get(linked) if linked else None
            if style is None:
                break
            number = value_of(style.find(f"{W}pPr/{W}numPr"), "numId")
        return name, form


def ink_of(properties: etree._Element | None) -> Ink:
    """What properties of a run (w:rPr) say about how it is set."""
    if properties is None or not len(properties):
        return Ink()
    size, colour, mark = value_of(properties, "sz"), value_of(properties, "color"), value_of(properties, "highlight")
    return Ink(
        hidden=_switch(properties, "vanish"),
        bold=_switch(properties, "b"),
        size=float(size) / 2 if size.isascii() and size.isdigit() else None,
        colour=None if not colour else "" if colour == "auto" else f"#{colour.lower()}",
        paper=_HIGHLIGHTS.get(mark, "") or _paper_of(properties) or None,
    )


def value_of(parent: etree._Element | None, name: str) -> str:
    """The w:val of a child; "" when there is none."""
    child = None if parent is None else parent.find(f"{W}{name}")
    return "" if child is None else str(child.get(f"{W}val", ""))


def is_on(value: str | None) -> bool:
    """What a switch with this value says; one without a value is on."""
    return value is not None and value not in _FALSE


def has(parent: etree._Element | None, name: str) -> bool:
    """Whether a child is there and switched on."""
    return parent is not None and bool(_switch(parent, name))


def _switch(parent: etree._Element, name: str) -> bool | None:
    child = parent.find(f"{W}{name}")
    return None if child is None else is_on(child.get(f"{W}val", "1"))


def _paper_of(properties: etree._Element | None) -> str:
    return shade_of(None if properties is None else properties.find(f"{W}shd"))


def shade_of(shading: etree._Element | None) -> str:
    """The colour of a w:shd, "" for none, unknown where it is a pattern."""
    if shading is None:
        return ""
    kind, fill = shading.get(f"{W}val", "clear"), shading.get(f"{W}fill", "auto").lower()
    if kind == "solid":
        fill = shading.get(f"{W}color", "auto").lower()
        return UNKNOWN_PAPER if fill == "auto" else f"#{fill}"
    if kind not in ("clear", "nil"):
        return UNKNOWN_PAPER
    return "" if fill == "auto" else f"#{fill}"


def _numbering_of(properties: etree._Element | None) -> _Numbering:
    numbering = None if properties is None else properties.find(f"{W}numPr")
    if numbering is None:
        return _Numbering()
    depth = value_of(numbering, "ilvl")
    return _Numbering(value_of(numbering, "numId") or None, _number(depth) if depth else None)


def _indent_of(properties: etree._Element | None) -> int | None:
    indent = None if properties is None else properties.find(f"{W}ind")
    value = None if indent is None else indent.get(f"{W}left", indent.get(f"{W}start"))
    return None if value is None else _number(value)


def _heading_of(outline: str) -> int:
    level = _number(outline) + 1
    return min(level, 6) if 1 <= level <= 9 else 0


def _number(value: str) -> int:
    try:
        return int(float(value[:12]))
    except (ValueError, OverflowError):
        return 0


def _children(parent: etree._Element | None, name: str) -> Iterator[etree._Element]:
    return iter(()) if parent is None else parent.iterchildren(f"{W}{name}")


def _attribute(element: etree._Element, name: str) -> str:
    return str(element.get(f"{W}{name}", ""))
