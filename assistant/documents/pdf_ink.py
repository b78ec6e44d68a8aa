"""Whether a word on a PDF page leaves a mark that an eye could see.

Looks at the page as drawn instead of reasoning about colours, layers and what covers what: white on white, text under a
picture or a black bar and text on a layer that is switched off all fail the same test. Knows nothing of text.
"""

from __future__ import annotations

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

_SCALE = 1.5
"""Pixels a point: enough for a six-point footnote, at two milliseconds a page."""
_CONTRAST = 16
"""Least difference between text and what it stands on, of 255 in any colour."""
_COVERAGE = 0.2
"""Least share of the text's own colour in its darkest pixel."""


class Ink:
    """One page as drawn."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        bitmap = page.render(scale=_SCALE, rev_byteorder=True, draw_annots=False)
        pixels: NDArray[np.uint8] = bitmap.to_numpy()
        self._pixels = pixels[:, :, :3]
        self._green: NDArray[np.uint8] = np.ascontiguousarray(pixels[:, :, 1])

    def shows(self, left: float, top: float, right: float, bottom: float, *, colour: tuple[int, int, int]) -> bool:
        """Whether something of `colour` stands out from its surroundings in this box, given in points."""
        x0, y0 = max(int(left * _SCALE) - 1, 0), max(int(top * _SCALE) - 1, 0)
        x1, y1 = int(right * _SCALE) + 2, int(bottom * _SCALE) + 2
        quick = self._green[y0:y1, x0:x1]
        if not quick.size:
            return False
        if max(colour) < 100 and quick.min() < 140 and quick.max() > 200:
            return True  # dark on light, which is nearly all text
        return self._stands_out(self._pixels[y0:y1, x0:x1].astype(np.float64), np.array(colour, dtype=np.float64))

    @staticmethod
    def _stands_out(patch: NDArray[np.float64], colour: NDArray[np.float64]) -> bool:
        edge = np.concatenate([patch[0], patch[-1], patch[:, 0], patch[:, -1]])
        ground = np.median(edge, axis=0)
        difference = colour - ground
        if np.abs(difference).max() < _CONTRAST:
            return False
        coverage = (patch - ground) @ difference / (difference @ difference)
        return bool(coverage.max() > _COVERAGE)
