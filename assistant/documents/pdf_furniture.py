"""Running headers, footers, page numbers and side tabs: what stands at the same place on page after page.

Knows nothing of headings or paragraphs. Removes from the edges inwards and stops at the first thing that does not
repeat, so that a repeated line in the body stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.documents.pdf_lines import Stretch
from assistant.documents.pdf_page import Page

_EDGE = 0.15
"""Share of the page's height, at the top and at the bottom, where running text may stand."""
_SHIFT = 8.0
"""How far, in points, running text may move from page to page."""
_REPEATED = 0.3
"""Share of the pages on which a text must stand to be running text (facing pages halve it); two pages at least."""
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_DASH = re.compile("[‐-―−]")
_ONLY_NUMBER = re.compile(r"[\W_]*(?:page\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/)\s*\d{1,4})?[\W_]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parted:
    """A document's stretches, page by page, without the furniture, and the furniture's own words."""

    body: tuple[tuple[Stretch, ...], ...]
    furniture: tuple[str, ...]


def part(pages: Sequence[Page], found: Sequence[Sequence[Stretch]]) -> Parted:
    """Separate running text from the body. Turned text is never body: it is a side tab or the label of an axis."""
    upright = [[s for s in stretches if s.turns == 0] for stretches in found]
    furniture = [s.text for stretches in found for s in stretches if s.turns != 0]
    body: list[tuple[Stretch, ...]] = []
    repeated = _repeated(pages, upright)
    for page, stretches in zip(pages, upright, strict=True):
        running = _running(page, stretches, repeated)
        furniture += [s.text for s in running]
        dropped = {id(s) for s in running}
        body.append(tuple(s for s in stretches if id(s) not in dropped))
    return Parted(tuple(body), tuple(furniture))


def _key(stretch: Stretch) -> str:
    return _DASH.sub("-", _NUMBER.sub("#", stretch.text)).casefold()


@dataclass(slots=True)
class _Text:
    """A text near an edge of the pages, numbers aside: its wordings and where it stands, as (height, page)."""

    wordings: set[str] = field(default_factory=set)
    places: set[tuple[int, int]] = field(default_factory=set)
    heights: list[float] = field(default_factory=list)


def _repeated(pages: Sequence[Page], found: Sequence[Sequence[Stretch]]) -> dict[str, _Text]:
    """Texts that stand near an edge at about the same height on enough pages, with those heights."""
    texts: dict[str, _Text] = {}
    for page, stretches in zip(pages, found, strict=True):
        for stretch in stretches:
            if _at_edge(stretch, page):
                text = texts.setdefault(_key(stretch), _Text())
                text.wordings.add(stretch.text)
                text.places.add((round(stretch.baseline / _SHIFT), page.number))
    least = max(2, round(_REPEATED * len(pages)))
    for text in texts.values():
        for level in {level for level, _ in text.places}:
            on = {page for here, page in text.places if abs(here - level) <= 1}
            if len(on) >= least:
                text.heights.append(level * _SHIFT)
    return {key: text for key, text in texts.items() if text.heights}


def _at_edge(stretch: Stretch, page: Page) -> bool:
    return stretch.baseline < _EDGE * page.height or stretch.baseline > (1 - _EDGE) * page.height


def _running(page: Page, stretches: Iterable[Stretch], repeated: dict[str, _Text]) -> list[Stretch]:
    running: list[Stretch] = []
    ordered = sorted(stretches, key=lambda s: s.baseline)
    for direction in (ordered, ordered[::-1]):
        for stretch in direction:
            beside = [s for s in ordered if abs(s.baseline - stretch.baseline) < 2]
            if not all(_is_running(s, page, repeated) for s in beside):
                break
            running.append(stretch)
    return running


def _is_running(stretch: Stretch, page: Page, repeated: dict[str, _Text]) -> bool:
    """Whether the text repeats here, or is the page's number alone at the very foot or head.

    A text that counts the pages may stand a little higher on some of them.
    """
    text = repeated.get(_key(stretch))
    if text is not None:
        counts_pages = len(text.wordings) > 0.8 * len({number for _, number in text.places})
        if counts_pages or any(abs(stretch.baseline - height) <= _SHIFT for height in text.heights):
            return True
    outermost = stretch.baseline < 0.08 * page.height or stretch.baseline > 0.92 * page.height
    return outermost and _ONLY_NUMBER.fullmatch(stretch.text) is not None
