"""What a table in plain text is read as, however it was saved."""

from __future__ import annotations

import codecs
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.csv_table import CsvReader
from assistant.documents.model import BlockKind, Document
from assistant.documents.ods import OdsReader
from assistant.documents.reader import Reader
from assistant.documents.xlsx import XlsxReader
from assistant.errors import SkippedDocument, UnreadableDocument
from tests.documents.office_maker import convert, needs_libreoffice
from tests.documents.reading import assert_sound, introduction, quotes, read_text
from tests.documents.sheet_maker import bold, flat_file, row, sheet, value
from tests.documents.test_xlsx import assert_only_our_errors, damaged

PLAIN = "Vessel,Due,From\nTrawler,£5,1 May\nYacht,£7,2 May\n"
ROWS = ["Vessel | Due | From", "Trawler | £5 | 1 May", "Yacht | £7 | 2 May"]
SAME = flat_file(
    "spreadsheet",
    sheet(
        "Sheet1",
        row(*bold("Harbour dues")),
        row(*bold("Vessel", "Due", "Rebate", "From", "Places")),
        row(
            "Trawler, large",
            value("currency", "1250.5", style="pounds"),
            value("percentage", "0.125", style="percent"),
            value("date", "2025-04-01", style="date"),
            value("float", "12000", style="thousands"),
        ),
        row(
            "Yacht",
            value("currency", "2501", style="pounds", formula="[.B3]*2"),
            value("float", "0", formula="1/0"),
            value("boolean", "true"),
            value("float", "-3.5"),
        ),
        row('Boat "Ann"', "", "", "not yet"),
        row("Note: dues are for one tide."),
        columns='<table:table-column table:number-columns-repeated="5"/>',
    ),
)
AS_SHOWN = ".csv:Text - txt - csv (StarCalc):44,34,76,1"


def read(source: str | bytes, name: str = "harbour-dues-for-vessels.csv") -> Document:
    document = read_text(CsvReader(), source, name)
    assert_sound(document)
    return document


@needs_libreoffice
@pytest.mark.parametrize(("to", "reader"), [(".xlsx", XlsxReader()), (".ods", OdsReader()), (AS_SHOWN, CsvReader())])
def test_the_same_sheet_gives_the_same_blocks_in_every_format(to: str, reader: Reader) -> None:
    document = read_text(reader, convert(SAME, ".fods", to), f"dues{to.partition(':')[0]}")

    assert_sound(document)
    assert [(document.quote(block), block.kind, block.introduced_by) for block in document.blocks] == [
        ("Harbour dues", BlockKind.HEADING, None),
        ("Vessel | Due | Rebate | From | Places", BlockKind.TABLE_HEAD, None),
        ("Trawler, large | £1,250.50 | 12.5% | 01 April 2025 | 12,000", BlockKind.TABLE_ROW, 1),
        ("Yacht | £2,501.00 | | TRUE | -3.5", BlockKind.TABLE_ROW, 1),
        ('Boat "Ann" | | | not yet', BlockKind.TABLE_ROW, 1),
        ("Note: dues are for one tide.", BlockKind.PARAGRAPH, None),
    ]
    assert [(left.what, left.count) for left in document.left_out] == [("formula errors", 1)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_usual_delimiter_and_end_of_line_is_understood(delimiter: str, ends: str) -> None:
    assert quotes(read(PLAIN.replace(",", delimiter).replace("\n", ends))) == ROWS
    assert quotes(read(f"sep={delimiter}\n{PLAIN}".replace(",", delimiter).replace("\n", ends))) == ROWS


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode("utf-8"),
        codecs.BOM_UTF8 + PLAIN.encode("utf-8"),
        PLAIN.encode("utf-16"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        PLAIN.encode("cp1252"),
    ],
)
def test_any_usual_encoding_is_understood(data: bytes) -> None:
    assert quotes(read(data)) == ROWS


def test_quoted_cells_keep_their_commas_lines_and_quotation_marks() -> None:
    source = 'Vessel,Rule\nTrawler,"Wait, then\nenter ""slowly"""\nYacht,"Enter"\n'

    assert quotes(read(source))[1:] == ['Trawler | Wait, then enter "slowly"', "Yacht | Enter"]


def test_a_stray_quotation_mark_does_not_swallow_the_rest() -> None:
    found = quotes(read('Vessel,Length\n"Trawler,30\nYacht,12\nTug,25\n'))

    assert found[-2:] == ["Yacht | 12", "Tug | 25"]


def test_titles_above_and_notes_below_a_table_stand_apart() -> None:
    document = read(f"Dues for all vessels,,\nThe dues are as follows:,,\n\n{PLAIN}\nSource: harbour office,,\n")

    assert [(document.quote(block), block.kind) for block in document.blocks if block.kind is not BlockKind.TABLE_ROW] == [
        ("Dues for all vessels", BlockKind.HEADING),
        ("The dues are as follows:", BlockKind.PARAGRAPH),
        (ROWS[0], BlockKind.TABLE_HEAD),
        ("Source: harbour office", BlockKind.PARAGRAPH),
    ]
    assert introduction(document, ROWS[1]) == ROWS[0]
    assert introduction(document, ROWS[0]) == "The dues are as follows:"


def test_ragged_rows_keep_every_cell() -> None:
    assert quotes(read("Vessel,Due\nTrawler\nYacht,£7,2 May,paid\nTug,£1\nBoat,£2\n"))[1:] == [
        "Trawler",
        "Yacht | £7 | 2 May | paid",
        "Tug | £1",
        "Boat | £2",
    ]


def test_years_over_columns_are_headings() -> None:
    assert quotes(read("Quay,2023,2024-25\nNorth,1,2\nSouth,3,4\n"), BlockKind.TABLE_HEAD) == ["Quay | 2023 | 2024-25"]


def test_a_file_of_values_alone_has_no_headings() -> None:
    assert quotes(read("1,2,3\n4,5,6\n"), BlockKind.TABLE_HEAD) == []


def test_one_column_of_names_is_a_table_and_prose_is_lines() -> None:
    names = read("Vessel\nTrawler\nYacht\nTug\n")
    prose = read("Keepers trim the lamp, at dusk, every day.\nThey write the log.\nThen, and only then, they sleep.\n")

    assert quotes(names, BlockKind.TABLE_HEAD) == ["Vessel"]
    assert introduction(names, "Tug") == "Vessel"
    assert quotes(prose)[0] == "Keepers trim the lamp, at dusk, every day."
    assert {block.kind for block in prose.blocks} == {BlockKind.PARAGRAPH}


def test_a_very_long_cell_is_read() -> None:
    long = "word " * 100_000

    assert quotes(read(f"Vessel,Rule\nTrawler,{long}\n"))[1] == f"Trawler | {long.strip()}"


def test_the_title_is_the_files_name_or_the_first_line() -> None:
    assert read(PLAIN).title == "Harbour dues for vessels"
    assert read(f"Dues for all vessels,,\n{PLAIN}", "data.csv").title == "Dues for all vessels"
    assert read(PLAIN, "data.csv").title == "Data"


def test_what_is_no_text_or_has_nothing_in_it_says_so() -> None:
    with pytest.raises(UnreadableDocument, match=r"^dues\.csv holds binary data"):
        read(bytes(range(256)), "dues.csv")
    with pytest.raises(UnreadableDocument, match=r"^dues\.csv is a spreadsheet or archive under another name"):
        read(b"PK\x03\x04 and so on", "dues.csv")
    with pytest.raises(SkippedDocument, match=r"^dues\.csv has nothing to read in it"):
        read(",,,\n,,,\n", "dues.csv")


@cache
def _source() -> bytes:
    return f'Title\n\n{PLAIN}"quoted, ""cell""\nin two lines",a,b\n'.encode()


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damaged_files_raise_nothing_but_our_own_errors(data: st.DataObject) -> None:
    assert_only_our_errors(read, damaged(_source(), data))


@settings(max_examples=200, deadline=None)
@given(source=st.text(alphabet='a1,;\t|"\n\r =', max_size=200))
def test_any_text_is_read_or_refused(source: str) -> None:
    assert_only_our_errors(read, source.encode())
