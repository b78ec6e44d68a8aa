"""Reads what a PowerPoint deck holds: its slides in order, each with the layout and master that its shapes come from.

The parts are walked here, for python-pptx says nothing of hidden slides, of bullets that come from a master, or of SmartArt,
and raises errors of every kind on damaged files. Knows nothing of text or order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from assistant.documents.zip_parts import Parts, Relationship, attribute, is_true, local_name, whole_number
from assistant.errors import UnreadableDocument

_MOST_SLIDES = 5_000
_USUAL_SIZE = (9_144_000, 6_858_000)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A layout or master: where its placeholders stand and how their text looks.

    Attributes:
        root: Its XML.
        placeholders: Its placeholder shapes by (type, index).
    """

    root: etree._Element
    placeholders: dict[tuple[str, str], etree._Element]

    def find(self, kind: str, index: str) -> etree._Element | None:
        """The placeholder that one on a slide comes from: by index, else by type."""
        by_index = next((shape for (_, other), shape in self.placeholders.items() if index and other == index), None)
        if by_index is not None:
            return by_index
        return next((shape for (other, _), shape in self.placeholders.items() if other == kind), None)


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide.

    Attributes:
        number: From 1, hidden ones counted.
        root: Its XML.
        links: Parts that it points to, by identifier.
        hidden: Whether it is passed over when shown.
        layout: None when the file is damaged there.
        master: Likewise.
    """

    number: int
    root: etree._Element
    links: dict[str, Relationship]
    hidden: bool
    layout: Pattern | None
    master: Pattern | None


class Deck:
    """The slides of a package."""

    def __init__(self, parts: Parts) -> None:
        """Open a deck.

        Raises:
            UnreadableDocument: It is damaged or no deck of slides.
        """
        self._parts = parts
        self._path = parts.main_part() or "ppt/presentation.xml"
        root = parts.tree(self._path) if not self._path.lower().endswith(".bin") else None
        if root is None or local_name(root) != "presentation":
            raise UnreadableDocument(
                f"{parts.name} is not a PowerPoint presentation, whatever its name says; save it in its real format"
            )
        size = root.find("{*}sldSz")
        width, height = (whole_number(size.get(name)) for name in ("cx", "cy")) if size is not None else _USUAL_SIZE
        self.width, self.height = (width, height) if width > 0 and height > 0 else _USUAL_SIZE
        links = parts.relationships(self._path)
        entries = [links.get(_relation(entry)) for entry in root.iterfind("{*}sldIdLst/{*}sldId")]
        self._slides = [link.path for link in entries if link is not None]
        self._patterns: dict[str, tuple[Pattern | None, dict[str, Relationship]]] = {}
        if len(self._slides) > _MOST_SLIDES:
            raise UnreadableDocument(
                f"{parts.name} has {len(self._slides):,} slides; more than {_MOST_SLIDES:,} are not read"
            )

    def slides(self) -> Iterator[Slide]:
        """All slides, one at a time."""
        for number, path in enumerate(self._slides, start=1):
            root = self._parts.tree(path)
            if root is None:
                raise self._parts.damaged(f"slide {number} is missing")
            links = self._parts.relationships(path)
            layout, below = self._pattern(links, "slideLayout")
            master, _ = self._pattern(below, "slideMaster")
            hidden = root.get("show") is not None and not is_true(root.get("show"))
            yield Slide(number, root, links, hidden, layout, master)

    def _pattern(self, links: dict[str, Relationship], kind: str) -> tuple[Pattern | None, dict[str, Relationship]]:
        path = next((link.path for link in links.values() if link.kind == kind), "")
        if path not in self._patterns:
            root = self._parts.tree(path)
            pattern = Pattern(root, _placeholders(root)) if root is not None else None
            self._patterns[path] = pattern, self._parts.relationships(path) if root is not None else {}
        return self._patterns[path]


def _relation(entry: etree._Element) -> str:
    """The identifier of a relationship; the element has one of its own, too, without a namespace."""
    return next((str(value) for key, value in entry.attrib.items() if str(key).endswith("}id")), "")


def _placeholders(root: etree._Element) -> dict[tuple[str, str], etree._Element]:
    found: dict[tuple[str, str], etree._Element] = {}
    for shape in root.iterfind("{*}cSld/{*}spTree/{*}sp"):
        placeholder = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
        if placeholder is not None:
            found.setdefault(placeholder_key(placeholder), shape)
    return found


def placeholder_key(placeholder: etree._Element) -> tuple[str, str]:
    """The type and index of a placeholder; a body of any kind is "body", a title of any kind "title"."""
    kind = attribute(placeholder, "type") or "obj"
    return {"ctrTitle": "title", "obj": "body"}.get(kind, kind), attribute(placeholder, "idx") or ""
