"""What an Excel workbook is read as: the cells that a person sees, with tables and their headings."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.model import BlockKind, Document
from assistant.documents.number_formats import show
from assistant.documents.ods import OdsReader
from assistant.documents.reader import Reader
from assistant.documents.xlsx import XlsxReader
from assistant.errors import BernardError, SkippedDocument, UnreadableDocument
from tests.documents.office_maker import SOFFICE, convert, needs_libreoffice
from tests.documents.reading import assert_sound, block_of, introduction, quotes, read_text
from tests.documents.sheet_maker import bold, cell, flat_file, numbered, package, relations, row, sheet, value, workbook

NOTE = "<office:annotation><dc:creator>A. Keeper</dc:creator><text:p>Ask the harbour master</text:p></office:annotation>"
META = (
    "<dc:title>Harbour dues and berths</dc:title><dc:description>What vessels pay.</dc:description>"
    "<meta:creation-date>2025-03-01T09:00:00</meta:creation-date><dc:date>2025-04-02T10:00:00</dc:date>"
    "<dc:language>en-GB</dc:language>"
)
DUES = sheet(
    "Dues",
    row(cell("Dues from April 2025", "bold", attributes='table:number-columns-spanned="4"'), "<table:covered-table-cell/>"),
    row("Each vessel pays on entering:"),
    row(attributes='table:number-rows-repeated="2"'),
    row(*bold("Vessel", "Due", "Rebate", "From"), cell("Margin"), *bold("Places")),
    row(
        cell("Trawler", inside=NOTE),
        value("currency", "1250.5", style="pounds"),
        value("percentage", "0.125", style="percent"),
        value("date", "2025-04-01", style="date"),
        "secret margin",
        value("float", "12000", style="thousands"),
    ),
    row("Submarine", "hidden berth", attributes='table:visibility="collapse"'),
    row(
        "Yacht",
        value("currency", "2501", style="pounds", formula="[.B6]*2"),
        value("float", "0", formula="1/0"),
        value("boolean", "true"),
        "",
        cell("unseen words", "white"),
    ),
    row("Note: dues are for one tide."),
    row(cell("", "bold"), attributes='table:number-rows-repeated="1048000"'),
    columns=(
        '<table:table-column table:number-columns-repeated="4"/><table:table-column table:visibility="collapse"/>'
        '<table:table-column table:number-columns-repeated="3"/>'
    ),
)
BERTHS = sheet(
    "Berths",
    row(*bold("Quay", "Berth", "Depth")),
    row(cell("North", attributes='table:number-rows-spanned="2"'), "N1", value("float", "4.5")),
    row("<table:covered-table-cell/>", "N2", value("float", "6")),
    row(),
    row("South", "S1", value("float", "3.25")),
    row(),
    row(cell("Opening hours", "bold")),
    row(*bold("Office", "Opens")),
    row("Harbour master", value("time", "PT09H30M00S", style="time")),
)
BOOK = flat_file("spreadsheet", DUES + sheet("Plans", row("Hidden plan"), style="hidden") + BERTHS, meta=META)


@cache
def book(suffix: str) -> Document:
    reader: Reader = XlsxReader() if suffix == ".xlsx" else OdsReader()
    return read_text(reader, convert(BOOK, ".fods", suffix), f"dues{suffix}")


def read(data: bytes, name: str = "rules.xlsx") -> Document:
    document = read_text(XlsxReader(), data, name)
    assert_sound(document)
    return document


both = pytest.mark.parametrize("suffix", [".xlsx", ".ods"])


@needs_libreoffice
@both
def test_cells_are_read_as_they_are_shown(suffix: str) -> None:
    found = quotes(book(suffix))

    assert_sound(book(suffix))
    assert found == [
        "Dues",
        "Dues from April 2025",
        "Each vessel pays on entering:",
        "Vessel | Due | Rebate | From | Places",
        "Trawler | £1,250.50 | 12.5% | 01 April 2025 | 12,000",
        "Yacht | £2,501.00 | | TRUE",
        "Note: dues are for one tide.",
        "Berths",
        "Quay | Berth | Depth",
        "North | N1 | 4.5",
        "North | N2 | 6",
        "South | S1 | 3.25",
        "Opening hours",
        "Office | Opens",
        "Harbour master | 09:30",
    ]


@needs_libreoffice
@both
def test_rows_point_to_their_headings_even_below_a_blank_row(suffix: str) -> None:
    document = book(suffix)

    assert (
        introduction(document, "Trawler | £1,250.50 | 12.5% | 01 April 2025 | 12,000")
        == "Vessel | Due | Rebate | From | Places"
    )
    assert introduction(document, "Vessel | Due | Rebate | From | Places") == "Each vessel pays on entering:"
    assert introduction(document, "South | S1 | 3.25") == "Quay | Berth | Depth"
    assert introduction(document, "Harbour master | 09:30") == "Office | Opens"


@needs_libreoffice
@both
def test_what_is_hidden_is_counted_and_not_read(suffix: str) -> None:
    left_out = {left.what: left.count for left in book(suffix).left_out}

    assert left_out == {
        "comments": 1,
        "formula errors": 1,
        "hidden columns": 1,
        "hidden rows": 1,
        "hidden sheets": 1,
        "white texts": 1,
    }


@needs_libreoffice
@both
def test_a_block_knows_its_sheet_hidden_sheets_counted(suffix: str) -> None:
    assert block_of(book(suffix), "Yacht | £2,501.00 | | TRUE").page == 1
    assert block_of(book(suffix), "North | N1 | 4.5").page == 3


@needs_libreoffice
@both
def test_the_file_says_what_it_is(suffix: str) -> None:
    document = book(suffix)

    assert (document.title, document.description) == ("Harbour dues and berths", "What vessels pay.")
    assert (document.published, document.updated) == (dt.date(2025, 3, 1), dt.date(2025, 4, 2))
    assert (document.locale, document.reader) == ("en-GB", suffix[1:])


def test_without_a_title_the_first_heading_or_the_file_names_the_document() -> None:
    assert read(workbook(numbered(["Berths on the north quay"], [], ["Quay", "Depth"], ["N1", "4 m"]))).title == (
        "Berths on the north quay"
    )
    assert read(workbook(numbered(["Quay", "Depth"], ["N1", "4"])), "quays-and-depths.xlsx").title == "Quays and depths"


def test_frozen_rows_and_tables_hold_headings_whatever_they_look_like() -> None:
    frozen = "<sheetViews><sheetView><pane ySplit='1' state='frozen' topLeftCell='A2'/></sheetView></sheetViews>"
    rows = numbered(["1 May", "2 May"], ["open", "shut"], ["shut", "open"])
    table = {
        "xl/_rels/sheet.xml.rels": relations([("t", "table", "table.xml")]),
        "xl/table.xml": '<table ref="A1:B3" headerRowCount="1"/>',
    }

    for data in (workbook(frozen + rows), workbook(rows, more=table)):
        assert quotes(read(data), BlockKind.TABLE_HEAD) == ["1 May | 2 May"]
    assert quotes(read(workbook(rows)), BlockKind.TABLE_HEAD) == []


def test_pairs_of_a_name_and_its_meaning_have_no_headings() -> None:
    pairs = [["Department", "Harbour Office"], ["Owner", "The harbour master, who answers for the quays and the lights"]]

    assert quotes(read(workbook(numbered(*pairs))), BlockKind.TABLE_HEAD) == []


def test_two_tables_side_by_side_are_read_one_after_the_other() -> None:
    rows = numbered(
        ["Quay", "Depth", "", "Crane", "Load"],
        ["North", "4 m", "", "Old", "2 t"],
        ["South", "3 m", "", "New", "5 t"],
        ["", "", "", "Spare", "1 t"],
        ["", "", "", "Hand", "0.2 t"],
    )

    assert quotes(read(workbook(rows)))[1:] == [
        "Quay | Depth",
        "North | 4 m",
        "South | 3 m",
        "Crane | Load",
        "Old | 2 t",
        "New | 5 t",
        "Spare | 1 t",
        "Hand | 0.2 t",
    ]


def test_an_empty_column_inside_a_table_does_not_part_its_rows() -> None:
    rows = numbered(["Name", "Grade", "", "Fee", "Day"], ["Ann", "A", "", "£5", "Monday"], ["Bob", "B", "", "£6", "Friday"])

    assert "Ann | A | £5 | Monday" in quotes(read(workbook(rows)))


@pytest.mark.parametrize("hidden", ['hidden="1"', 'ht="0"', 'hidden="true"'])
def test_rows_without_height_are_hidden_rows(hidden: str) -> None:
    with pytest.raises(SkippedDocument, match=r"^rules.xlsx has nothing to read .* only 2 hidden rows"):
        read(workbook(numbered(["A word to read"], ["Another word"], attributes=hidden)))


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_not_read(state: str) -> None:
    with pytest.raises(SkippedDocument, match="only 1 hidden sheets"):
        read(workbook(numbered(["A word to read"]), state=state))


def test_a_formula_is_read_as_its_result_and_counted_when_it_has_none() -> None:
    rows = '<sheetData><row><c t="str"><f>UPPER("a")</f><v>Two words</v></c><c><f>1+1</f></c></row></sheetData>'

    document = read(workbook(rows))

    assert quotes(document)[1:] == ["Two words"]
    assert [(left.what, left.count) for left in document.left_out] == [("formulas without a result", 1)]


def test_characters_that_excel_escapes_are_put_back_and_unseen_ones_go() -> None:
    document = read(workbook(numbered(["The quay_x000D_ is\u200b open"])))

    assert quotes(document)[1:] == ["The quay is open"]


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (123456789012, "General", "123456789012"),
        (1234567, "#,##0", "1,234,567"),
        (-1234, "#,##0_);(#,##0)", "(1,234)"),
        (1.005, "0.00", "1.01"),
        (-0.001, "0.00", "0.00"),
        (0.125, "0.0%", "12.5%"),
        (-1234.5, "[$£-809]#,##0.00;[RED]-[$£-809]#,##0.00", "-£1,234.50"),
        (12.3, '_-"£"* #,##0.00_-;-"£"* #,##0.00_-;_-"£"* "-"??_-;_-@_-', "£12.30"),
        (0, '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', "-"),
        (1200, "[$€-2] #,##0", "€ 1,200"),
        (1234567, '0.0,,"m"', "1.2m"),
        (112233, "00-00-00", "11-22-33"),
        (7700900123, "00000 000000", "07700 900123"),
        (12, "000,000", "000,012"),
        (12345, "0.00E+00", "1.23E+04"),
        (45000, "dd/mm/yyyy", "15/03/2023"),
        (45000, "d-mmm-yy", "15-Mar-23"),
        (45000, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "15 March 2023"),
        (45000.75, "d mmmm yyyy h:mm AM/PM", "15 March 2023 6:00 PM"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (0.5, "mm:ss.0", "00:00.0"),
        (5, ";;;", ""),
        (0, "0;-0;;@", ""),
        (5, '[>=1]"yes";"no"', "yes"),
        (0.5, "# ?/?", "0.5"),
        (-3, "dd/mm/yyyy", "-3"),
    ],
)
def test_numbers_are_shown_in_their_format(number: float, code: str, shown: str) -> None:
    assert show(number, code) == shown


@given(number=st.floats(), code=st.text(alphabet='0#?.,%E+-/@;"\\[]$£ymdhsAMPG*_ <>=1', max_size=30))
def test_no_format_breaks_a_number(number: float, code: str) -> None:
    assert isinstance(show(number, code), str)


def test_a_file_that_is_something_else_says_so() -> None:
    document = package(
        {"_rels/.rels": relations([("a", "officeDocument", "word/document.xml")]), "word/document.xml": "<document/>"}
    )
    binary = package({"_rels/.rels": relations([("a", "officeDocument", "xl/workbook.bin")]), "xl/workbook.bin": b"1"})

    for data, reason in ((document, "is not an Excel workbook"), (binary, "binary format"), (b"words", "is damaged")):
        with pytest.raises(UnreadableDocument, match=f"^rules.xlsx .*{reason}|^rules.xlsx {reason}"):
            read(data)
    with pytest.raises(UnreadableDocument, match="protected by a password"):
        read(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))


def test_a_sheet_of_a_million_empty_cells_costs_nothing_and_one_of_data_is_refused() -> None:
    empty = "<sheetData>" + '<row><c s="1"/><c s="1"/></row>' * 20_000 + "</sheetData>"
    full = "<sheetData>" + "<row><c><v>1</v></c></row>" * 200_001 + "</sheetData>"

    with pytest.raises(SkippedDocument):
        read(workbook(empty))
    with pytest.raises(UnreadableDocument, match="a set of data rather than guidance"):
        read(workbook(full))


@pytest.mark.parametrize(
    "content",
    [
        numbered(["One word"], ["Two words"]) + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>' * 3,
        '<cols><col min="1" max="999999999" hidden="1"/></cols>' + numbered(["One word"]),
        '<sheetData><row r="x"><c r="ZZZZ9" t="s"><v>-7</v></c><c t="q" s="-1"><v>1e999</v></c></row></sheetData>',
        "<sheetData><row><c><v>nan</v></c><c><v>1_0</v></c><c><v>0x1</v></c></row></sheetData>",
        '<sheetData><row r="9"><c t="d"><v>2025-13-45</v></c></row><row r="3"><c t="b"><v>1</v></c></row></sheetData>',
        "<c/>" * 1000,
    ],
)
def test_odd_sheets_are_read_or_refused_with_a_reason(content: str) -> None:
    reason = ""
    try:
        assert read(workbook(content)).blocks
    except BernardError as error:
        reason = str(error)
    assert not reason or reason.startswith("rules.xlsx ")


@cache
def _source() -> bytes:
    rows = numbered(["Dues from April"], [], ["Vessel", "Due", "From"], ["Trawler", "£5", "1 May"], ["Yacht", "£7", "2 May"])
    return workbook(rows + '<mergeCells><mergeCell ref="A4:A5"/></mergeCells>')


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_files_raise_nothing_but_our_own_errors(data: st.DataObject) -> None:
    assert_only_our_errors(read, damaged(_source(), data))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damaged_parts_raise_nothing_but_our_own_errors(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(convert(BOOK, ".fods", ".xlsx") if SOFFICE else _source())) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(name for name in parts if not name.endswith("/"))))
    content = parts[name]
    assert isinstance(content, bytes)
    assert_only_our_errors(read, package(parts | {name: damaged(content, data)}))


def damaged(source: bytes, data: st.DataObject) -> bytes:
    """A file cut short, or with some bytes changed."""
    changed = bytearray(source[: data.draw(st.integers(0, len(source)))] if data.draw(st.booleans()) else source)
    for place in data.draw(st.lists(st.integers(0, max(len(changed) - 1, 0)), max_size=4)):
        changed[place : place + 1] = bytes([data.draw(st.integers(0, 255))])
    return bytes(changed)


def assert_only_our_errors(read_bytes: Callable[[bytes], object], data: bytes) -> None:
    """Reads, or refuses with a reason."""
    reason = "it was read"
    try:
        read_bytes(data)
    except BernardError as error:
        reason = str(error)
    assert reason
