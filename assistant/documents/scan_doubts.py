"""Looks again at words of a scanned line that were hard to recognise, each alone with those beside it.

Across the wide gaps of a table Tesseract can misread a cell ("£12" as "as") that it reads well by itself. What stays
doubtful makes its line doubtful: a word left out of a sentence could turn it into its opposite. Knows nothing of PDFs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.documents.ocr import RecognisedLine, RecognisedWord, TookTooLongError, recognise

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_OF_WORD = 60
"""Confidence below which a word is doubtful. Of such words, one in a hundred, half were wrong; at 90 and over, 98 in
100 were right (4,900 words: six pages of the Green Book, scanned at 110 and 200 dots an inch)."""
_MOST_LOOKS = 15
"""On one page; each takes a third of a second."""
_BULLET = "•"
"""Known for one already, by its place and shape."""
_MARGIN = 0.4
"""Of a line's height, around what is looked at; Tesseract wants paper around letters."""

Parts = Callable[[RecognisedLine], Sequence[list[RecognisedWord]]]


def settled(
    lines: Sequence[RecognisedLine], picture: Image, languages: str, *, dpi: float, parts: Parts
) -> list[RecognisedLine]:
    """The lines without those that stay doubtful.

    Args:
        lines: As they were recognised.
        picture: What they were recognised on.
        languages: Tesseract's names.
        dpi: Pixels an inch.
        parts: Takes a line apart at its wide gaps.
    """
    kept: list[RecognisedLine] = []
    looks = 0
    for line in lines:
        if not _doubtful(line.words):
            kept.append(line)
        elif looks < _MOST_LOOKS:
            looks += 1
            if again := _again(line, parts(line), picture, languages, dpi=dpi):
                kept.append(again)
    return kept


def _doubtful(words: Sequence[RecognisedWord]) -> bool:
    return any(word.confidence < LEAST_OF_WORD for word in words)


def _again(
    line: RecognisedLine, parts: Sequence[list[RecognisedWord]], picture: Image, languages: str, *, dpi: float
) -> RecognisedLine | None:
    """The line with its doubtful parts recognised alone; None when they are no better so."""
    sure = [word for word in line.words if not _doubtful([word])] or list(line.words)
    top, bottom = min(word.top for word in sure), max(word.bottom for word in sure)
    margin = _MARGIN * (bottom - top)
    words: list[RecognisedWord] = []
    for place, part in enumerate(parts):
        if _doubtful(part):
            if part[0].text == _BULLET:
                words.append(part[0])
            left = words[-1].right if words else max(0.0, part[0].left - margin)
            right = parts[place + 1][0].left if place + 1 < len(parts) else min(picture.width, part[-1].right + 3 * margin)
            box = (left, max(0.0, top - margin), right, min(picture.height, bottom + margin))
            alone = _alone(box, picture, languages, dpi=dpi)
            if not alone or _doubtful(alone):
                return None
            words += (_as_tall(word, part, top, bottom) for word in alone)
        else:
            words += part
    return replace(line, words=tuple(words))


def _as_tall(word: RecognisedWord, before: Sequence[RecognisedWord], top: float, bottom: float) -> RecognisedWord:
    """The word, as tall as what was recognised there before: of a line by itself, Tesseract tells no heights."""
    there = max(before, key=lambda other: min(word.right, other.right) - max(word.left, other.left))
    return replace(word, top=max(there.top, top), bottom=min(there.bottom, bottom))


def _alone(box: tuple[float, float, float, float], picture: Image, languages: str, *, dpi: float) -> list[RecognisedWord]:
    left, top, right, bottom = map(int, box)
    if right - left < 5 or bottom - top < 5:
        return []
    try:
        found = recognise(picture.crop((left, top, right, bottom)), languages, dpi=dpi, one_line=True)
    except TookTooLongError:
        return []
    return [
        replace(word, left=word.left + left, top=word.top + top, right=word.right + left, bottom=word.bottom + top)
        for line in found
        for word in line.words
    ]
