"""What a text file is read as, however it is wrapped and encoded."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.model import BlockKind, Document
from assistant.documents.plain_text import PlainTextReader
from assistant.documents.reader import File
from assistant.errors import SkippedDocument, UnreadableDocument

WRAPPED = """\
The keeper trims the lamp at dusk and looks at the wick every
two hours until the sun is up again. Oil that has turned dark
is poured away.

A second keeper may take the watch after midnight, if the first
has written up the log.
"""


def read(text: str | bytes, name: str = "notes.txt") -> Document:
    data = text.encode() if isinstance(text, str) else text
    return PlainTextReader().read(File(Path("/guidance") / name, f"guidance/{name}", data))


def quotes(document: Document, *kinds: BlockKind) -> list[str]:
    return [document.quote(block) for block in document.blocks if not kinds or block.kind in kinds]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(block.level, document.quote(block)) for block in document.blocks if block.kind is BlockKind.HEADING]


@pytest.mark.parametrize(
    "data",
    [
        "A café charges £5 – “no more”.".encode(),
        codecs.BOM_UTF8 + "A café charges £5 – “no more”.".encode(),
        "A café charges £5 – “no more”.".encode("utf-16"),
        codecs.BOM_UTF16_BE + "A café charges £5 – “no more”.".encode("utf-16-be"),
        "A café charges £5 – “no more”.".encode("cp1252"),
    ],
)
def test_common_encodings_are_read_alike(data: bytes) -> None:
    assert read(data).text == "A café charges £5 – “no more”."


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\x01\x02\x03" * 50, codecs.BOM_UTF16_LE + b"\0\xd8"])
def test_binary_files_are_refused_with_a_way_out(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="save it as UTF-8 text"):
        read(data)


@pytest.mark.parametrize("data", ["", " \n\n\t", "----\n***"])
def test_empty_files_are_skipped(data: str) -> None:
    with pytest.raises(SkippedDocument, match="nothing to read"):
        read(data)


def test_wrapped_lines_make_paragraphs() -> None:
    found = quotes(read(WRAPPED))

    assert len(found) == 2
    assert found[0].startswith("The keeper trims")
    assert found[0].endswith("dark is poured away.")


def test_a_line_for_each_paragraph_stays_so() -> None:
    lines = ["The keeper trims the lamp at dusk. " * 6, "The log is kept for seven years. " * 6, "Short end."]

    assert quotes(read("\n".join(lines))) == [line.strip() for line in lines]


def test_a_word_broken_by_the_end_of_a_page_is_whole_again() -> None:
    assert quotes(read("Guidance relating to non-\n\ndomestic buildings is elsewhere.")) == [
        "Guidance relating to non-domestic buildings is elsewhere."
    ]


def test_headings_are_taken_only_where_they_are_plain() -> None:
    document = read(
        "Fog signals\n===========\n\nCharges\n-------\n\nA ferry pays more.\n\nRECORDS AND LOGS\n\nKeep the log.\n\n"
        "Section 2: Workmanship\n\n2.1 Kinds of lamp\n\n2.2 The keeper trims the lamp at dusk.\n\nPay by cheque\n\nor card."
    )

    assert headings(document) == [
        (1, "Fog signals"),
        (2, "Charges"),
        (2, "RECORDS AND LOGS"),
        (2, "Section 2: Workmanship"),
        (3, "2.1 Kinds of lamp"),
    ]
    assert "2.2 The keeper trims the lamp at dusk." in quotes(document, BlockKind.PARAGRAPH)


def test_a_heading_printed_again_on_each_page_opens_one_section() -> None:
    assert headings(read("SECTION ONE\n\nFirst page.\n\fSECTION ONE\n\nSecond page.")) == [(2, "SECTION ONE")]


@pytest.mark.parametrize("marks", ["••", "--", "**", "oo", "▪▪"])
def test_bullets_make_items_with_their_lead_in(marks: str) -> None:
    document = read(f"Tell the harbour master:\n{marks[0]} who keeps the light\n{marks[1]} when you come back\n")
    items = [block for block in document.blocks if block.kind is BlockKind.LIST_ITEM]

    assert [document.quote(item) for item in items] == ["who keeps the light", "when you come back"]
    assert [item.introduced_by for item in items] == [0, 0]


def test_labels_of_items_stay_and_show_their_depth() -> None:
    document = read(
        "You must:\n\n(a) keep a log that shows\n\n(i) the hours, and\n\n(ii) the weather; and\n\n(b) sign it.\n"
    )
    items = [block for block in document.blocks if block.kind is BlockKind.LIST_ITEM]

    assert [(item.level, item.introduced_by) for item in items] == [(1, 0), (2, 1), (2, 1), (1, 0)]
    assert document.quote(items[1]) == "(i) the hours, and"


def test_the_letter_i_after_h_is_no_roman_number() -> None:
    document = read("You must:\n\n" + "\n\n".join(f"{letter}. keep the log" for letter in "ghij"))

    assert {block.level for block in document.blocks if block.kind is BlockKind.LIST_ITEM} == {1}


def test_numbered_paragraphs_run_together_are_parted() -> None:
    found = quotes(read("1.1  The lamp is lit at dusk. 1.2  It is put out at dawn.\n\nb.  the lamp c.  the horn"))

    assert found == ["1.1 The lamp is lit at dusk.", "1.2 It is put out at dawn.", "b. the lamp", "c. the horn"]


def test_contents_page_numbers_and_running_titles_are_left_out() -> None:
    body = "\n\n".join(f"Rule number {n} of the harbour is written here in full." for n in range(10))
    pages = [f"{body}\n\nHarbour Rules, 2024 edition {number}\n\n{number}\n" for number in range(1, 5)]
    document = read("Charges ............ 3\nRecords ............ 12\n\n" + "\f".join(pages))

    assert "....." not in document.text
    assert "edition" not in document.text
    assert not any(quote.isdigit() for quote in quotes(document))


def test_numbers_in_a_table_are_not_taken_for_page_numbers() -> None:
    assert [quote for quote in quotes(read("Boats\n\n1\n\n2\n\n3\n\n4\n\nFerries")) if quote.isdigit()] == [
        "1",
        "2",
        "3",
        "4",
    ]


def test_words_printed_over_themselves_part_two_pages() -> None:
    document = read("The end of a page. B1ONLINE VERSIONONLINE VERSIONThe start of the next.")

    assert quotes(document) == ["The end of a page.", "The start of the next."]


def test_invisible_characters_are_left_out() -> None:
    assert read("The la\u200bmp\U000e0041 is lit.").text == "The lamp is lit."


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("notes.txt", "Fog signals\n===\n\nText.", "Fog signals"),
        ("Text-Approved_Document_C-Content.txt", "C\n\nText of the document.", "Approved Document C"),
        ("notes.txt", "FOG SIGNALS\n\nText of the notes.", "FOG SIGNALS"),
        ("notes.txt", "Text of the notes.", "Notes"),
    ],
)
def test_the_title_is_underlined_or_the_name_of_the_file_or_the_first_heading(name: str, text: str, expected: str) -> None:
    assert read(text, name).title == expected


@given(st.text())
def test_blocks_are_slices_in_order_without_overlap(text: str) -> None:
    try:
        document = read(text.encode("utf-8", "ignore"))
    except (SkippedDocument, UnreadableDocument):
        return
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        end = block.end


WORD = st.from_regex(r"\(?[A-Za-z0-9]{1,9}[.,;:)]?", fullmatch=True).filter(lambda word: word != "o")  # "o" is a bullet
LINE = st.lists(WORD, max_size=20).map(" ".join)


@given(st.lists(LINE, min_size=1, max_size=30))
def test_every_word_is_in_the_document_in_order(lines: list[str]) -> None:
    words = [word for line in lines for word in line.split()]
    try:
        document = read("\n".join(lines))
    except SkippedDocument:
        return

    assert document.text.split() == words


@pytest.mark.shared
def test_the_approved_documents_read_as_numbered_guidance(shared: Path) -> None:
    for file in sorted((shared / "guidance" / "approved-documents").glob("*.txt")):
        document = read(file.read_bytes(), file.name)
        assert document.title.startswith("Approved Document")
        assert "ONLINE VERSION" not in document.text
        assert headings(document)
        numbered = [quote for quote in quotes(document, BlockKind.PARAGRAPH) if quote[0].isdigit() and "." in quote[:3]]
        assert len(numbered) > 20 or file.stat().st_size < 10_000
        parents = [document.blocks[block.introduced_by] for block in document.blocks if block.introduced_by is not None]
        assert all(document.quote(parent) for parent in parents)
