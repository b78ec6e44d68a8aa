"""What a PDF is read as: the words on its pages, in the order in which a person reads them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib import colors
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.model import BlockKind
from assistant.errors import SkippedDocument, UnreadableDocument
from tests.documents.pdf_maker import (
    HEIGHT,
    WIDTH,
    block_with,
    grey_picture,
    make_pdf,
    quotes,
    read,
    unicode_font,
    write_lines,
)

LEFT = [
    "The keeper sounds the fog signal when",
    "the far buoy cannot be seen. Each blast",
    "lasts four seconds and is followed by a",
    "silence of twenty seconds. The log says",
    "when the signal began and ended, and",
    "who had the watch in those hours.",
]
RIGHT = [
    "Vessels answer with one long blast and",
    "keep their distance from the rocks. A",
    "vessel that does not answer is reported",
    "to the harbour master by telephone at",
    "once, with her last known bearing and",
    "the time of the last signal.",
]
PROSE = ["The keeper trims the lamp at dusk and looks at the wick every two hours until", "the sun is up again."]


def test_two_columns_are_read_one_after_the_other() -> None:
    def page(canvas: Canvas) -> None:
        write_lines(canvas, ["Signals in fog"], y=790, size=18, font="Helvetica-Bold")
        for number in range(len(LEFT)):  # drawn across both columns, as some programs do
            write_lines(canvas, [LEFT[number]], x=60, y=740 - 14 * number)
            write_lines(canvas, [RIGHT[number]], x=310, y=740 - 14 * number)

    found = quotes(read(make_pdf(page)), BlockKind.PARAGRAPH)

    assert found == [" ".join(LEFT), " ".join(RIGHT)]


def test_a_title_across_both_columns_comes_first_and_text_below_them_last() -> None:
    def page(canvas: Canvas) -> None:
        write_lines(canvas, ["A heading in large type that runs across both columns"], y=790, size=18)
        write_lines(canvas, LEFT, x=60, y=740)
        write_lines(canvas, RIGHT, x=310, y=740)
        write_lines(
            canvas, ["A closing sentence that runs from one side of the page all the way to the other."], x=60, y=600
        )

    found = quotes(read(make_pdf(page)))

    assert found[0].startswith("A heading")
    assert found[1:3] == [" ".join(LEFT), " ".join(RIGHT)]
    assert found[3].startswith("A closing")


def test_running_headers_footers_page_numbers_and_side_tabs_are_left_out() -> None:
    def page_with(number: int, body: list[str]) -> object:
        def page(canvas: Canvas) -> None:
            write_lines(canvas, ["Fog signals"], y=810, size=9)
            write_lines(canvas, ["12 March 2024"], x=450, y=810, size=9)
            write_lines(canvas, body, y=740)
            write_lines(canvas, [f"Chapter 4 - {number}"], x=280, y=30, size=9)
            canvas.saveState()
            canvas.translate(WIDTH - 15, 500)
            canvas.rotate(90)
            canvas.drawString(0, 0, "Side tab")
            canvas.restoreState()

        return page

    bodies = [["The first page says this, and says it well."], ["The second page has more."], ["The third ends it."]]
    document = read(make_pdf(*(page_with(n, body) for n, body in enumerate(bodies, start=1))))  # type: ignore[arg-type]

    assert quotes(document) == [body[0] for body in bodies]
    assert [block.page for block in document.blocks] == [1, 2, 3]
    assert document.updated == dt.date(2024, 3, 12), "the date in the running header is the date of the text"


def test_a_word_broken_at_the_end_of_a_line_is_whole_again() -> None:
    def page(canvas: Canvas) -> None:
        write_lines(
            canvas, ["All vaccination is voluntary. Nobody may be made to accept a vaccin-", "ation against their will."]
        )

    assert "accept a vaccination against" in read(make_pdf(page)).text


def test_a_hyphen_that_belongs_to_a_word_stays() -> None:
    lines = ["A self-limiting illness needs no treatment. Most people have a self-", "limiting illness and recover at home."]

    text = read(make_pdf(lambda canvas: write_lines(canvas, lines))).text

    assert text.count("self-limiting") == 2


def test_ligatures_are_written_out() -> None:
    def page(canvas: Canvas) -> None:
        write_lines(canvas, ["The ﬁrst oﬀicer ﬂies a ﬂag."], font=unicode_font())

    assert "first" in read(make_pdf(page)).text
    assert "flies a flag" in read(make_pdf(page)).text


def test_a_raised_number_does_not_stick_to_the_word_before_it() -> None:
    def page(canvas: Canvas) -> None:
        write_lines(canvas, ["Keep the log"])
        end = 72 + canvas.stringWidth("Keep the log", "Helvetica", 11)
        write_lines(canvas, ["3"], x=end, y=764, size=6)
        write_lines(canvas, ["for seven years."], x=end + 8)

    assert quotes(read(make_pdf(page))) == ["Keep the log ³ for seven years."]


def _invisible(canvas: Canvas) -> None:
    text = canvas.beginText(72, 600)
    text.setTextRenderMode(3)
    text.textLine("secret instruction")
    canvas.drawText(text)


def _white(canvas: Canvas) -> None:
    canvas.setFillColor(colors.white)
    write_lines(canvas, ["secret instruction"], y=600)


def _nearly_white(canvas: Canvas) -> None:
    canvas.setFillColor(colors.Color(0.98, 0.98, 0.98))
    write_lines(canvas, ["secret instruction"], y=600)


def _tiny(canvas: Canvas) -> None:
    write_lines(canvas, ["secret instruction"], y=600, size=1)


def _under_a_black_bar(canvas: Canvas) -> None:
    write_lines(canvas, ["secret instruction"], y=600)
    canvas.rect(60, 590, 200, 25, fill=1)


def _under_a_white_patch(canvas: Canvas) -> None:
    write_lines(canvas, ["secret instruction"], y=600)
    canvas.setFillColor(colors.white)
    canvas.rect(60, 590, 200, 25, fill=1, stroke=0)


def _off_the_page(canvas: Canvas) -> None:
    write_lines(canvas, ["secret instruction"], x=-400, y=600)


def _transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0.01)
    write_lines(canvas, ["secret instruction"], y=600)


@pytest.mark.parametrize(
    "hide", [_invisible, _white, _nearly_white, _tiny, _under_a_black_bar, _under_a_white_patch, _off_the_page, _transparent]
)
def test_text_that_nobody_can_see_is_left_out(hide: object) -> None:
    def page(canvas: Canvas) -> None:
        write_lines(canvas, PROSE)
        canvas.saveState()
        hide(canvas)  # type: ignore[operator]
        canvas.restoreState()

    assert quotes(read(make_pdf(page))) == [" ".join(PROSE)]


def test_white_letters_on_a_dark_bar_are_read() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFillColor(colors.darkgreen)
        canvas.rect(60, 752, 400, 24, fill=1, stroke=0)
        canvas.setFillColor(colors.white)
        write_lines(canvas, ["Recommendations"], font="Helvetica-Bold", size=14)
        canvas.setFillColor(colors.black)
        write_lines(canvas, PROSE, y=720)

    assert quotes(read(make_pdf(page))) == ["Recommendations", " ".join(PROSE)]


def test_headings_are_known_by_their_looks_and_carry_their_page() -> None:
    def first(canvas: Canvas) -> None:
        write_lines(canvas, ["Fog signals"], size=22, font="Helvetica-Bold")
        write_lines(canvas, ["Charges"], y=720, size=14, font="Helvetica-Bold")
        write_lines(canvas, PROSE, y=695)
        write_lines(canvas, ["Ferries"], y=640, font="Helvetica-Bold")
        write_lines(canvas, PROSE, y=622)

    def second(canvas: Canvas) -> None:
        write_lines(canvas, ["Records"], size=14, font="Helvetica-Bold")
        write_lines(canvas, PROSE, y=735)

    document = read(make_pdf(first, second))
    headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]

    assert [(document.quote(h), h.level, h.anchor) for h in headings] == [
        ("Fog signals", 1, "#page=1"),
        ("Charges", 2, "#page=1"),
        ("Ferries", 3, "#page=1"),
        ("Records", 2, "#page=2"),
    ]


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    def first(canvas: Canvas) -> None:
        write_lines(canvas, ["The harbour master must be told of every vessel that does not answer the signal and of"], y=90)

    def second(canvas: Canvas) -> None:
        write_lines(canvas, ["every light that fails."])
        write_lines(canvas, PROSE, y=720)

    found = quotes(read(make_pdf(first, second)))

    assert found[0].endswith("the signal and of every light that fails.")
    assert found[1:] == [" ".join(PROSE)]


def test_items_of_a_list_know_the_sentence_that_leads_into_them() -> None:
    def page(canvas: Canvas) -> None:
        write_lines(canvas, ["You must tell the harbour master:"])
        write_lines(canvas, ["•", "•"], x=72, y=738)
        write_lines(canvas, ["who keeps the light", "when the keeper comes back"], x=90, y=738)

    document = read(make_pdf(page))
    items = [block for block in document.blocks if block.kind is BlockKind.LIST_ITEM]

    assert [document.quote(item) for item in items] == ["who keeps the light", "when the keeper comes back"]
    assert {item.introduced_by for item in items} == {0}


def _ruled(canvas: Canvas, rows: list[list[str]], *, bold_head: bool = True) -> None:
    widths, height, top = 150, 24, 700
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            canvas.rect(72 + column * widths, top - (row + 1) * height, widths, height)
            font = "Helvetica-Bold" if bold_head and row == 0 else "Helvetica"
            write_lines(canvas, [cell], x=78 + column * widths, y=top - row * height - 16, font=font)


def test_a_ruled_table_is_read_row_by_row_under_its_headings() -> None:
    def page(canvas: Canvas) -> None:
        write_lines(canvas, ["Table 1: Charges by vessel"], y=715)
        _ruled(canvas, [["Vessel", "Charge", "Payable"], ["Fishing boat", "£12", "each month"], ["Ferry", "", "each year"]])

    document = read(make_pdf(page))

    assert quotes(document, BlockKind.TABLE_HEAD) == ["Vessel | Charge | Payable"]
    assert quotes(document, BlockKind.TABLE_ROW) == ["Fishing boat | £12 | each month", "Ferry | | each year"]
    head = block_with(document, "Vessel |")
    assert head.introduced_by == 0, "the caption introduces the table"
    assert document.blocks[block_with(document, "Fishing").introduced_by or 0] == head


def test_a_box_around_a_paragraph_is_no_table() -> None:
    def page(canvas: Canvas) -> None:
        canvas.rect(60, 700, 460, 80)
        write_lines(canvas, PROSE)

    assert quotes(read(make_pdf(page)), BlockKind.PARAGRAPH) == [" ".join(PROSE)]


def test_boxes_beside_one_another_do_not_run_together() -> None:
    def page(canvas: Canvas) -> None:
        for number, word in enumerate(("lamp", "horn", "bell", "flag")):
            canvas.rect(60 + 120 * number, 690, 105, 60)
            write_lines(canvas, [f"Is the {word} in", "good order?"], x=66 + 120 * number, y=730)

    assert quotes(read(make_pdf(page))) == [f"Is the {word} in good order?" for word in ("lamp", "horn", "bell", "flag")]


def test_a_table_of_contents_is_left_out() -> None:
    def page(canvas: Canvas) -> None:
        write_lines(canvas, ["Charges ................................ 3", "Records ................................ 12"])
        write_lines(canvas, PROSE, y=600)

    assert quotes(read(make_pdf(page))) == [" ".join(PROSE)]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Fog signals: charges and records", "Fog signals: charges and records"),
        ("Microsoft Word - draft_7.docx", "Signals in fog"),
        ("", "Signals in fog"),
        ("Harbour handbook chapter", "Signals in fog (Harbour handbook chapter)"),
    ],
)
def test_the_title_is_stated_or_the_largest_heading_or_both(stated: str, expected: str) -> None:
    def page(canvas: Canvas) -> None:
        heading = "Fog signals" if stated.startswith("Fog") else "Signals in fog"
        write_lines(canvas, [heading], size=22)
        write_lines(canvas, PROSE, y=700)

    assert read(make_pdf(page, title=stated)).title == expected


def test_the_file_name_is_the_title_of_last_resort() -> None:
    assert read(make_pdf(lambda canvas: write_lines(canvas, PROSE)), "fog-signals.pdf").title == "Fog signals"


def test_a_locked_file_says_that_it_needs_a_password() -> None:
    data = make_pdf(lambda canvas: write_lines(canvas, PROSE), password="lantern")

    with pytest.raises(UnreadableDocument, match="protected by a password; ask its owner"):
        read(data)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_a_file_cut_short_is_refused_rather_than_read_in_part(kept: float) -> None:
    data = make_pdf(*[lambda canvas: write_lines(canvas, PROSE)] * 5)

    with pytest.raises(UnreadableDocument, match="cut short"):
        read(data[: int(len(data) * kept)])


@pytest.mark.parametrize("data", [b"", b"<html>Not found</html>", b"PK\x03\x04"])
def test_another_format_with_the_suffix_of_a_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="not a PDF"):
        read(data)


def test_a_scan_says_that_pictures_are_not_read() -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawImage(grey_picture(), 0, 0, WIDTH, HEIGHT)

    with pytest.raises(UnreadableDocument, match=r"is a scan: its pages are pictures.*switch on OCR"):
        read(make_pdf(page))


def test_a_file_of_blank_pages_is_skipped() -> None:
    with pytest.raises(SkippedDocument, match="has no text on its page"):
        read(make_pdf(lambda canvas: canvas.line(1, 1, 2, 2)))


@settings(max_examples=25, deadline=None)
@given(damage=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=40))
def test_damage_never_ends_in_another_error(damage: list[tuple[int, int]]) -> None:
    data = bytearray(make_pdf(lambda canvas: write_lines(canvas, LEFT)))
    for place, value in damage:
        data[place % len(data)] = value
    try:
        document = read(bytes(data))
    except (UnreadableDocument, SkippedDocument):
        return
    assert document.blocks


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
@pytest.mark.parametrize("flagged", [True, False])
def test_pages_that_lie_on_their_side_are_read_and_hide_nothing(angle: int, flagged: bool) -> None:
    def page(canvas: Canvas) -> None:
        if flagged:
            canvas.setPageRotation(angle)
        canvas.translate(300, 400)
        canvas.rotate(angle)
        write_lines(canvas, PROSE, x=-200, y=100)
        canvas.setFillColor(colors.white)
        write_lines(canvas, ["secret instruction"], x=-200, y=0)

    assert quotes(read(make_pdf(page))) == [" ".join(PROSE)]


WORDS = st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), min_size=3, max_size=60)


@settings(max_examples=25, deadline=None)
@given(paragraphs=st.lists(WORDS, min_size=1, max_size=4))
def test_every_word_is_read_once_and_in_order(paragraphs: list[list[str]]) -> None:
    lines: list[str] = []
    for words in paragraphs:
        lines += [" ".join(words[start : start + 8]) for start in range(0, len(words), 8)] + [""]

    document = read(make_pdf(lambda canvas: write_lines(canvas, lines)))

    assert document.text.split() == [word for words in paragraphs for word in words]
    assert_slices_in_order(document.blocks, document.text)


def assert_slices_in_order(blocks: object, text: str) -> None:
    """Blocks are slices of the text, in order, without overlap."""
    end = 0
    for block in blocks:  # type: ignore[attr-defined]
        assert end <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        end = block.end


GREEN_BOOK = 12


@pytest.mark.shared
def test_the_green_book_reads_as_a_book(shared: Path) -> None:
    files = sorted((shared / "guidance" / "green-book-pdf").glob("*.pdf"))
    documents = {file.stem: read(file.read_bytes(), file.name) for file in files}

    assert len(documents) == GREEN_BOOK
    for document in documents.values():
        assert_slices_in_order(document.blocks, document.text)
        assert document.updated is not None
        assert document.blocks[0].level == 1
        assert "ﬁ" not in document.text
        assert not any(quote.isdigit() for quote in quotes(document)), "page numbers and axes of charts"
    hepatitis = documents["hepatitis-b-ch18"]
    assert "Twinrix Adult® | GSK | 16 years or over | 720 ELISA units HAV | 20µg | 1.0ml" in quotes(hepatitis)
    assert hepatitis.updated == dt.date(2026, 2, 5)
    assert "5 February 2026" not in hepatitis.text
