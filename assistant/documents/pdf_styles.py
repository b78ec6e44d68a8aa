"""What is usual in one PDF: the look of its body text, the distance of its lines, and which looks are headings.

Knows nothing of blocks. Sizes and distances are in points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from assistant.documents.pdf_lines import Line
from assistant.documents.pdf_page import Page, Style

_LARGER = 1.1
_LIGHT = 200
_COLOUR = 40
_ADDRESS = re.compile(r"://|www\.|@|\bdoi\b|^\S+/\S+$", re.IGNORECASE)
_GROUND_WEIGHT = 1.15
"""A heading in light letters on a dark bar counts as so much larger than it is."""
_DEEPEST = 6


class Look(NamedTuple):
    """How a heading stands out; sorts from the most prominent to the least."""

    smallness: float
    thin: bool
    body_coloured: bool
    bare: bool


@dataclass(frozen=True, slots=True)
class Styles:
    """The body's style and the usual distance between two lines of each size."""

    body: Style
    leading: dict[float, float]
    underlined: frozenset[int]

    def spacing(self, size: float) -> float:
        """Usual distance from one line of this size to the next."""
        return self.leading.get(round(size), 1.2 * size)

    def look(self, line: Line) -> Look | None:
        """How a line stands out from the body as a heading does; None when it does not."""
        words = [word for word in line.words if word.text[0].isalnum()] or list(line.words)
        bold = all(word.style.bold for word in words)
        colour = line.style.colour
        coloured = _differs(colour, self.body.colour) and all(not _differs(w.style.colour, colour) for w in words)
        underlined = id(line) in self.underlined and not coloured
        larger = line.size >= _LARGER * self.body.size
        if _ADDRESS.search(line.text) or (line.size < 0.93 * self.body.size and not bold):
            return None
        if not (larger or (bold and not self.body.bold) or coloured or underlined):
            return None
        light = min(colour) >= _LIGHT
        return Look(-round(line.size * (_GROUND_WEIGHT if light else 1)), not bold, not coloured, not underlined)


def _differs(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) > _COLOUR


def measure(columns: Iterable[Sequence[Line]], pages: Sequence[Page]) -> Styles:
    """Find what is usual among all lines of a document."""
    letters: Counter[Style] = Counter()
    distances: dict[float, Counter[float]] = {}
    underlined: set[int] = set()
    for lines in columns:
        for line in lines:
            letters[line.style._replace(italic=False)] += len(line.text)
            if _is_underlined(line, pages[line.page - 1]):
                underlined.add(id(line))
        for above, below in pairwise(lines):
            if above.size == below.size and (distance := below.baseline - above.baseline) > 0:
                distances.setdefault(round(below.size), Counter())[round(distance * 2) / 2] += len(below.text)
    body = letters.most_common(1)[0][0] if letters else Style(10, False, False, (0, 0, 0))
    leading = {size: _usual(counts, size) for size, counts in distances.items()}
    return Styles(body, leading, frozenset(underlined))


def _usual(counts: Counter[float], size: float) -> float:
    """The commonest distance that two lines of one paragraph can have."""
    near = Counter({distance: count for distance, count in counts.items() if 0.9 * size < distance < 1.8 * size})
    return near.most_common(1)[0][0] if near else 1.2 * size


def _is_underlined(line: Line, page: Page) -> bool:
    covered = 0.0
    for shape in page.shapes:
        under = 0 < shape.top - line.baseline < 0.35 * line.size
        if under and shape.bottom - shape.top < 2 and shape.left > line.left - 3 and shape.right < line.right + 3:
            covered += shape.right - shape.left
    return covered > 0.85 * (line.right - line.left)


def levels(looks: Sequence[Look]) -> dict[Look, int]:
    """A heading level, from 1, for each look, given the looks of all headings in order.

    Looks of one size rank by which of them usually opens a section: that is the outer one.
    """
    openings = _openings(looks)
    ranked = sorted(set(looks), key=lambda look: (look.smallness, openings.get(look, 0.0), look))
    return {look: min(rank, _DEEPEST) for rank, look in enumerate(ranked, start=1)}


def _openings(looks: Sequence[Look]) -> dict[Look, float]:
    """Mean position among looks of its size at which each first appears in a section that has several of them."""
    places: dict[Look, list[int]] = {}
    for size in {look.smallness for look in looks}:
        section: list[Look] = []
        for look in [*looks, Look(float("-inf"), False, False, False)]:
            if look.smallness == size and look not in section:
                section.append(look)
            elif look.smallness < size:
                for place, member in enumerate(section if len(section) > 1 else ()):
                    places.setdefault(member, []).append(place)
                section = []
    return {look: sum(found) / len(found) for look, found in places.items()}
