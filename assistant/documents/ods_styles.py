"""Reads from the styles of an OpenDocument spreadsheet what matters for reading: bold, white on white, hidden.

Knows nothing of cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml import etree

from assistant.documents.zip_parts import attribute, local_name

_NO_LENGTH = re.compile(r"0*(?:\.0*)?[a-z]*", re.IGNORECASE)
_WHITE = ("#ffffff", "white")
_BARE = ("", "transparent", *_WHITE)
_DEEPEST = 20
_SIZES = {"row-height", "column-width"}


@dataclass(frozen=True, slots=True)
class OdsStyle:
    """How a cell, row, column or sheet looks.

    Attributes:
        bold: Whether its text is in bold; None when it is as in the style it comes from.
        color: Colour of the text, likewise.
        fill: Colour behind the text, likewise.
        hidden: Whether it is not displayed, or has no height or width.
        parent: Name of the style it comes from.
    """

    bold: bool | None = None
    color: str | None = None
    fill: str | None = None
    hidden: bool = False
    parent: str = ""

    @property
    def unseen(self) -> bool:
        """Whether text is white on white."""
        return (self.color or "").lower() in _WHITE and (self.fill or "").lower() in _BARE


class OdsStyles:
    """The styles of a file, by family and name."""

    def __init__(self) -> None:
        self._styles: dict[tuple[str, str], OdsStyle] = {}
        self._resolved: dict[tuple[str, str], OdsStyle] = {}

    def add(self, styles: Iterable[etree._Element]) -> None:
        """Take in the styles of a part, before any is looked up."""
        for element in styles:
            name, family = attribute(element, "name"), attribute(element, "family")
            if name and family:
                self._styles[family, name] = _style(element)

    def find(self, family: str, name: str | None) -> OdsStyle:
        """A style with what it takes from those it comes from."""
        key = family, name or ""
        if key not in self._resolved:
            self._resolved[key] = self._resolve(*key)
        return self._resolved[key]

    def _resolve(self, family: str, name: str) -> OdsStyle:
        found = OdsStyle()
        for _ in range(_DEEPEST):
            style = self._styles.get((family, name))
            if style is None:
                break
            found = OdsStyle(
                bold=style.bold if found.bold is None else found.bold,
                color=found.color or style.color,
                fill=found.fill or style.fill,
                hidden=found.hidden or style.hidden,
            )
            name = style.parent
        return found


def _style(element: etree._Element) -> OdsStyle:
    style = OdsStyle(parent=attribute(element, "parent-style-name") or "")
    for properties in element:
        if not local_name(properties).endswith("-properties"):
            continue
        for key, value in properties.attrib.items():
            name = str(key).rpartition("}")[2]
            if name == "font-weight":
                style = replace(style, bold=value == "bold" or (value.isdecimal() and int(value) >= 600))
            elif name == "color":
                style = replace(style, color=value)
            elif name == "background-color":
                style = replace(style, fill=value)
            elif (name == "display" and value == "false") or (name in _SIZES and _NO_LENGTH.fullmatch(value)):
                style = replace(style, hidden=True)
    return style
