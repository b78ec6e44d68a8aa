"""Turns a scanned page of a PDF into the letters and rules that `pdf_page` gives for any other page.

So columns, headings, tables and running headers are found by the steps that find them in text. Knows nothing of blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2 as pdfium

from assistant.documents.clean import readable
from assistant.documents.ocr import RecognisedLine, RecognisedWord, TookTooLongError, quarter_turns, recognise
from assistant.documents.pdf_page import Glyph, Page, Shape, Style
from assistant.documents.scan_doubts import settled
from assistant.documents.scan_picture import Box, rules, straightened, stroke_width, without

if TYPE_CHECKING:
    from PIL.Image import Image

_DPI = 300
"""What Tesseract is made for: capitals of ten-point text are then 30 pixels tall."""
_MOST_PIXELS = 20_000_000
"""A3 at 300 pixels an inch has 17 million."""
_LEAST_OF_LINE, _LEAST_OF_PAGE = 70, 80
"""Mean confidence below which a line, or a whole page, is left out: a quotation must be what the page says. Of the words
in lines at 90 and over, 98 in 100 were right, at 80 to 89 92, at 70 to 79 85, at 60 to 69 76, below that fewer than 65
(21,000 words: a page of each of 12 chapters of the Green Book, scanned in four ways at 72 to 120 dots an inch)."""
_UPRIGHT = 70
"""Mean confidence from which a page is taken to stand upright; a page upside down has less than 50."""
_AS_SURE = 3
"""Difference in confidence that says nothing."""
_ASCENDING = frozenset("bdfhklt0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ£&()ij")
_DESCENDING = frozenset("gjpqyQ()")
_SMALL, _TALL, _DEEP = 0.52, 0.2, 0.21
"""Parts of a font's size that letters take: a small letter, what tall ones have above it, what some have below the line."""
_SAME_SIZE, _SAME_SIZE_SHORT, _SHORT = 1.12, 1.35, 6
"""Measured sizes that differ from the body's by a smaller factor are the body's: they vary by a tenth within one font, and
by a third where there are but a few letters to measure."""
_BOLD = 1.22
"""Width of strokes, by the body's, from which letters are bold: 1.3 to 1.7 on scans of 100 to 200 dots an inch."""
_APART = 1.1
"""Space between words, in units of their size, beyond which they are measured apart."""
_DOT_HEIGHT, _DOT_SHAPE, _DOT_RISE = (0.2, 0.47), (0.6, 1.6), (0.01, 0.35)
"""A bullet by its height and its rise above the line, in parts of its neighbours' size, and by width to height: a dot of 0.3
to 0.43 that rises by 0.02 to 0.2. The smallest letters take 0.5 and stand on the line; a hyphen is flat."""
_BULLETS = frozenset("e¢©®«»*°@+=")
"""What Tesseract takes larger bullets for."""
_DOTS = _BULLETS | frozenset("oOQ•·.")
_LONE_MARKS = frozenset("•-–—✓✔✗✘*†‡§/&+%")
"""Marks that stand by themselves: bullets and dashes, ticks, signs of notes."""
_SURE = 80
"""Confidence from which such a mark is what it looks like."""
_BLACK = (0, 0, 0)


def is_scan(page: Page) -> bool:
    """Whether a page is a picture; a scanner may have stamped a few letters on it."""
    letters = sum(glyph.text != " " for glyph in page.glyphs)
    return page.pictured > 0.3 and (not letters or (letters < 25 and page.pictured > 0.8))


@dataclass(frozen=True, slots=True)
class Recognised:
    """A scanned page as text; `doubtful` counts its lines that were left out."""

    page: Page
    doubtful: int = 0


def recognised_page(scan: pdfium.PdfPage, page: Page, languages: str) -> Recognised | None:
    """The page with what is recognised on it; None when there is nothing, or when it took too long.

    Args:
        scan: The page in its file.
        page: What could be read of it without recognition.
        languages: Tesseract's names of them.

    Raises:
        UnreadableDocument: Tesseract is not installed; the message follows the file's name.
    """
    width, height = scan.get_size()
    scale = min(_DPI / 72, math.sqrt(_MOST_PIXELS / max(width * height, 1)))
    picture: Image = scan.render(scale=scale, grayscale=True, draw_annots=False).to_pil().convert("L")
    try:
        upright = _upright(straightened(picture), languages, dpi=72 * scale)
    except TookTooLongError:
        return None
    picture, lines = upright.picture, upright.lines
    marked = (_unspecked(line) for line in _sure_of(_bullets(lines), lines))
    clear = [line for line in marked if line.words and line.confidence >= _LEAST_OF_LINE]
    if not clear or _confidence(lines) < _LEAST_OF_PAGE:
        return None
    kept = settled(clear, upright.bare, languages, dpi=72 * scale, parts=_parts)
    shapes = tuple(
        Shape(left / scale, top / scale, right / scale, bottom / scale) for left, top, right, bottom in upright.rules
    )
    if not kept:
        return None
    glyphs = tuple(_glyphs(_looks(kept, picture), scale))
    width, height = picture.width / scale, picture.height / scale
    return Recognised(Page(page.number, width, height, glyphs, shapes), doubtful=len(lines) - len(kept))


class _Upright(NamedTuple):
    """A picture that stands upright, its rules, what it is without them, and the lines of words on it."""

    picture: Image
    rules: list[Box]
    bare: Image
    lines: list[RecognisedLine]


def _upright(picture: Image, languages: str, *, dpi: float) -> _Upright:
    """The picture turned upright, with what is on it; no lines when it cannot be told which way up it is."""
    found = _looked_at(picture, languages, dpi=dpi)
    if _stands(found.lines):
        return found
    turns = quarter_turns(picture)
    for quarters in (turns,) if turns else (1, 3):
        turned = _looked_at(picture.rotate(90 * quarters, expand=True), languages, dpi=dpi)
        if _stands(turned.lines) and _confidence(turned.lines) >= _confidence(found.lines) - _AS_SURE:
            return turned
    return found if _runs_across(found.lines) else found._replace(lines=[])


def _stands(lines: Sequence[RecognisedLine]) -> bool:
    return _confidence(lines) >= _UPRIGHT and _runs_across(lines)


def _runs_across(lines: Sequence[RecognisedLine]) -> bool:
    """Whether words are wider than tall; Tesseract also reads lines that run up or down a page, and is as sure of them."""
    long = [word for line in lines for word in line.words if len(word.text) > 3]
    return 2 * sum(word.right - word.left > word.bottom - word.top for word in long) >= len(long)


def _looked_at(picture: Image, languages: str, *, dpi: float) -> _Upright:
    ruled = rules(picture, dpi)
    bare = without(picture, ruled)
    return _Upright(picture, ruled, bare, recognise(bare, languages, dpi=dpi))


def _confidence(lines: Sequence[RecognisedLine]) -> float:
    letters = sum(len(word.text) for line in lines for word in line.words)
    return sum(word.confidence * len(word.text) for line in lines for word in line.words) / max(letters, 1)


class _Part(NamedTuple):
    """Words of one line that look the same; sizes in pixels."""

    words: list[RecognisedWord]
    baseline: float
    size: float
    stroke: float

    @property
    def letters(self) -> int:
        return sum(len(word.text) for word in self.words)


def _looks(lines: Sequence[RecognisedLine], picture: Image) -> list[_Part]:
    """All lines in parts, with how large and how heavy each is."""
    parts = []
    for line in lines:
        for words in _parts(line):
            top, bottom = min(word.top for word in words), max(word.bottom for word in words)
            size = _size(words)
            stroke = stroke_width(picture, (words[0].left, top, words[-1].right, bottom)) / size
            parts.append(_Part(words, line.baseline, size, stroke))
    return parts


def _glyphs(parts: Sequence[_Part], scale: float) -> Iterator[Glyph]:
    """The letters of all lines in points, each word's evenly spread over its box."""
    body = median([part.size for part in parts for _ in range(part.letters)])
    usual = median([part.stroke for part in parts for _ in range(part.letters)])
    for part in parts:
        bold = part.letters >= _SHORT and part.stroke > _BOLD * usual
        style = Style(round(_rounded(part, body) / scale, 1), bold, False, _BLACK)
        for word in part.words:
            text = readable(word.text)
            step = (word.right - word.left) / scale / max(len(text), 1)
            left, right, baseline = word.left / scale, word.right / scale, part.baseline / scale
            for place, letter in enumerate(text):
                yield Glyph(letter, left + place * step, left + (place + 1) * step, baseline, style)
            yield Glyph(" ", right, right, baseline, style)


def _unspecked(line: RecognisedLine) -> RecognisedLine:
    return replace(line, words=tuple(word for part in _parts(line) if not _is_speck(part) for word in part))


def _is_speck(words: Sequence[RecognisedWord]) -> bool:
    """Whether it is a mark by itself that no text has, such as "©" for a letter on its side or a stain at the margin."""
    text = "".join(word.text for word in words)
    return len(text) == 1 and not text.isalnum() and text not in _LONE_MARKS


def _parts(line: RecognisedLine) -> list[list[RecognisedWord]]:
    """Words of a line with no wide space between them, which can be taken to have one size."""
    parts: list[list[RecognisedWord]] = []
    for word in line.words:
        if not parts or word.left - parts[-1][-1].right > _APART * _size(parts[-1]):
            parts.append([])
        parts[-1].append(word)
    return parts


def _size(words: Iterable[RecognisedWord]) -> float:
    """The size of the font in pixels, from the height of each word and which letters are in it."""
    return median([(word.bottom - word.top) / _share(word.text) for word in words])


def _share(text: str) -> float:
    tall = _TALL if any(letter in _ASCENDING for letter in text) else 0
    deep = _DEEP if any(letter in _DESCENDING for letter in text) else 0
    return _SMALL + tall + deep


def _rounded(part: _Part, body: float) -> float:
    """The size of the body for all that is about as large, in steps of an eighth of it otherwise."""
    same = _SAME_SIZE_SHORT if part.letters < _SHORT else _SAME_SIZE
    ratio = part.size / body
    return body if 1 / same < ratio < same else body * max(round(8 * ratio), 1) / 8


def _bullets(lines: Sequence[RecognisedLine]) -> set[RecognisedWord]:
    """Words that are bullets: small round marks above the line, and larger ones that begin two lines or more of a page."""
    first = [(line.words[0], line) for line in lines if len(line.words) > 1 and len(line.words[0].text) <= 2]
    dots = {word for word, line in first if _DOTS.issuperset(word.text) and _is_dot(word, line)}
    marks = {word for word, _ in first if _BULLETS.issuperset(word.text) and word.confidence < _SURE}
    return dots | marks if len(dots | marks) > 1 else dots


def _sure_of(bullets: set[RecognisedWord], lines: Sequence[RecognisedLine]) -> list[RecognisedLine]:
    """The lines with these words as bullets, of which there is no more doubt."""
    return [
        replace(line, words=(replace(line.words[0], text="•", confidence=100), *line.words[1:]))
        if line.words[0] in bullets
        else line
        for line in lines
    ]


def _is_dot(word: RecognisedWord, line: RecognisedLine) -> bool:
    size = _size(line.words[1:])
    height, rise = (word.bottom - word.top) / size, (line.baseline - word.bottom) / size
    shape = (word.right - word.left) / max(word.bottom - word.top, 1)
    measured = ((height, _DOT_HEIGHT), (shape, _DOT_SHAPE), (rise, _DOT_RISE))
    return all(least < value < most for value, (least, most) in measured)
