"""Puts what stands on a slide into the order in which people read it. Knows only where things stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.documents.pptx_shapes import Box, Shape

_MOST_CUT = 300
"""Shapes up to which a slide is cut along its gaps; more are taken from top to bottom."""
_NOWHERE = Box(0, 0, 0, 0)


def in_reading_order(shapes: Sequence[Shape]) -> list[Shape]:
    """The title first, then what stands above before what stands below, and left before right.

    Columns are read one after the other: a slide is cut along the widest gap that crosses it, across or down, and each
    part again, so that a heading over a column stays with its column.
    """
    titles = [shape for shape in shapes if shape.kind == "title"]
    others = [shape for shape in shapes if shape.kind != "title"]
    if len(others) > _MOST_CUT:
        return titles + _from_the_top(others)
    ordered: list[Shape] = []
    waiting = [others]
    while waiting:
        part = waiting.pop()
        halves = _cut(part) if len(part) > 1 else None
        if halves is None:
            ordered += _from_the_top(part)
        else:
            waiting += reversed(halves)
    return titles + ordered


def _box(shape: Shape) -> Box:
    return shape.box or _NOWHERE


def _from_the_top(shapes: Sequence[Shape]) -> list[Shape]:
    return sorted(shapes, key=lambda shape: (_box(shape).top, _box(shape).left))


def _cut(shapes: list[Shape]) -> list[list[Shape]] | None:
    """The parts on both sides of the widest gap; None when everything overlaps. Of two equal gaps, the one across wins."""
    across, below = _widest_gap([(_box(shape).top, _box(shape).bottom) for shape in shapes])
    down, right = _widest_gap([(_box(shape).left, _box(shape).right) for shape in shapes])
    if across < 0 and down < 0:
        return None
    if across >= down:
        return _parted(shapes, [_box(shape).top >= below for shape in shapes])
    return _parted(shapes, [_box(shape).left >= right for shape in shapes])


def _widest_gap(spans: list[tuple[float, float]]) -> tuple[float, float]:
    """The widest gap that no span crosses, -1 when there is none, and where it ends."""
    spans = sorted(spans)
    widest, place = -1.0, 0.0
    reached = spans[0][1]
    for _, (start, end) in pairwise(spans):
        if start - reached > widest and start > spans[0][0]:
            widest, place = start - reached, start
        reached = max(reached, end)
    return widest, place


def _parted(shapes: list[Shape], is_second: list[bool]) -> list[list[Shape]]:
    pairs = list(zip(shapes, is_second, strict=True))
    return [[shape for shape, second in pairs if not second], [shape for shape, second in pairs if second]]
