"""Recognises the words in a picture of a page with Tesseract: each with its place and how sure Tesseract is of it.

Needs the extra `ocr` and the program itself. Knows nothing of PDFs or of what becomes of the words.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from assistant.documents.tools import TOOL_IS_MISSING
from assistant.errors import UnreadableDocument

if TYPE_CHECKING:
    from PIL.Image import Image

_SECONDS = 60
"""Longest time for one page; a dense page of A4 at 300 pixels an inch takes four."""
_LINES = ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat")
_NUMBERS = re.compile(r"(bbox|baseline|x_wconf)((?: -?[\d.]+)+)")
_PAGE, _ONE_LINE = 3, 7
"""Tesseract's ways of looking at a picture: as a page on which it finds columns by itself, or as one line of text."""


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """One word; its box is in pixels from the top left, `confidence` from 0 to 100 as Tesseract gives it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """Words beside one another; `baseline` is where letters stand, in pixels from the top, at the middle of the line."""

    words: tuple[RecognisedWord, ...]
    baseline: float

    @property
    def confidence(self) -> float:
        """Mean over its letters."""
        letters = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / letters


class TookTooLongError(Exception):
    """A page was given up."""


def recognise(picture: Image, languages: str, *, dpi: float, one_line: bool = False) -> list[RecognisedLine]:
    """The lines in a picture, in Tesseract's reading order.

    Args:
        picture: An upright page, in shades of grey.
        languages: Tesseract's names, such as "eng+cym".
        dpi: Pixels an inch.
        one_line: Whether the picture is of a single line and not of a page.

    Raises:
        UnreadableDocument: Tesseract or its data for a language is not installed; says what to install.
        TookTooLongError: It took longer than a page may.
    """
    pytesseract = _tesseract()
    config = f"--psm {_ONE_LINE if one_line else _PAGE} --dpi {round(dpi)}"
    try:
        found: bytes = pytesseract.image_to_pdf_or_hocr(
            picture, lang=languages, config=config, timeout=_SECONDS, extension="hocr"
        )
    except pytesseract.TesseractNotFoundError as error:
        raise UnreadableDocument(f"has scanned pages, and {_not_installed()}") from error
    except pytesseract.TesseractError as error:
        raise UnreadableDocument(_why_failed(str(error), languages)) from error
    except RuntimeError as error:  # what pytesseract raises when the time is up
        raise TookTooLongError from error
    return list(_lines(found))


def quarter_turns(picture: Image) -> int:
    """How many quarters anticlockwise a picture must be turned to stand upright; 0 when Tesseract cannot tell."""
    pytesseract = _tesseract()
    try:
        found: dict[str, Any] = pytesseract.image_to_osd(picture, timeout=_SECONDS, output_type=pytesseract.Output.DICT)
    except (pytesseract.TesseractError, pytesseract.TesseractNotFoundError, RuntimeError, ValueError, KeyError):
        return 0  # too few words on the page, or the data for this is not installed
    return int(found.get("orientation", 0)) // 90 % 4


def why_not(languages: str) -> str:
    """What keeps pages in these languages from being recognised on this machine, with its remedy; "" when nothing does."""
    try:
        installed = set(_tesseract().get_languages())
    except (UnreadableDocument, OSError):  # Tesseract that cannot be found is an OSError
        return _not_installed()
    absent = [name for name in languages.split("+") if name not in installed]
    return _no_data("+".join(absent)) if absent else ""


def _tesseract() -> Any:
    try:
        import pytesseract
    except ImportError as error:
        raise UnreadableDocument(f"has scanned pages, and {_not_installed()}") from error
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # several files are read at a time; more threads only get in the way
    return pytesseract


def _not_installed() -> str:
    return (
        f"{TOOL_IS_MISSING}: run `.venv/bin/pip install -e '.[ocr]'` in the checkout and install "
        "Tesseract (Debian and Ubuntu: `apt install tesseract-ocr`), or set BERNARD_READING__OCR=false"
    )


def _why_failed(error: str, languages: str) -> str:
    if "language" in error.lower() or "traineddata" in error.lower():
        return f"has scanned pages, and {_no_data(languages)}"
    return f"has scanned pages, and Tesseract failed on one of them ({' '.join(error.split())[:200]})"


def _no_data(languages: str) -> str:
    packages = " ".join(f"tesseract-ocr-{name.lower().replace('_', '-')}" for name in languages.split("+"))
    return (
        f"Tesseract has no data for {languages.replace('+', ' or ')}: install it (Debian: `apt install {packages}`) "
        "or change BERNARD_READING__OCR_LANGUAGES"
    )


def _lines(hocr: bytes) -> Iterator[RecognisedLine]:
    """The lines in Tesseract's hOCR, a web page that gives places and confidences in titles."""
    root = etree.fromstring(hocr, etree.HTMLParser(encoding="utf-8"))
    if root is None:
        return
    for line in root.iter("span"):
        if line.get("class") not in _LINES:
            continue
        words = tuple(_words(line))
        if words:
            facts = _facts(line)
            left, _, right, bottom = facts["bbox"]
            slope, offset = facts.get("baseline", (0.0, 0.0))
            yield RecognisedLine(words, bottom + offset + slope * (right - left) / 2)


def _words(line: etree._Element) -> Iterator[RecognisedWord]:
    for word in line.iterdescendants("span"):
        text = "".join("".join(word.itertext()).split())
        if word.get("class") == "ocrx_word" and text:
            facts = _facts(word)
            left, top, right, bottom = facts["bbox"]
            yield RecognisedWord(text, left, top, right, bottom, facts.get("x_wconf", (0.0,))[0])


def _facts(element: etree._Element) -> dict[str, tuple[float, ...]]:
    found = _NUMBERS.findall(element.get("title") or "")
    return {name: tuple(map(float, numbers.split())) for name, numbers in found}
