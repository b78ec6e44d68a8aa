"""What is peculiar to OpenDocument spreadsheets; what they share with Excel's is in test_xlsx.py."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.model import BlockKind, Document
from assistant.documents.ods import OdsReader
from assistant.errors import SkippedDocument, UnreadableDocument
from tests.documents.office_maker import convert, needs_libreoffice
from tests.documents.reading import assert_sound, quotes, read_text
from tests.documents.sheet_maker import cell, flat_file, package, row, sheet
from tests.documents.test_xlsx import assert_only_our_errors, damaged


def read(data: bytes, name: str = "rules.ods") -> Document:
    document = read_text(OdsReader(), data, name)
    assert_sound(document)
    return document


def by_hand(body: str, **more: str) -> bytes:
    """A package whose content is that of a flat file."""
    content = flat_file("spreadsheet", body).replace("office:document ", "office:document-content ", 1)
    return package({"content.xml": content.replace("</office:document>", "</office:document-content>")} | more)


def test_repeated_rows_and_columns_without_text_cost_nothing() -> None:
    body = sheet(
        "Rules",
        row("Some words", '<table:table-cell table:number-columns-repeated="999999999"/>'),
        row(cell("", "bold"), attributes='table:number-rows-repeated="1048576"'),
        row("Far below", attributes='table:visibility="filter" table:number-rows-repeated="7"'),
    )

    document = read(by_hand(body))

    assert quotes(document) == ["Rules", "Some words"]
    assert [(left.what, left.count) for left in document.left_out] == [("hidden rows", 7)]


def test_rows_repeated_with_text_are_read_as_often_as_they_stand_there() -> None:
    repeated = cell("No", attributes='table:number-columns-repeated="2"')
    body = sheet("Rules", row(repeated, "Yes", attributes='table:number-rows-repeated="2"'))

    assert quotes(read(by_hand(body)))[1:] == ["No | No | Yes"] * 2
    with pytest.raises(UnreadableDocument, match="a set of data rather than guidance"):
        read(by_hand(sheet("Rules", row("x y", attributes='table:number-rows-repeated="1048576"'))))


def test_folded_groups_are_hidden_and_header_rows_are_headings() -> None:
    body = sheet(
        "Rules",
        f"<table:table-header-rows>{row('1 May', '2 May')}</table:table-header-rows>",
        row("open", "shut"),
        f'<table:table-row-group table:display="false">{row("folded", "away")}</table:table-row-group>',
        row("shut", "open"),
    )

    document = read(by_hand(body))

    assert quotes(document, BlockKind.TABLE_HEAD) == ["1 May | 2 May"]
    assert quotes(document, BlockKind.TABLE_ROW) == ["open | shut", "shut | open"]
    assert [(left.what, left.count) for left in document.left_out] == [("hidden rows", 1)]


def test_a_cell_without_saved_text_gives_its_plain_value() -> None:
    cells = "".join(
        f'<table:table-cell office:value-type="{kind}" office:{name}="{held}"/>'
        for kind, name, held in (
            ("string", "string-value", "words"),
            ("float", "value", "2.50"),
            ("percentage", "value", "0.175"),
            ("date", "date-value", "2025-04-01"),
            ("boolean", "boolean-value", "false"),
        )
    )

    assert quotes(read(by_hand(sheet("Rules", row(cells)))))[1:] == ["words | 2.5 | 17.5% | 01/04/2025 | FALSE"]


def test_spaces_lines_and_links_in_a_cell_are_kept_and_notes_are_not() -> None:
    inside = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation>'
        '<text:p>See<text:s text:c="3"/>the <text:a>tide <text:span>tables</text:span></text:a><text:line-break/>first'
        "</text:p><text:p>and then ask</text:p></table:table-cell>"
    )

    assert quotes(read(by_hand(sheet("Rules", row(inside)))))[1:] == ["See the tide tables first and then ask"]


def test_a_locked_file_says_so() -> None:
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="content.xml">'
        "<m:encryption-data/></m:file-entry></m:manifest>"
    )

    with pytest.raises(UnreadableDocument, match=r"^rules\.ods is protected by a password"):
        read(package({"META-INF/manifest.xml": manifest, "content.xml": b"\x8a\x01"}))


def test_what_is_no_spreadsheet_or_has_nothing_in_it_says_so() -> None:
    with pytest.raises(UnreadableDocument, match=r"^rules\.ods is not an OpenDocument spreadsheet"):
        read(package({"content.xml": "<a/>"}))
    with pytest.raises(UnreadableDocument, match=r"^rules\.ods is not an OpenDocument spreadsheet"):
        read(package({"xl/workbook.xml": "<a/>"}))
    with pytest.raises(SkippedDocument, match=r"^rules\.ods has nothing to read"):
        read(by_hand(sheet("Rules", row(""))))


@cache
def _source() -> bytes:
    return convert(flat_file("spreadsheet", sheet("Dues", row("Vessel", "Due"), row("Trawler", "£5"))), ".fods", ".ods")


@needs_libreoffice
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_damaged_files_raise_nothing_but_our_own_errors(data: st.DataObject) -> None:
    assert_only_our_errors(read, damaged(_source(), data))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_damaged_content_raises_nothing_but_our_own_errors(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(by_hand(sheet("Dues", row("Vessel", "Due"), row("Trawler", "£5"))))) as archive:
        content = archive.read("content.xml")
    assert_only_our_errors(read, package({"content.xml": damaged(content, data)}))
