"""The order in which a person reads the lines of a page: across what spans the page, down each column.

Knows nothing of paragraphs or of what the words say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from assistant.documents.pdf_lines import Line, Stretch, lines

_NARROWEST_GUTTER = 8.0
"""Space between two columns, in points."""
_LEAST_LINES = 4
"""A column has at least so many lines."""
_LEAST_FULL = 0.55
"""Typical line of a column, as a share of the column's width: the cells of a table without rules are shorter."""
_LEAST_WORDS = 3
"""Typical number of words in a line of a column."""


def in_reading_order(found: Sequence[Stretch], page: int) -> list[list[Line]]:
    """The columns of a page, each a list of lines from the top; a page without columns is one."""
    if not found:
        return []
    gutter = _gutter(found)
    if gutter is None:
        return [lines(found, page)]
    columns: list[list[Line]] = []
    for band, divided in _bands(found, gutter):
        if divided:
            columns += in_reading_order([s for s in band if s.right <= gutter + 1], page)
            columns += in_reading_order([s for s in band if s.left >= gutter - 1], page)
        else:
            columns.append(lines(band, page))
    return columns


def _gutter(found: Sequence[Stretch]) -> float | None:
    """Middle of the widest gap that has a column of text on both sides, if there is one."""
    left, right = min(s.left for s in found), max(s.right for s in found)
    candidates = sorted(_gaps(found), key=lambda gap: gap[0] - gap[1])
    for start, end in candidates:
        middle = (start + end) / 2
        if 0.15 < (middle - left) / max(right - left, 1) < 0.85 and _divides(found, middle):
            return middle
    return None


def _gaps(found: Sequence[Stretch]) -> Iterable[tuple[float, float]]:
    """Stretches of the page's width where few lines have text: they may be crossed by a title or a picture's caption."""
    steps = sorted({round(s.right) for s in found} | {round(s.left) for s in found})
    allowed = 0.25 * len(found)
    for start, end in pairwise(steps):
        crossing = sum(s.left < end - 0.5 and s.right > start + 0.5 for s in found)
        if end - start >= _NARROWEST_GUTTER and crossing <= allowed:
            yield start, end


def _divides(found: Sequence[Stretch], gutter: float) -> bool:
    return any(divided for _, divided in _bands(found, gutter))


def _bands(found: Sequence[Stretch], gutter: float) -> list[tuple[list[Stretch], bool]]:
    """The page cut across wherever something crosses the gutter; says of each band whether it has two columns."""
    bands: list[tuple[list[Stretch], bool]] = []
    band: list[Stretch] = []
    crossed: list[Stretch] = []
    for stretch in sorted(found, key=lambda s: s.baseline):
        crossing = stretch.left < gutter - 1 and stretch.right > gutter + 1
        if crossing:
            if band:
                bands.append((band, _has_columns(band, gutter)))
                band = []
            crossed.append(stretch)
        else:
            if crossed:
                bands.append((crossed, False))
                crossed = []
            band.append(stretch)
    if band:
        bands.append((band, _has_columns(band, gutter)))
    if crossed:
        bands.append((crossed, False))
    return _united(bands)


def _united(bands: list[tuple[list[Stretch], bool]]) -> list[tuple[list[Stretch], bool]]:
    united: list[tuple[list[Stretch], bool]] = []
    for band, divided in bands:
        if united and not divided and not united[-1][1]:
            united[-1] = (united[-1][0] + band, False)
        else:
            united.append((band, divided))
    return united


def _has_columns(band: Sequence[Stretch], gutter: float) -> bool:
    sides = [s for s in band if s.right <= gutter + 1], [s for s in band if s.left >= gutter - 1]
    return all(_is_column(side) for side in sides)


def _is_column(side: Sequence[Stretch]) -> bool:
    rows = lines(side, 0)
    if len(rows) < _LEAST_LINES:
        return False
    width = max(row.right for row in rows) - min(row.left for row in rows)
    full = median(row.right - row.left for row in rows) / max(width, 1)
    return full >= _LEAST_FULL and median(len(row.words) for row in rows) >= _LEAST_WORDS
