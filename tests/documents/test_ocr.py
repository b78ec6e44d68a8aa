"""Scanned pages: what is recognised on them, and what is said where nothing is."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from assistant.documents import ocr, pdf_scan, scan_doubts
from assistant.documents.library import Found, read_file
from assistant.documents.model import BlockKind, Document, LeftOut
from assistant.documents.pdf import PdfReader
from assistant.documents.reader import File
from assistant.documents.scan_picture import rules, straightened, stroke_width, without
from assistant.errors import SkippedDocument, UnreadableDocument
from tests.documents.pdf_maker import WIDTH, grey_picture, make_pdf, write_lines
from tests.documents.reading import assert_sound, introduction, quotes
from tests.documents.scan_maker import Scanner, scan

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="the program tesseract is not installed")

PROSE = [
    "The keeper trims the lamp at dusk and looks at the wick every two hours until the sun",
    "is up again. The log says when the lamp was lit, who had the watch and how much oil",
    "was used. A lamp that fails is reported to the harbour master at once by telephone, and",
    "the keeper lights the spare lamp, which stands behind the door of the engine room.",
]
MORE = [
    "Every vessel pays for the light once a year. The charge depends on the length of the",
    "vessel and is due on the first day of April. A vessel that does not pay may not enter",
    "the harbour until it has paid the charge and a fee of £25 for the reminder.",
]


def read(data: bytes, languages: str = "eng") -> Document:
    document = PdfReader(languages).read(File(Path("/guidance/fog.pdf"), "guidance/fog.pdf", data))
    assert_sound(document)
    return document


def first_page(canvas: Canvas) -> None:
    write_lines(canvas, ["Harbour handbook"], y=810, size=9)
    write_lines(canvas, ["Signals in fog"], y=770, size=20, font="Helvetica-Bold")
    write_lines(canvas, PROSE, y=730)
    write_lines(canvas, ["Charges"], y=650, font="Helvetica-Bold")
    write_lines(canvas, MORE, y=630)
    write_lines(canvas, ["You must tell the harbour master:"], y=560)
    write_lines(canvas, ["•", "•"], x=78, y=542)
    write_lines(canvas, ["who keeps the light during the night", "when the keeper comes back"], x=95, y=542)
    write_lines(canvas, ["Page 1 of 2"], x=280, y=30, size=9)


def second_page(canvas: Canvas) -> None:
    write_lines(canvas, ["Harbour handbook"], y=810, size=9)
    write_lines(canvas, MORE, y=760)
    rows = [["Vessel", "Charge", "Payable"], ["Fishing boat", "£12", "each month"], ["Ferry", "£140", "each year"]]
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            canvas.rect(72 + column * 150, 640 - row * 24, 150, 24)
            write_lines(
                canvas, [cell], x=80 + column * 150, y=648 - row * 24, font="Helvetica-Bold" if row == 0 else "Helvetica"
            )
    write_lines(canvas, PROSE, y=540)
    write_lines(canvas, ["Page 2 of 2"], x=280, y=30, size=9)


@pytest.fixture(scope="module")
def scanned() -> Document:
    """A document of two pages, scanned a little askew."""
    return read(scan(first_page, second_page, scanner=Scanner(dpi=200, askew=0.6, noise=10)))


@needs_tesseract
def test_a_scan_is_read_word_for_word_and_says_that_it_was_recognised(scanned: Document) -> None:
    assert quotes(scanned, BlockKind.PARAGRAPH)[:2] == [" ".join(PROSE), " ".join(MORE)]
    assert scanned.recognised
    assert scanned.left_out == ()
    assert scanned.title == "Signals in fog"


@needs_tesseract
def test_headings_lists_pages_and_running_headers_are_found_as_in_text(scanned: Document) -> None:
    headings = [block for block in scanned.blocks if block.kind is BlockKind.HEADING]

    assert [(scanned.quote(h), h.level, h.anchor) for h in headings] == [
        ("Signals in fog", 1, "#page=1"),
        ("Charges", 2, "#page=1"),
    ]
    assert quotes(scanned, BlockKind.LIST_ITEM) == ["who keeps the light during the night", "when the keeper comes back"]
    assert introduction(scanned, "when the keeper comes back") == "You must tell the harbour master:"
    assert "handbook" not in scanned.text
    assert "Page" not in scanned.text
    assert [block.page for block in scanned.blocks][-1] == 2


@needs_tesseract
def test_a_ruled_table_on_a_scan_is_a_table(scanned: Document) -> None:
    assert quotes(scanned, BlockKind.TABLE_HEAD) == ["Vessel | Charge | Payable"]
    assert quotes(scanned, BlockKind.TABLE_ROW) == ["Fishing boat | £12 | each month", "Ferry | £140 | each year"]


@needs_tesseract
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_on_its_side_is_turned(turns: int) -> None:
    data = scan(lambda canvas: write_lines(canvas, [*PROSE, "", *MORE]), scanner=Scanner(turns=turns))

    assert quotes(read(data)) == [" ".join(PROSE), " ".join(MORE)]


LEFT = [line[:42].rsplit(" ", 1)[0] for line in PROSE + MORE]
RIGHT = [line[40:].split(" ", 1)[1] for line in PROSE + MORE]


@needs_tesseract
def test_two_columns_on_strips_of_a_picture_are_read_one_after_the_other() -> None:
    def page(canvas: Canvas) -> None:
        write_lines(canvas, LEFT, x=60)
        write_lines(canvas, RIGHT, x=320)

    text = read(scan(page, scanner=Scanner(strips=9))).text.split()

    assert text == [*" ".join(LEFT).split(), *" ".join(RIGHT).split()]


@needs_tesseract
def test_what_is_too_unclear_is_left_out_and_counted() -> None:
    def unclear(canvas: Canvas) -> None:
        write_lines(canvas, PROSE * 3, size=7)

    data = scan(first_page, scanner=Scanner(dpi=150))
    worst = scan(unclear, scanner=Scanner(dpi=50, noise=60))

    assert read(data).left_out == ()
    with pytest.raises(SkippedDocument, match="no text was recognised on its 1 pages"):
        read(worst)


@needs_tesseract
def test_only_pages_without_text_are_recognised() -> None:
    def first(canvas: Canvas) -> None:
        write_lines(canvas, MORE)

    def last(canvas: Canvas) -> None:
        write_lines(canvas, PROSE)

    def picture(canvas: Canvas) -> None:
        canvas.drawImage(grey_picture(), 0, 0, WIDTH, 842)

    data = make_pdf(first, picture, last)

    for languages in ("", "eng"):
        document = read(data, languages)
        assert document.left_out == (LeftOut("scanned pages", 1),)
        assert not document.recognised
        assert {block.page for block in document.blocks} == {1, 3}


def _hidden_layer(canvas: Canvas) -> None:
    text = canvas.beginText(72, 600)
    text.setTextRenderMode(3)
    text.textLine("Vessels pay nothing.")
    canvas.drawText(text)


@needs_tesseract
def test_a_text_layer_that_nobody_can_see_is_not_read_and_the_picture_is() -> None:
    document = read(scan(lambda canvas: write_lines(canvas, MORE), over=_hidden_layer))

    assert quotes(document) == [" ".join(MORE)]
    assert document.left_out == (LeftOut("hidden text layers", 1),)


def test_without_ocr_a_scan_says_how_to_switch_it_on() -> None:
    with pytest.raises(UnreadableDocument, match=r"is a scan: its pages are pictures.*BERNARD_READING__OCR=true"):
        read(scan(first_page), "")


def test_without_ocr_a_scan_with_a_hidden_layer_says_why_that_is_not_read() -> None:
    with pytest.raises(UnreadableDocument, match=r"nobody can see, which may differ from the pictures.*OCR=true"):
        read(scan(first_page, over=_hidden_layer), "")


def test_the_library_hands_on_the_languages() -> None:
    outcome = read_file(Found(Path("/guidance/fog.pdf"), "guidance/fog.pdf"), scan(first_page), ocr_languages="tlh")

    assert outcome.failed
    assert outcome.reason.startswith("fog.pdf has scanned pages, and ")


@needs_tesseract
def test_a_language_that_is_not_installed_is_named_with_its_package() -> None:
    with pytest.raises(
        UnreadableDocument, match=r"fog\.pdf has scanned pages, and Tesseract has no data for tlh: .*tesseract-ocr-tlh"
    ):
        read(scan(first_page), "tlh")


def test_a_missing_program_or_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytesseract = pytest.importorskip("pytesseract")
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-program")
    with pytest.raises(UnreadableDocument, match=r"apt install tesseract-ocr"):
        read(scan(first_page))

    monkeypatch.setitem(sys.modules, "pytesseract", None)
    with pytest.raises(UnreadableDocument, match=r"pip install -e '\.\[ocr\]'"):
        read(scan(first_page))


@needs_tesseract
def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_SECONDS", 0.05)

    with pytest.raises(SkippedDocument, match="no text was recognised"):
        read(scan(first_page))


def _line(first: str, confidence: float, *, height: float = 26, rise: float = 0) -> ocr.RecognisedLine:
    """A line whose first word is a square of this height, this far above the line; the font's size is 50 pixels."""
    mark = ocr.RecognisedWord(first, 0, 100 - rise - height, height, 100 - rise, confidence)
    return ocr.RecognisedLine((mark, ocr.RecognisedWord("the", 60, 64, 110, 100, 96)), 100)


def _bullets(*lines: ocr.RecognisedLine) -> list[bool]:
    found = pdf_scan._bullets(lines)
    return [line.words[0] in found for line in lines]


def test_a_small_round_mark_above_the_line_is_a_bullet_whatever_it_was_taken_for() -> None:
    assert _bullets(_line("e¢", 47, height=16, rise=9)) == [True]
    assert _bullets(_line("e", 96, height=16, rise=9), _line("¢", 40, height=17, rise=8)) == [True, True]
    assert _bullets(_line("e", 96), _line(".", 96, height=8), _line("°", 96, height=12, rise=24)) == [False, False, False]


def test_a_larger_mark_is_a_bullet_where_it_is_unclear_and_begins_two_lines() -> None:
    assert _bullets(_line("@", 44), _line("©", 50)) == [True, True]
    assert _bullets(_line("@", 44)) == [False]
    assert _bullets(_line("©", 92), _line("©", 92)) == [False, False], "two lines of copyright"


@needs_tesseract
def test_a_word_that_is_unclear_in_its_line_is_read_again_alone_or_its_line_left_out() -> None:
    data = make_pdf(second_page)
    picture = Scanner(dpi=300).picture(pypdfium2.PdfDocument(data)[0])
    picture = without(picture, rules(picture, 300))
    lines = ocr.recognise(picture, "eng", dpi=300)
    at, boat = next((place, line) for place, line in enumerate(lines) if line.words[0].text == "Fishing")
    charge = boat.words[2]
    doubtful = replace(boat, words=(*boat.words[:2], replace(charge, text="as", confidence=4), *boat.words[3:]))

    (settled,) = scan_doubts.settled([doubtful], picture, "eng", dpi=300, parts=pdf_scan._parts)

    assert [word.text for word in settled.words] == ["Fishing", "boat", "£12", "each", "month"]
    assert settled.words[2].left == pytest.approx(charge.left, abs=3)
    blank = Image.new("L", picture.size, 255)
    assert scan_doubts.settled([doubtful, lines[at + 1]], blank, "eng", dpi=300, parts=pdf_scan._parts) == [lines[at + 1]]


def test_a_lone_mark_that_no_text_has_is_a_speck() -> None:
    def part(text: str) -> list[ocr.RecognisedWord]:
        return [ocr.RecognisedWord(text, 0, 0, 9, 9, 90)]

    assert [text for text in ("©", "~", "£", "•", "–", "✓", "Q", "3", "£3") if pdf_scan._is_speck(part(text))] == [
        "©",
        "~",
        "£",
    ]


def test_what_stands_in_the_boxes_is_painted_over() -> None:
    page = Image.new("L", (100, 100), 0)

    assert without(page, []) is page
    bare = np.asarray(without(page, [(40, 50, 60, 52)]))
    assert bare[51, 50] == 255
    assert bare[20, 50] == bare[51, 20] == 0
    assert np.asarray(page).max() == 0, "the picture itself is left as it was"


def test_a_picture_askew_is_straightened_and_a_straight_one_left_alone() -> None:
    page = np.full((1000, 700), 255, dtype=np.uint8)
    page[100:900:40, 80:620] = 0
    page[101:900:40, 80:620] = 0
    straight = Image.fromarray(page)

    assert straightened(straight) is straight
    again = np.asarray(straightened(straight.rotate(-1.3, fillcolor=255, resample=Image.Resampling.BICUBIC)))
    darkest = (255.0 - again[300:700, 200:500]).mean(axis=1)
    assert darkest.max() > 10 * np.median(darkest), "the lines are level again"


def test_rules_are_found_and_letters_are_not() -> None:
    page = np.full((600, 600), 255, dtype=np.uint8)
    page[100:104, 50:550] = 0
    page[100:400, 50:53] = 0
    page[200:230, 300:330] = 0  # as large as a capital letter
    page[450:550, 100:500] = 0  # a filled area

    assert sorted(rules(Image.fromarray(page), 300)) == [(50, 100, 53, 400), (50, 100, 550, 104)]


def test_the_width_of_strokes_is_measured() -> None:
    page = np.full((100, 300), 255, dtype=np.uint8)
    for left in range(20, 280, 30):
        page[20:80, left : left + 6] = 0

    assert stroke_width(Image.fromarray(page), (0, 0, 300, 100)) == pytest.approx(6, rel=0.15)
