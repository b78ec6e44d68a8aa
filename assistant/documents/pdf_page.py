"""What is on one page of a PDF: its visible letters and its drawn shapes, in points from the top left corner.

The only module that talks to pdfium. Knows nothing of lines, paragraphs or headings. Letters that no reader of the
page can see never leave here.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.documents.pdf_ink import Ink

_SMALLEST_SIZE = 2.5
"""Text smaller than this, in points, cannot be read on paper or at 100 per cent on a screen."""
_HIDDEN_MODES = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}
_STROKED_MODES = {raw.FPDF_TEXTRENDERMODE_STROKE, raw.FPDF_TEXTRENDERMODE_STROKE_CLIP}
_PICTORIAL = ("wingdings", "dingbats", "webdings")
_PICTURES = {"ü": "✓", "û": "✗", "✓": "✓", "✔": "✓", "✗": "✗", "✘": "✗"}
"""What letters of a pictorial font show; any other is taken for a bullet."""
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}
_LINE_END_HYPHENS = {0x02, 0xFFFE}
"""What pdfium puts where a word is broken at the end of a line."""


class Style(NamedTuple):
    """How letters look; size in points."""

    size: float
    bold: bool
    italic: bool
    colour: tuple[int, int, int]
    pictorial: bool = False


class Glyph(NamedTuple):
    """One letter; `turns` is 0 when it runs from left to right, as most of its page does."""

    text: str
    left: float
    right: float
    baseline: float
    style: Style
    turns: int = 0


class Shape(NamedTuple):
    """The box around something drawn: a rule, a filled area or a picture."""

    left: float
    top: float
    right: float
    bottom: float
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `number` counts from 1, `concealed` counts the letters left out because nobody can see them."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    shapes: tuple[Shape, ...]
    concealed: int = 0

    @property
    def pictured(self) -> float:
        """Share of the page that pictures cover, as on a scan; some scanners cut a page into many strips."""
        areas = ((s.right - s.left) * (s.bottom - s.top) for s in self.shapes if s.picture)
        return sum(areas) / max(self.width * self.height, 1.0)


class _View:
    """Turns the coordinates inside a page into points from the top left of the page as shown."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.width, self.height = page.get_size()
        steps = 10_000
        x, y = ctypes.c_int(), ctypes.c_int()

        def shown(page_x: float, page_y: float) -> tuple[float, float]:
            raw.FPDF_PageToDevice(page, 0, 0, steps, steps, 0, page_x, page_y, x, y)
            return x.value * self.width / steps, y.value * self.height / steps

        self._e, self._f = shown(0, 0)
        (right_x, right_y), (up_x, up_y) = shown(500, 0), shown(0, 500)
        self._a, self._b = round((right_x - self._e) / 500, 2), round((right_y - self._f) / 500, 2)
        self._c, self._d = round((up_x - self._e) / 500, 2), round((up_y - self._f) / 500, 2)

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self._a * x + self._c * y + self._e, self._b * x + self._d * y + self._f

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def extent(self, box: Any, turns: int) -> tuple[float, float]:
        """Where a letter begins and ends along its own line."""
        if turns == 0 and not self._b and self._a > 0:
            return self._a * box.left + self._e, self._a * box.right + self._e
        left, top, right, bottom = self.box(box.left, box.bottom, box.right, box.top)
        if turns == 1:
            return top, bottom
        if turns == 2:
            return self.width - right, self.width - left
        return (self.height - bottom, self.height - top) if turns == 3 else (left, right)

    def place(
        self, left: float, right: float, baseline: float, size: float, *, turns: int
    ) -> tuple[float, float, float, float]:
        """The box on the page, as left, top, right and bottom, of letters that run so along a line."""
        tall, deep = 0.8 * size, 0.25 * size
        if turns == 1:
            return baseline - deep, left, baseline + tall, right
        if turns == 2:
            return self.width - right, baseline - deep, self.width - left, baseline + tall
        if turns == 3:
            return baseline - tall, self.height - right, baseline + deep, self.height - left
        return left, baseline - tall, right, baseline + deep

    def quarter_turns(self, across: float, down: float) -> int:
        """How far a direction inside the page is turned from left to right, in quarters; 4 for any other angle."""
        shown_x, shown_y = self._a * across + self._c * down, self._b * across + self._d * down
        turns = math.atan2(shown_y, shown_x) / (math.pi / 2)
        return round(turns) % 4 if abs(turns - round(turns)) < 0.1 else 4


class _Run(NamedTuple):
    """What all letters of one text object share."""

    style: Style
    baseline: float
    turns: int
    hidden: bool


def read_page(page: pdfium.PdfPage, number: int) -> Page:
    """Everything a person can see on `page`."""
    view = _View(page)
    shapes = tuple(_shapes(page, view))
    glyphs, concealed = _Letters(page, view).read()
    turns = Counter(glyph.turns for glyph in glyphs).most_common(1)[0][0] if glyphs else 0
    width, height = view.width, view.height
    if turns in (1, 2, 3):
        glyphs = [_rotated(glyph, turns, view) for glyph in glyphs]
        shapes = tuple(_rotated_shape(shape, turns, view) for shape in shapes)
        width, height = (width, height) if turns == 2 else (height, width)
    return Page(number, width, height, tuple(glyphs), shapes, concealed)


def _rotated(glyph: Glyph, turns: int, view: _View) -> Glyph:
    """The glyph after turning a sideways page upright; `left` and `right` run along the writing already."""
    if glyph.turns != turns:
        return glyph._replace(turns=4)
    baselines = {1: view.width - glyph.baseline, 2: view.height - glyph.baseline, 3: glyph.baseline}
    return glyph._replace(turns=0, baseline=baselines[turns])


def _rotated_shape(shape: Shape, turns: int, view: _View) -> Shape:
    left, top, right, bottom, picture = shape
    if turns == 2:
        return Shape(view.width - right, view.height - bottom, view.width - left, view.height - top, picture)
    if turns == 1:
        return Shape(top, view.width - right, bottom, view.width - left, picture)
    return Shape(view.height - bottom, left, view.height - top, right, picture)


class _Letters:
    """Walks the letters of one page in the order they were drawn."""

    def __init__(self, page: pdfium.PdfPage, view: _View) -> None:
        self._page = page.get_textpage()
        self._text: Any = self._page.raw
        self._view = view
        self._ink = Ink(page)
        self._runs: dict[int, _Run] = {}

    def read(self) -> tuple[list[Glyph], int]:
        """The visible letters and the number of hidden ones."""
        kept: list[Glyph] = []
        concealed = 0
        for run, word in self._words():
            if self._is_seen(run, word):
                kept += word
            else:
                concealed += sum(glyph.text != " " for glyph in word)
        return kept, concealed

    def _words(self) -> Iterator[tuple[_Run, list[Glyph]]]:
        """Letters of one text object up to and with the next space."""
        word: list[Glyph] = []
        current = run = _Run(Style(0, False, False, (0, 0, 0)), 0, 0, True)
        box, address = raw.FS_RECTF(), 0
        for index in range(raw.FPDFText_CountChars(self._text)):
            found = raw.FPDFText_GetTextObject(self._text, index)
            if not found:
                continue  # a space or line end that pdfium made up
            if (here := ctypes.addressof(found.contents)) != address:
                address, run = here, self._run(index, found, here)
            if run is not current and word:
                yield current, word
                word = []
            current = run
            raw.FPDFText_GetLooseCharBox(self._text, index, box)
            text = _character(raw.FPDFText_GetUnicode(self._text, index), run.style.pictorial)
            left, right = self._view.extent(box, run.turns)
            word.append(Glyph(text, left, right, run.baseline, run.style, run.turns))
            if text == " ":
                yield run, word
                word = []
        if word:
            yield current, word

    def _run(self, index: int, found: Any, address: int) -> _Run:
        if address not in self._runs:
            self._runs[address] = self._describe(index, found)
        return self._runs[address]

    def _describe(self, index: int, found: Any) -> _Run:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._text, index, matrix)
        size = raw.FPDFText_GetFontSize(self._text, index) * math.hypot(matrix.c, matrix.d)
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self._text, index, x, y)
        turns = self._view.quarter_turns(matrix.a, matrix.b)
        shown_x, shown_y = self._view.point(x.value, y.value)
        mode = raw.FPDFTextObj_GetTextRenderMode(found)
        style = _style(found, round(size, 1), mode)
        hidden = mode in _HIDDEN_MODES or size < _SMALLEST_SIZE
        return _Run(style, shown_x if turns in (1, 3) else shown_y, turns, hidden)

    def _is_seen(self, run: _Run, word: list[Glyph]) -> bool:
        if run.hidden:
            return False
        if run.turns == 4 or all(glyph.text == " " for glyph in word):
            return True
        left, right = min(g.left for g in word), max(g.right for g in word)
        box = self._view.place(left, right, run.baseline, run.style.size, turns=run.turns)
        return self._ink.shows(*box, colour=run.style.colour)


@cache
def _character(code: int, pictorial: bool) -> str:
    if code in _LINE_END_HYPHENS:
        return "-"
    text = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
    if text.isspace():
        return " "
    if pictorial:
        return _PICTURES.get(chr(code & 0xFF) if 0xF000 <= code < 0xF100 else text, "•")
    return "•" if 0xF000 <= code < 0xF100 else _LIGATURES.get(text, text)


def _style(found: Any, size: float, mode: int) -> Style:
    name = ctypes.create_string_buffer(128)
    font = raw.FPDFTextObj_GetFont(found)
    raw.FPDFFont_GetBaseFontName(font, name, 128)
    family = name.value.decode("utf-8", "replace").lower()
    weight = raw.FPDFFont_GetWeight(font)
    bold = any(word in family for word in ("bold", "black", "heavy")) or weight >= 600
    pick = raw.FPDFPageObj_GetStrokeColor if mode in _STROKED_MODES else raw.FPDFPageObj_GetFillColor
    red, green, blue, alpha = (ctypes.c_uint(0) for _ in range(4))
    pick(found, red, green, blue, alpha)
    italic = "italic" in family or "oblique" in family
    pictorial = any(word in family for word in _PICTORIAL)
    return Style(size, bold, italic, (red.value, green.value, blue.value), pictorial)


def _shapes(page: pdfium.PdfPage, view: _View) -> Iterator[Shape]:
    for found in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE), max_depth=5):
        picture = found.type == raw.FPDF_PAGEOBJ_IMAGE
        padding = 0.0 if picture else _line_width(found) / 2
        left, top, right, bottom = view.box(*found.get_bounds())
        if right - left > 2 * padding:
            left, right = left + padding, right - padding
        if bottom - top > 2 * padding:
            top, bottom = top + padding, bottom - padding
        yield Shape(left, top, right, bottom, picture)


def _line_width(path: Any) -> float:
    """Stroke width of a path that is stroked, which pdfium adds to its bounds; 0 of one that is only filled."""
    fill, stroke, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not stroke.value:
        return 0.0
    raw.FPDFPageObj_GetStrokeWidth(path, width)
    return width.value
