"""Text set apart in a frame of its own: call-outs, and the boxes of a flow chart.

Each frame reads as one, so that boxes side by side do not run into one another. Knows nothing of paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.documents.pdf_lines import Line, Stretch, lines
from assistant.documents.pdf_page import Page, Shape

_LEAST_WIDTH = 40.0
_LEAST_HEIGHT = 12.0
_LEAST_ROOM = 1.5
"""A frame is at least so many times as high as its text; the shading behind one line is lower."""
_BROADEST = 0.75
"""Share of the width of the page's text from which a frame is only a coloured ground for ordinary text."""
_MOST_SHAPES = 600
"""A page with more shapes than this holds a drawing."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The lines in one frame and its sides, in points from the top left of the page."""

    lines: tuple[Line, ...]
    left: float
    top: float
    right: float
    members: frozenset[int]

    def holds(self, stretch: Stretch) -> bool:
        """Whether a stretch of text was found in this frame."""
        return id(stretch) in self.members


def frames(page: Page, found: Iterable[Stretch]) -> list[Frame]:
    """Frames with more than one line, or with neighbours, from the top."""
    stretches = list(found)
    if not stretches or len(page.shapes) > _MOST_SHAPES:
        return []
    width = max(s.right for s in stretches) - min(s.left for s in stretches)
    boxes = [shape for shape in page.shapes if _may_hold_text(shape, _BROADEST * width)]
    boxes.sort(key=lambda box: (box.right - box.left) * (box.bottom - box.top))
    taken: set[int] = set()
    made: list[Frame] = []
    for box in boxes:
        inside = [s for s in stretches if id(s) not in taken and _holds(box, s)]
        if _is_whole(box, inside, stretches):
            taken |= {id(s) for s in inside}
            members = frozenset(id(s) for s in inside)
            made.append(Frame(tuple(lines(inside, page.number)), box.left, box.top, box.right, members))
    made.sort(key=lambda frame: (frame.top, frame.left))
    return [frame for frame in made if len(frame.lines) > 1 or len(made) > 3]


def _may_hold_text(shape: Shape, broadest: float) -> bool:
    wide, high = shape.right - shape.left, shape.bottom - shape.top
    return not shape.picture and _LEAST_WIDTH <= wide <= broadest and high >= _LEAST_HEIGHT


def _holds(box: Shape, stretch: Stretch) -> bool:
    across = box.left - 1 <= stretch.left and stretch.right <= box.right + 1
    return across and box.top <= stretch.baseline - 0.3 * stretch.size <= box.bottom


def _is_whole(box: Shape, inside: Sequence[Stretch], every: Sequence[Stretch]) -> bool:
    """Whether the box holds all the words that touch it, so that it does not cut through a line."""
    if not inside or box.bottom - box.top < _LEAST_ROOM * inside[0].size:
        return False
    cut = (s for s in every if s.left < box.right - 2 and s.right > box.left + 2 and box.top < s.baseline < box.bottom)
    return all(_holds(box, s) for s in cut)
