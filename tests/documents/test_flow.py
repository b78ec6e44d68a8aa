"""What DOCX, ODT and RTF have in common: the same guidance gives the same blocks; lists, tables, notes and titles."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.docx import DocxReader
from assistant.documents.flow import HIDDEN, PLAIN, Box, Cell, Flow, Listed, Look, Paragraph, Piece, Row, Table
from assistant.documents.flow_document import Facts, as_document
from assistant.documents.flow_ink import Ink
from assistant.documents.flow_symbols import symbol
from assistant.documents.model import BlockKind, Document, LeftOut
from assistant.documents.odt import OdtReader
from assistant.documents.reader import File, Reader
from assistant.documents.rtf import RtfReader
from assistant.errors import BernardError, SkippedDocument, UnreadableDocument
from tests.documents.flow_maker import GUIDANCE, docx, fodt, odt, package, paragraph
from tests.documents.office_maker import convert, needs_libreoffice
from tests.documents.reading import assert_sound, block_of, introduction, quotes, read_text

READERS: dict[str, Reader] = {".docx": DocxReader(), ".odt": OdtReader(), ".rtf": RtfReader()}
EVERY_FORMAT = pytest.mark.parametrize("suffix", READERS)


def converted(source: str, suffix: str) -> Document:
    """A document of a flat source that LibreOffice has put into a format."""
    document = read_text(READERS[suffix], convert(source, ".fodt", suffix), f"guidance{suffix}")
    assert_sound(document)
    return document


def written(*pieces: Piece, facts: Facts | None = None, name: str = "a.docx") -> Document:
    """The document of pieces that a walk would have found."""
    flow = Flow()
    for piece in pieces:
        if isinstance(piece, Paragraph):
            flow.say(piece.text, bold=piece.is_bold)
            for key in piece.notes:
                flow.mark(key)
                flow.notes[key] = (Paragraph(f"Note {key}."),)
            flow.end_paragraph(piece.look)
        else:
            flow.add(piece)
    document = as_document(File(Path("/guidance") / name, name, b""), flow, facts or Facts(), reader="test")
    assert_sound(document)
    return document


def item(words: str, depth: int = 0, *, name: str = "list", indent: int = 0, goes_on: bool = False) -> Paragraph:
    return Paragraph(words, Look(listed=Listed(name, depth, goes_on), indent=indent))


def heading(words: str, level: int = 1) -> Paragraph:
    return Paragraph(words, Look(heading=level))


def table(*rows: list[str], heads: int = 0) -> Table:
    return Table(
        tuple(
            Row(tuple(Cell((Paragraph(words),), column) for column, words in enumerate(row)), number < heads)
            for number, row in enumerate(rows)
        )
    )


@needs_libreoffice
@EVERY_FORMAT
def test_the_same_guidance_gives_the_same_blocks_in_every_format(suffix: str) -> None:
    document = converted(GUIDANCE, suffix)

    blocks = [(block.kind.value, block.level, document.quote(block), block.introduced_by) for block in document.blocks]
    assert blocks == [
        ("heading", 1, "Who may travel", None),
        ("paragraph", 0, "Staff may claim second class fares. See the policy on rail.", None),
        ("paragraph", 0, "You must:", None),
        ("list_item", 1, "book early", 2),
        ("list_item", 2, "on the portal", 3),
        ("list_item", 2, "by phone", 3),
        ("list_item", 1, "keep receipts", 2),
        ("list_item", 1, "Photographs of receipts will do.", 6),
        ("paragraph", 0, "Ministers may travel first class.", None),
        ("paragraph", 0, "Visible. End.", None),
        ("heading", 2, "Fares and fees", None),
        ("list_item", 1, "Apply within 28 days.", None),
        ("list_item", 1, "Send these:", None),
        ("list_item", 2, "the form", 12),
        ("list_item", 2, "the tickets", 12),
        ("paragraph", 0, "The fees are:", None),
        ("table_head", 0, "Band | Distance in miles | Fee", 15),
        ("table_row", 0, "Standard | under 10 | £5", 16),
        ("table_row", 0, "Standard | over 10 | £9", 16),
        ("table_row", 0, "Any, with a card | £1", 16),
        ("paragraph", 0, "Before the box. After it. A non\u2011breaking hyphen and a no-break space.", None),
        ("paragraph", 0, "Words in a box.", None),
        ("table_head", 0, "Role | Limit", None),
        ("table_row", 0, "Director | £400", 22),
        ("paragraph", 0, "Last words.", None),
        ("paragraph", 0, "Outer left.", None),
        ("paragraph", 0, "Outer right.", None),
        ("table_head", 0, "Inner head | Inner value", None),
        ("table_row", 0, "Ink | £3", 27),
        ("paragraph", 0, "The end.", None),
        ("heading", 1, "Notes", None),
        ("paragraph", 0, "Fares mean rail fares.", 1),
        ("paragraph", 0, "By road.", 18),
    ]


@needs_libreoffice
@EVERY_FORMAT
def test_what_the_file_says_about_itself_and_what_is_not_read_is_the_same_in_every_format(suffix: str) -> None:
    document = converted(GUIDANCE, suffix)

    assert (document.title, document.description) == ("Travel at public expense", "How staff travel.")
    assert (document.published, document.updated) == (dt.date(2024, 3, 5), dt.date(2025, 1, 31))
    assert (document.locale, document.reader) == ("en", suffix[1:])
    assert document.left_out == (LeftOut("comments", 1), LeftOut("hidden texts", 3), LeftOut("tracked deletions", 2))


JOINED = """<text:tracked-changes><text:changed-region text:id="c"><text:deletion><office:change-info>
<dc:creator>A</dc:creator><dc:date>2024-01-01T00:00:00</dc:date></office:change-info>
<text:p>not do.</text:p><text:p>They may </text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:p>Staff may <text:change text:change-id="c"/>claim.</text:p>"""


@needs_libreoffice
@pytest.mark.parametrize(
    "suffix", [".docx", ".odt"]
)  # LibreOffice does not say in RTF that the end of a paragraph is deleted
def test_a_deletion_over_two_paragraphs_joins_what_is_left_of_them(suffix: str) -> None:
    document = converted(fodt(JOINED), suffix)

    assert quotes(document) == ["Staff may claim."]
    assert document.left_out == (LeftOut("tracked deletions", 1),)


# Lists


def test_a_list_with_larger_indents_belongs_to_the_item_above_it_and_one_with_smaller_ends_it() -> None:
    document = written(
        Paragraph("You must"),
        item("Apply", name="numbers", indent=360),
        item("online", name="bullets", indent=720),
        item("by post", name="bullets", indent=720),
        item("Wait", name="numbers", indent=360),
    )

    assert [block.level for block in document.blocks] == [0, 1, 2, 2, 1]
    assert introduction(document, "by post") == "Apply"
    assert introduction(document, "Wait") == "You must"


def test_a_list_goes_on_after_a_bare_or_and_a_heading_ends_it() -> None:
    document = written(Paragraph("You may"), item("walk"), Paragraph("or"), item("ride"), heading("Cost"), item("nothing"))

    assert introduction(document, "or") == "walk"
    assert introduction(document, "ride") == "You may"
    assert introduction(document, "nothing") is None


def test_an_indented_paragraph_under_an_item_belongs_to_it_unless_all_text_is_indented_so() -> None:
    under = written(Paragraph("You may:"), item("walk", indent=720), Paragraph("Slowly.", Look(indent=720)))
    apart = written(Paragraph("You may:", Look(indent=720)), item("walk", indent=720), Paragraph("Slow.", Look(indent=720)))

    assert introduction(under, "Slowly.") == "walk"
    assert block_of(apart, "Slow.").kind is BlockKind.PARAGRAPH


def test_lists_nested_deeper_than_six_stay_at_six() -> None:
    document = written(*(item(f"item {depth}", depth) for depth in range(20)))

    assert [block.level for block in document.blocks][:7] == [1, 2, 3, 4, 5, 6, 6]
    assert introduction(document, "item 19") == "item 18"


def test_bullets_typed_into_paragraphs_make_a_list() -> None:
    document = written(Paragraph("Bring:"), Paragraph("(a) a form"), Paragraph("(b) a pen"), Paragraph("Sign."))

    assert quotes(document, BlockKind.LIST_ITEM) == ["(a) a form", "(b) a pen"]
    assert introduction(document, "(b) a pen") == "Bring:"


def test_a_box_beside_a_list_does_not_part_it() -> None:
    document = written(Paragraph("You may:"), item("walk"), Box((Paragraph("Tip."), item("Rest"))), item("ride"))

    assert introduction(document, "ride") == "You may:"
    assert introduction(document, "Rest") is None


def test_a_clause_set_as_a_heading_is_read_as_a_paragraph() -> None:
    clause = "The supplier must keep records. " * 12
    document = written(heading("Records", 2), heading(clause, 3))

    assert [block.kind for block in document.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH]


# Tables


def test_rows_marked_as_headings_are_headings_whatever_they_say() -> None:
    document = written(table(["2024", "2025"], ["£1", "£2"], heads=1))

    assert quotes(document, BlockKind.TABLE_HEAD) == ["2024 | 2025"]


def test_a_first_row_of_values_is_no_row_of_headings() -> None:
    document = written(table(["Ann", "£10"], ["Bob", "£20"]))

    assert quotes(document, BlockKind.TABLE_ROW) == ["Ann | £10", "Bob | £20"]


def test_a_bold_first_row_holds_the_headings_unless_every_row_is_bold() -> None:
    long = "Which of the many forms you have to fill in before the date on which you mean to travel, and where to send it."
    rows = [Row(tuple(Cell((Paragraph(words, PLAIN, is_bold=True),), n) for n, words in enumerate(["Form", long])))]
    plain = [Row((Cell((Paragraph("A1"),), 0), Cell((Paragraph("By May."),), 1)))]

    assert quotes(written(Table((*rows, *plain))), BlockKind.TABLE_HEAD) == [f"Form | {long}"]
    assert quotes(written(Table((*rows, *rows))), BlockKind.TABLE_HEAD) == []


def test_cells_that_reach_down_are_repeated_and_columns_without_words_go() -> None:
    top = Row((Cell((Paragraph("North"),), 0), Cell((), 1), Cell((Paragraph("£1"),), 2)))
    below = Row((Cell((), 0, continues=True), Cell((), 1), Cell((Paragraph("£2"),), 2)))

    assert quotes(written(Table((top, below)))) == ["North | £1", "North | £2"]


def test_a_table_of_one_column_is_text_in_a_frame() -> None:
    document = written(Table((Row((Cell((Paragraph("Remember:"), item("sign")), 0),)),)))

    assert [block.kind for block in document.blocks] == [BlockKind.PARAGRAPH, BlockKind.LIST_ITEM]
    assert introduction(document, "sign") == "Remember:"


def test_a_list_in_a_cell_keeps_its_bullets() -> None:
    cells = Row((Cell((Paragraph("Day"),), 0), Cell((item("walk"), item("ride")), 1)))

    assert quotes(written(Table((cells,)))) == ["Day | • walk • ride"]


# Notes, titles, what is left out


def test_notes_come_last_and_point_to_where_their_marks_stand() -> None:
    cell = Cell((Paragraph("Two", notes=("b",)),), 1)
    flow_table = Table((Row((Cell((Paragraph("One"),), 0), cell)),))
    flow = Flow()
    flow.say("Fares")
    flow.mark("a")
    flow.end_paragraph()
    flow.add(flow_table)
    flow.notes |= {"a": (Paragraph("Rail."), Paragraph("Bus.")), "b": (Paragraph("Or more."),)}
    document = as_document(File(Path("/a.docx"), "a.docx", b""), flow, Facts(), reader="test")

    assert_sound(document)
    assert quotes(document) == ["Fares", "One | Two", "Notes", "Rail.", "Bus.", "Or more."]
    assert [introduction(document, words) for words in ("Rail.", "Bus.", "Or more.")] == ["Fares", "Fares", "One | Two"]


@pytest.mark.parametrize(
    ("stated", "pieces", "title"),
    [
        ("Travel rules", [heading("Fares")], "Travel rules"),
        ("Microsoft Word - Travel rules", [heading("Fares")], "Travel rules"),
        ("Document1", [Paragraph("Rules", Look(1, is_title=True)), heading("Fares")], "Rules"),
        ("Rules.docx", [heading("Fares")], "Fares"),
        ("", [Paragraph("Managing", Look(1, is_title=True)), Paragraph("Money", Look(1, is_title=True))], "Managing Money"),
        ("Untitled", [Paragraph("Words.")], "Travel guide"),
    ],
)
def test_the_title_is_the_first_of_several_that_says_something(stated: str, pieces: list[Piece], title: str) -> None:
    assert written(*pieces, facts=Facts(title=stated), name="travel_guide.docx").title == title


def test_days_that_cannot_be_are_not_told() -> None:
    document = written(Paragraph("Words."), facts=Facts(created="2013-12-23T23:15:00Z", modified="1601-01-01"))
    later = written(Paragraph("Words."), facts=Facts(created="2025-02-01", modified="2025-01-01"))

    assert (document.published, document.updated) == (None, dt.date(2013, 12, 23))
    assert (later.published, later.updated) == (None, dt.date(2025, 1, 1))


def test_a_stretch_that_is_left_out_counts_once() -> None:
    flow = Flow()
    for words in ("one", " ", "two"):
        flow.leave_out(HIDDEN, words)
    flow.say("seen")
    flow.leave_out(HIDDEN, "three")
    flow.leave_out(HIDDEN, "four")

    assert flow.left_out == (LeftOut("hidden texts", 2),)


@pytest.mark.parametrize(
    ("ink", "paper", "unseen"),
    [
        (Ink(hidden=True), "#ffffff", True),
        (Ink(size=2), "#ffffff", True),
        (Ink(size=7), "#ffffff", False),
        (Ink(colour="#fefefe"), "#ffffff", True),
        (Ink(colour="#ffffff"), "#203040", False),
        (Ink(colour="#ffffff", paper="#000000"), "#ffffff", False),
        (Ink(colour="#203040"), "#203040", True),
        (Ink(colour="#ffffff"), "?", False),
        (Ink(colour=""), "#ffffff", False),
    ],
)
def test_text_is_unseen_when_hidden_tiny_or_of_the_colour_of_its_paper(ink: Ink, paper: str, *, unseen: bool) -> None:
    assert ink.is_unseen(paper) is unseen


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [("Symbol", 0xF0B3, "≥"), ("symbol", 0x6D, "μ"), ("Wingdings", 0xF0FC, "✓"), ("Arial", 0x41, "A"), ("Odd", 0xF041, "")],
)
def test_signs_of_symbol_fonts_are_what_the_page_shows(font: str, code: int, shown: str) -> None:
    assert symbol(font, code) == shown


# Files that cannot be read


@pytest.mark.parametrize(
    ("suffix", "data", "reason"),
    [
        (".docx", b"%PDF-1.7", "a.docx is a PDF"),
        (".docx", b"{\\rtf1 words}", "a.docx is a Rich Text file"),
        (".odt", b"<html><p>Words", "a.odt is a web page"),
        (".docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.docx is protected by a password, or is in an old"),
        (".docx", b"words", "a.docx is damaged or not what its name says"),
        (".docx", odt("<text:p>Words</text:p>"), "a.docx is an OpenDocument text (.odt)"),
        (".odt", docx(paragraph("Words")), "a.odt is a Word document (.docx)"),
        (".docx", package({"xl/workbook.xml": "<a/>"}), "a.docx is an Excel workbook (.xlsx)"),
        (".docx", package({"notes.txt": "words"}), "a.docx is a ZIP archive"),
        (".odt", package({"notes.txt": "words"}), "a.odt is a ZIP archive"),
        (".docx", docx("", parts={"word/document.xml": "<a"}), "a.docx is damaged: its part word/document.xml"),
        (".docx", docx("", parts={"word/document.xml": "<a/>"}), "a.docx is damaged: it has no text part"),
        (".odt", odt("", parts={"content.xml": ""}), "a.odt is damaged: its part content.xml"),
        (".rtf", b"words", "a.rtf is not an RTF file"),
        (".rtf", docx(paragraph("Words")), "a.rtf is a ZIP package"),
        (".rtf", b"{\\rtf1 words", "a.rtf is cut short"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(suffix: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as told:
        read_text(READERS[suffix], data, f"a{suffix}")

    assert str(told.value).startswith(reason)


@pytest.mark.parametrize(
    ("suffix", "data"), [(".docx", docx("<w:p/>")), (".odt", odt("<text:p/>")), (".rtf", b"{\\rtf1\\par}")]
)
def test_a_file_without_words_is_skipped(suffix: str, data: bytes) -> None:
    with pytest.raises(SkippedDocument, match=r"is empty: there is nothing to read"):
        read_text(READERS[suffix], data, f"a{suffix}")


SMALL = {
    ".docx": docx(
        paragraph("You must:") + "<w:tbl><w:tr><w:tc>" + paragraph("Fee") + "</w:tc></w:tr></w:tbl>",
        styles='<w:style w:styleId="a"><w:name w:val="heading 1"/></w:style>',
    ),
    ".odt": odt("<text:p>You must:</text:p><text:list><text:list-item><text:p>ask</text:p></text:list-item></text:list>"),
    ".rtf": rb"{\rtf1{\fonttbl{\f0\fcharset2 Symbol;}}{\stylesheet{\s1 heading 1;}}\pard\s1 Fees\par"
    rb"\trowd\cellx100\cellx200\intbl A\cell {\field{\*\fldinst PAGE}{\fldrslt \'e91}}\u8364?\cell\row{\footnote x}\pard z}",
}


@EVERY_FORMAT
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_of_any_kind_raises_only_errors_of_ours(suffix: str, data: st.DataObject) -> None:
    file = bytearray(SMALL[suffix])
    for _ in range(data.draw(st.integers(0, 4))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(file)) | st.just(len(file)))

    try:
        document = read_text(READERS[suffix], bytes(file[:cut]), f"a{suffix}")
    except BernardError:
        return
    assert_sound(document)


@settings(max_examples=200, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            rb"{ } {\* \par \cell \row \nestcell \nestrow \trowd \cellx100 \cellx900 \clvmrg \clmrg \intbl \itap3 \itap0 "
            rb"\pard \footnote \shptxt \field \fldinst \fldrslt \u-3913 \u55357 \u56832 \'82 \'a0 \f0 \fonttbl \stylesheet "
            rb"\s1 \v \deleted \bin3 \ls1 \listtable \list \listlevel \levelnfc255 \annotation \nesttableprops \pn "
            rb"\pnlvlblt \info \title \cf9 \colortbl ; a".split(b" ")
        ),
        max_size=60,
    )
)
def test_any_order_of_rtf_words_raises_only_errors_of_ours(words: list[bytes]) -> None:
    try:
        document = read_text(READERS[".rtf"], b"{\\rtf1 " + b" ".join(words) + b" z}}}}}", "a.rtf")
    except BernardError:
        return
    assert_sound(document)


_TAGS = {
    ".docx": ["p", "r", "tbl", "tr", "tc", "sdt", "sdtContent", "txbxContent", "del", "hyperlink", "fldSimple"],
    ".odt": ["p", "h", "span", "list", "list-item", "section", "note", "note-body", "numbered-paragraph", "list-header"],
}


@pytest.mark.parametrize("suffix", _TAGS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_nesting_of_elements_raises_only_errors_of_ours(suffix: str, data: st.DataObject) -> None:
    prefix, make = ("w", docx) if suffix == ".docx" else ("text", odt)
    tables = [
        "table:table",
        "table:table-row",
        "table:table-cell",
        "table:covered-table-cell",
        "draw:text-box",
        "office:annotation",
    ]
    names = [f"{prefix}:{tag}" for tag in _TAGS[suffix]] + (tables if suffix == ".odt" else [])
    word = "<w:t>word</w:t>" if suffix == ".docx" else "word"

    body, opened = "", list[str]()
    for name in data.draw(st.lists(st.sampled_from([*names, "word", "/"]), max_size=40)):
        if name == "word":
            body += word
        elif name != "/":
            body += f"<{name}>"
            opened.append(name)
        elif opened:
            body += f"</{opened.pop()}>"
    body += "".join(f"</{name}>" for name in reversed(opened))

    try:
        document = read_text(READERS[suffix], make(body), f"a{suffix}")
    except BernardError:
        return
    assert_sound(document)
