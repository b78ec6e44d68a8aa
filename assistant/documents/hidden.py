"""Tells which elements of an HTML page a sighted reader cannot see.

Text that people cannot see is where instructions to a language model are planted, so it is left out when guidance is read.
Reads the `style` and older colour attributes, class names that mean "for screen readers only", and the simple rules of the
page's own style sheets. Knows nothing of blocks or documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from assistant.documents.colours import parse_colour, same_to_the_eye

_HIDING_CLASSES = frozenset(
    str.split("""
    govuk-visually-hidden govuk-visually-hidden-focusable visually-hidden visuallyhidden sr-only screen-reader-text
    screenreader js-hidden hidden d-none govuk-!-display-none gem-c-button__info-hidden nhsuk-u-visually-hidden
    """)
)
_PIXELS = {"": 1, "px": 1, "em": 16, "rem": 16, "ex": 8, "ch": 8, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 38, "mm": 3.8}
_PIXELS |= {"%": 10, "vw": 10, "vh": 10}  # of a page about 1,000 pixels wide
_OFF_SCREEN = 500
_UNREADABLE_FONT = 3
_FAINT = 0.05
_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))\s*([a-z%]*)")
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIMPLE_SELECTOR = re.compile(r"([a-z][\w-]*|\*)?((?:[.#][\w!:\\-]+)*)")
_MANY_ANCESTORS = 50

Style = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Rule:
    tag: str
    names: frozenset[str]
    style: Style

    def matches(self, tag: str, names: frozenset[str]) -> bool:
        return self.tag in ("", "*", tag) and self.names <= names


class HiddenText:
    """Decides for each element whether its text is hidden, given the page's own style sheets."""

    def __init__(self, stylesheets: Iterable[str] = ()) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        for sheet in stylesheets:
            for selector, style in _simple_rules(sheet):
                self._add(selector, style)

    def hides(self, element: etree._Element) -> bool:
        """True when the element and so everything in it cannot be seen."""
        attributes = element.attrib
        if not attributes and not self._rules:
            return False
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return True
        if not _HIDING_CLASSES.isdisjoint(attributes.get("class", "").split()):
            return True
        style = self._style(element)
        return bool(style) and (_is_invisible(style) or self._is_background_coloured(element, style))

    def _add(self, selector: str, style: Style) -> None:
        match = _SIMPLE_SELECTOR.fullmatch(selector)
        if match is None or not style:
            return
        names = frozenset(name.replace("\\", "") for name in re.findall(r"[.#][^.#]+", match[2]))
        tag = match[1] or ""
        key = min(names) if names else tag
        self._rules.setdefault(key, []).append(_Rule(tag, names, style))

    def _style(self, element: etree._Element) -> Style:
        style: dict[str, str] = {}
        if self._rules:
            names = _names(element)
            for key in ("*", element.tag, *sorted(names)):
                for rule in self._rules.get(str(key), ()):
                    if rule.matches(str(element.tag), names):
                        style |= rule.style
        for attribute, name in (("color", "color"), ("bgcolor", "background-color")):
            if value := element.get(attribute):
                style[name] = value.lower()
        if inline := element.get("style"):
            style |= _declarations(inline)
        return style

    def _is_background_coloured(self, element: etree._Element, style: Style) -> bool:
        ink = parse_colour(style.get("-webkit-text-fill-color", style.get("color", "")))
        if ink is None:
            return False
        if ink.alpha <= _FAINT:
            return True
        paper = self._background(element)
        return paper is not None and same_to_the_eye(ink, paper)

    def _background(self, element: etree._Element) -> tuple[int, int, int] | None:
        """Colour behind an element; None when it is a picture."""
        node: etree._Element | None = element
        for _ in range(_MANY_ANCESTORS):
            if node is None:
                break
            style = self._style(node)
            value = style.get("background-color") or style.get("background", "")
            colour = next(filter(None, map(parse_colour, [value, *value.split()])), None)
            if colour is not None and colour.alpha > _FAINT:
                return colour.rgb
            if "url(" in value or "gradient(" in value:
                return None
            node = node.getparent()
        return (255, 255, 255)


def _names(element: etree._Element) -> frozenset[str]:
    names = {f".{name}" for name in element.get("class", "").lower().split()}
    if identifier := element.get("id"):
        names.add(f"#{identifier.lower()}")
    return frozenset(names)


def _declarations(css: str) -> dict[str, str]:
    css = _ESCAPE.sub(_unescape, _COMMENT.sub("", css.lower()))
    pairs = (declaration.partition(":") for declaration in css.split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0x110000 else ""


def _simple_rules(css: str) -> Iterator[tuple[str, Style]]:
    """Selector and style of each rule that always applies on a screen."""
    blocks: list[str] = []
    for chunk in _COMMENT.sub("", css.lower()).split("}"):
        *openings, body = chunk.split("{")
        if not openings:
            if blocks:
                blocks.pop()
            continue
        blocks += (opening.rpartition(";")[2].strip() for opening in openings)
        selectors = blocks.pop()
        if all(block in ("@media screen", "@media all") for block in blocks):
            style = _declarations(body)
            yield from ((selector.strip(), style) for selector in selectors.split(","))


def _is_invisible(style: Style) -> bool:
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("content-visibility") == "hidden"
        or style.get("mso-hide") == "all"
        or _pixels(style.get("opacity", ""), 1) <= _FAINT
        or _has_no_size(style)
        or _is_off_screen(style)
        or _is_clipped(style)
    )


def _has_no_size(style: Style) -> bool:
    font = style.get("font-size", "")
    if font and _pixels(font.replace("%", "em"), 16) < _UNREADABLE_FONT * (100 if "%" in font else 1):
        return True
    if style.get("font", "").startswith(("0 ", "0/", "0px")):
        return True
    if "hidden" not in style.get("overflow", "") and "clip" not in style.get("overflow", ""):
        return False
    sizes = (style.get(name, "") for name in ("height", "max-height", "width", "max-width"))
    return any(size and _pixels(size, 100) <= 1 for size in sizes)


def _is_off_screen(style: Style) -> bool:
    placed = style.get("position") in ("absolute", "fixed", "relative")
    edges = ("left", "top", "right", "bottom") if placed else ()
    for name in (*edges, "margin-left", "margin-top", "text-indent"):
        if _pixels(style.get(name, ""), 0) <= -_OFF_SCREEN:
            return True
    return any(placed and _pixels(style.get(name, ""), 0) >= 5 * _OFF_SCREEN for name in edges)


def _is_clipped(style: Style) -> bool:
    clip = style.get("clip", "")
    if clip.startswith("rect") and all(abs(number) <= 1 for number in _numbers(clip)):
        return True
    path = style.get("clip-path", "")
    if path.startswith("inset") and any(number >= 50 for number in _numbers(path)):
        return True
    if path.startswith("circle") and _numbers(path)[:1] == [0]:
        return True
    transform = style.get("transform", "")
    if "translate" in transform and any(_pixels(part, 0) <= -_OFF_SCREEN for part in re.split(r"[(,]", transform)):
        return True
    return "scale(0" in transform.replace("scale(0.", "") or "opacity(0" in style.get("filter", "").replace("(0.", "")


def _numbers(value: str) -> list[float]:
    return [float(number) for number, _ in _LENGTH.findall(value)]


def _pixels(value: str, otherwise: float) -> float:
    match = _LENGTH.match(value.strip())
    return float(match[1]) * _PIXELS.get(match[2], 1) if match else otherwise
