"""Makes a picture of a scanned page fit to be recognised: straight, its rules known, the width of its strokes.

Knows nothing of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

_STEEPEST = 3.0
"""Degrees that a sheet can lie askew in a scanner's feeder."""
_STEP = 0.1
"""Degrees; at a tenth, a line across A4 rises by a third of a millimetre."""
_STRAIGHT = 0.15
"""Degrees below which turning would only blur the letters."""
_SMALL = 900
"""Pixels of the longer side of the copy on which the angle is found."""
_DARK = 140
_SHORTEST_RULE = 0.4
"""Inches; longer than a stroke of any letter of running text."""
_THICKEST_RULE = 0.05
"""Inches."""
_MOST_RULES = 2000
_HALO = 3
"""Pixels around a rule that are grey from scanning."""
_PAPER = 255

Box = tuple[float, float, float, float]


def straightened(picture: Image) -> Image:
    """The picture turned so that its lines are level, where it is a little askew."""
    angle = _skew(picture)
    if abs(angle) < _STRAIGHT:
        return picture
    from PIL import Image as Pillow

    return picture.rotate(angle, resample=Pillow.Resampling.BICUBIC, fillcolor=255)


def _skew(picture: Image) -> float:
    """Degrees anticlockwise by which the page must be turned: where rows of letters and of paper differ most."""
    small = picture.copy()
    small.thumbnail((_SMALL, _SMALL))

    def contrast(angle: float) -> float:
        rows = np.asarray(small.rotate(angle, fillcolor=255), dtype=np.float64).mean(axis=1)
        return float(np.square(np.diff(rows)).sum())

    coarse = max(np.arange(-_STEEPEST, _STEEPEST + 0.01, 0.5), key=contrast)
    return float(max(np.arange(coarse - 0.4, coarse + 0.41, _STEP), key=contrast))


def rules(picture: Image, dpi: float) -> list[Box]:
    """The boxes, in pixels as left, top, right and bottom, of the level and upright rules on a page."""
    dark: NDArray[np.bool_] = np.asarray(picture) < _DARK
    level = list(_bars(dark, dpi))
    upright = [(top, left, bottom, right) for left, top, right, bottom in _bars(dark.T, dpi)]
    return [*level, *upright][:_MOST_RULES]


def without(picture: Image, boxes: Iterable[Box]) -> Image:
    """The picture with these boxes, such as its rules, painted over; the same picture when there are none."""
    boxes = list(boxes)
    if not boxes:
        return picture
    painted = picture.copy()
    for left, top, right, bottom in boxes:
        painted.paste(_PAPER, (int(left) - _HALO, int(top) - _HALO, int(right) + _HALO, int(bottom) + _HALO))
    return painted


def stroke_width(picture: Image, box: Box) -> float:
    """About how wide, in pixels, the strokes of the letters in a box are: twice their area by the length of their edge."""
    left, top, right, bottom = (int(edge) for edge in box)
    dark = (np.asarray(picture.crop((left, top, right, bottom))) < _DARK).astype(np.int8)
    edge = int(np.count_nonzero(np.diff(dark, axis=0)) + np.count_nonzero(np.diff(dark, axis=1)))
    return 2.0 * float(dark.sum()) / max(edge, 1)


def _bars(dark: NDArray[np.bool_], dpi: float) -> Iterator[Box]:
    """Long thin dark bars that run along the rows."""
    shortest, thickest = int(_SHORTEST_RULE * dpi), _THICKEST_RULE * dpi
    open_bars: list[list[int]] = []
    counts = np.pad(np.cumsum(dark, axis=1, dtype=np.int32), ((0, 0), (1, 0)))
    full = counts[:, shortest:] - counts[:, :-shortest] == shortest
    for row in [*np.flatnonzero(full.any(axis=1)).tolist(), len(dark) + 2]:
        finished = [bar for bar in open_bars if bar[3] < row - 1]
        open_bars = [bar for bar in open_bars if bar[3] >= row - 1]
        yield from ((left, top, right, bottom + 1) for left, top, right, bottom in finished if bottom - top < thickest)
        if row >= len(dark):
            return
        edges = np.flatnonzero(np.diff(np.pad(full[row], 1).astype(np.int8)))
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            left, right = start, end + shortest - 1
            touching = next((bar for bar in open_bars if left <= bar[2] and bar[0] <= right), None)
            if touching:
                touching[:] = [min(left, touching[0]), touching[1], max(right, touching[2]), row]
            else:
                open_bars.append([left, row, right, row])
