"""Letters to words, words to stretches of text, stretches to lines.

Works on positions alone. Knows nothing of pdfium, columns or paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.documents.pdf_page import Glyph, Page, Style

_WORD_GAP = 0.14
"""Space between two letters, in units of their size, that makes them two words when the file has no space there."""
_STRETCH_GAP = 1.1
"""Space between two words, in the same units, that makes them two stretches: columns, cells of a table, a bullet."""
_OTHER_SIZE = 1.5
"""Texts whose sizes differ by more than this factor do not make one line, though they stand beside one another."""
_RAISED_SIZE = 0.8
_SUPERSCRIPTS = str.maketrans("0123456789+-–−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁽⁾")
_TAKES_POWER = re.compile(r"(?:^|[^0-9.,])10$|(?:^|[\s/\d])[mck]?m$|(?:^|[\s/\d])ft$")
_REFERENCE_MARK = re.compile(r"[\d,\-–a-h]+")


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a space between them; `joined` words follow the one before without a space."""

    text: str
    left: float
    right: float
    style: Style
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words beside one another, drawn in one go; `turns` as in `Glyph`."""

    words: tuple[Word, ...]
    baseline: float
    turns: int = 0

    @property
    def left(self) -> float:
        """Where its first word begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where its last word ends."""
        return max(word.right for word in self.words)

    @property
    def size(self) -> float:
        """Size of its largest letters."""
        return max(word.style.size for word in self.words)

    @property
    def top(self) -> float:
        """About where its tall letters begin."""
        return self.baseline - 0.75 * self.size

    @property
    def bottom(self) -> float:
        """About where its letters end below the line."""
        return self.baseline + 0.25 * self.size

    @property
    def text(self) -> str:
        """Its words as one string."""
        return spaced(self.words)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in one column; `style` is that of most of its letters."""

    words: tuple[Word, ...]
    baseline: float
    page: int
    style: Style
    text: str

    @property
    def left(self) -> float:
        """Where its first word begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where its last word ends."""
        return max(word.right for word in self.words)

    @property
    def size(self) -> float:
        """Size of most of its letters."""
        return self.style.size


def spaced(words: Iterable[Word]) -> str:
    """The words as one string."""
    return "".join(word.text if word.joined else f" {word.text}" for word in words).strip()


def stretches(page: Page) -> list[Stretch]:
    """The text of a page in the order it was drawn."""
    return [stretch for glyphs in _runs(page.glyphs) if (stretch := _stretch(glyphs)) is not None]


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Letters that follow one another on one line."""
    run: list[Glyph] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if last is not None and glyph.text != " " and not _follows(last, glyph):
            yield run
            run, last = [], None
        run.append(glyph)
        if glyph.text != " ":
            last = glyph
    if run:
        yield run


def _follows(last: Glyph, glyph: Glyph) -> bool:
    smaller, larger = sorted((last.style.size, glyph.style.size))
    drop = abs(glyph.baseline - last.baseline)
    level = 0.1 if smaller == larger else 0.7
    gap = glyph.left - last.right
    same_box = abs(glyph.left - last.left) < 0.1  # letters of one ligature
    near = same_box or -0.4 * smaller < gap < _STRETCH_GAP * larger
    return near and glyph.turns == last.turns and drop <= level * smaller


def _stretch(glyphs: list[Glyph]) -> Stretch | None:
    inked = [glyph for glyph in glyphs if glyph.text != " "]
    if not inked:
        return None
    size = max(glyph.style.size for glyph in inked)
    baseline = Counter(glyph.baseline for glyph in inked if glyph.style.size > _RAISED_SIZE * size).most_common(1)[0][0]
    words: list[Word] = []
    for letters, spaced_off in _words(glyphs, baseline, size):
        words.append(_word(letters, spaced_off, words, _is_raised(letters[0], baseline, size)))
    return Stretch(tuple(words), baseline, inked[0].turns)


def _is_raised(glyph: Glyph, baseline: float, size: float) -> bool:
    return glyph.style.size < _RAISED_SIZE * size and baseline - glyph.baseline > 0.15 * size


def _words(glyphs: list[Glyph], baseline: float, size: float) -> Iterator[tuple[list[Glyph], bool]]:
    """Letters of one word and one height, and whether a space stands before them."""
    letters: list[Glyph] = []
    space = after_space = True
    for glyph in glyphs:
        if glyph.text == " ":
            after_space = True
            continue
        gap = glyph.left - letters[-1].right if letters else 0.0
        parted = after_space or gap > _WORD_GAP * min(glyph.style.size, letters[-1].style.size if letters else size)
        if letters and (parted or _is_raised(glyph, baseline, size) != _is_raised(letters[0], baseline, size)):
            yield letters, space
            letters, space = [], parted
        letters.append(glyph)
        after_space = False
    if letters:
        yield letters, space


def _word(letters: list[Glyph], spaced_off: bool, before: list[Word], raised: bool) -> Word:
    text = "".join(glyph.text for glyph in letters)
    joined = not spaced_off
    if raised and text[0].isdigit():
        text = text.translate(_SUPERSCRIPTS)
    if raised and before and joined and _REFERENCE_MARK.fullmatch("".join(glyph.text for glyph in letters)):
        joined = bool(_TAKES_POWER.search(before[-1].text))
    elif before and joined and before[-1].text[-1:] in "⁰¹²³⁴⁵⁶⁷⁸⁹" and text[0].isalnum() and not raised:
        joined = False
    return Word(text, letters[0].left, letters[-1].right, letters[0].style, joined)


def lines(found: Iterable[Stretch], page: int) -> list[Line]:
    """The lines of one column, from the top."""
    rows: list[list[Stretch]] = []
    for stretch in sorted(found, key=lambda s: s.baseline):
        if rows and _on_one_line(rows[-1], stretch):
            rows[-1].append(stretch)
        else:
            rows.append([stretch])
    return [_line(row, page) for row in rows]


def _on_one_line(row: list[Stretch], stretch: Stretch) -> bool:
    main = max(row, key=lambda s: s.size)
    smaller, larger = sorted((main.size, stretch.size))
    if larger > _OTHER_SIZE * smaller and not _is_mark(stretch) and not _is_mark(main):
        return False
    if any(stretch.left < other.right - 1 and other.left < stretch.right - 1 for other in row):
        return False
    return stretch.baseline - main.baseline < 0.4 * larger


def _is_mark(stretch: Stretch) -> bool:
    """A bullet or the number of a note, which may be much smaller or larger than the text beside it."""
    return len(stretch.text) <= 2 and stretch.size < 20


def _line(row: list[Stretch], page: int) -> Line:
    row.sort(key=lambda stretch: stretch.left)
    words: list[Word] = []
    for stretch in row:
        first = stretch.words[0]
        touching = bool(words) and first.left - words[-1].right < _WORD_GAP * stretch.size
        words.append(Word(first.text, first.left, first.right, first.style, joined=touching))
        words.extend(stretch.words[1:])
    weight: Counter[Style] = Counter()
    for word in words:
        weight[word.style] += len(word.text)
    main = max(row, key=lambda stretch: len(stretch.text))
    return Line(tuple(words), main.baseline, page, weight.most_common(1)[0][0], spaced(words))
