"""What hostile files and fuzzing have found: each fault as the smallest file that showed it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from assistant.documents.library import Found, Outcome, read_whole
from tests.documents.flow_maker import package
from tests.documents.fuzz_seeds import seeds
from tests.documents.fuzzing import check, unpacked
from tests.documents.hostile.markup import item
from tests.documents.hostile.reasons import assert_plain

RULE = "High water is at noon."


def read(name: str, content: str | bytes) -> Outcome:
    data = content.encode() if isinstance(content, str) else content
    return read_whole(Found(Path("/rules") / name, f"rules/{name}"), data)[0]


def reason(name: str, content: str | bytes) -> str:
    outcome = read(name, content)
    assert outcome.document is None
    assert_plain(outcome.reason)
    return outcome.reason


def text(name: str, content: str | bytes) -> str:
    outcome = read(name, content)
    assert outcome.document is not None, outcome.reason
    return outcome.document.text


# Faults in readers that were told as faults of the program


def test_a_number_of_thousands_of_digits_in_json() -> None:
    assert "too many digits" in reason("a.json", b'{"title": ' + b"1" * 5000 + b"}")


def test_lists_in_lists_where_a_content_item_has_its_body() -> None:
    body: object = RULE
    for _ in range(900):
        body = [body]

    assert "nested too deeply" in reason("a.json", item(body))


@pytest.mark.parametrize("value", ["!!timestamp x", "!!bool x", "!!int x", "!!float x", "!!binary '*'", "!!null [a]", "0o9"])
def test_front_matter_whose_types_do_not_hold(value: str) -> None:
    assert text("a.md", f"---\ntitle: Tides\ndate: {value}\n---\n\n{RULE}\n") == RULE


def test_front_matter_whose_aliases_stand_for_a_thousand_million_values() -> None:
    rows = ["l0: &l0 [ha, ha]", *(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10))]
    started = time.process_time()

    for key in ("status", "withdrawn", "organisations", "extent", "title", "published"):
        assert text("a.md", "\n".join(("---", *rows, f"{key}: *l9", "---", "", RULE, ""))) == RULE
    assert time.process_time() - started < 5


def test_front_matter_may_still_use_a_few_aliases() -> None:
    outcome = read("a.md", f"---\nboard: &board Board of Lights\norganisation: *board\n---\n\n{RULE}\n")

    assert outcome.document is not None
    assert outcome.document.organisations == ("Board of Lights",)


def test_an_outlook_message_whose_numbers_make_no_sense() -> None:
    sound = seeds()[".msg"]
    for place in range(24, 76):
        for byte in (0x00, 0x01, 0xFF):
            check(".msg", sound[:place] + bytes((byte,)) + sound[place + 1 :])


# Reasons that were wrong, or text lost without a word


@pytest.mark.parametrize(("name", "unit"), [("a.html", "<div>"), ("a.md", "> "), ("a.md", "- "), ("a.md", "<b>")])
def test_what_is_nested_too_deeply_for_the_parser_is_not_dropped_in_silence(name: str, unit: str) -> None:
    assert "nested too deeply" in reason(name, f"{RULE}\n\n{unit * 5000}{RULE}")


def test_a_sheet_that_is_missing_is_not_an_empty_sheet() -> None:
    parts = {name: data for name, data in unpacked(".xlsx").items() if name != "xl/sheet.xml"}

    assert "its sheet 'Rules' is missing" in reason("a.xlsx", package(parts))


@pytest.mark.parametrize("value", [{"a": 1}, [1], 7, True, "en\u202e", "fr-" + "x" * 500])
def test_a_language_that_is_none_is_not_shown(value: object) -> None:
    outcome = read("a.json", item(f"<p>{RULE}</p>", locale=value))

    assert outcome.document is not None or len(outcome.reason) < 150


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_mark_alone_is_an_empty_file(mark: str) -> None:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
        assert reason("a.json", mark.encode(encoding)) == "the file is empty"


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "csv"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-32"])
def test_wide_characters_are_read_with_and_without_a_mark(suffix: str, encoding: str) -> None:
    words = "The café’s charge is £5 — no more."

    assert text(f"a.{suffix}", words.encode(encoding)) == words


@pytest.mark.parametrize("suffix", ["md", "html", "txt", "csv"])
def test_a_program_under_the_name_of_a_text_is_not_text(suffix: str) -> None:
    assert "binary data" in reason(f"a.{suffix}", b"\x7fELF" + bytes(range(256)) * 20)


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.md", b"\x89PNG\r\n\x1a\n", "is a picture"),
        ("a.json", b"\x1f\x8b\x08", "is a compressed file"),
        ("a.txt", b"<!doctype html><p>Words.", "is a web page"),
        ("a.txt", b"{\\rtf1 Words.}", "is a Rich Text file"),
        ("a.xml", b"%PDF-1.7", "is a PDF"),
    ],
)
def test_texts_are_recognised_for_what_they_are(name: str, data: bytes, what: str) -> None:
    assert reason(name, data).startswith(what)


def test_markdown_may_begin_with_html() -> None:
    assert text("a.md", f"<html><p>{RULE}</p></html>") == RULE


def test_a_web_page_kept_as_xml_is_xml_of_another_kind() -> None:
    assert "not legislation" in reason("a.xml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>")


# Time that grew with the square of the length


@pytest.mark.parametrize(
    ("name", "before", "unit"),
    [
        ("a.md", "", " "),
        ("a.md", "", "\t"),
        ("a.md", "", "["),
        ("a.md", "", "!["),
        ("a.txt", "", "."),
        ("a.txt", "", "_"),
        ("a.txt", "", " ."),
        ("a.txt", "", "a-\n"),
        ("a.txt", "", "www."),
        ("a.csv", "", "$C\n"),
        ("a.csv", "", "\n- "),
        ("a.eml", "From: a@b\nSubject: ", "=?utf-8?q?a?= "),
        ("a.eml", 'From: a@b\nContent-Type: multipart/mixed; boundary="x"\n\n', "--x\n\na\n"),
    ],
)
def test_time_grows_with_length_only(name: str, before: str, unit: str) -> None:
    content = f"{before}{unit * (100_000 // len(unit))}\n\nThe end."
    started = time.process_time()

    read(name, content)

    assert time.process_time() - started < 8


def test_a_table_of_hundreds_of_thousands_of_cells_in_markdown_is_refused_at_once() -> None:
    row = "|" + "oil|" * 1000 + "\n"

    assert "cells" in reason("a.md", row + "|" + "-|" * 1000 + "\n" + row * 250)


def test_json_in_a_reason_is_told_by_line_and_character() -> None:
    assert reason("a.json", '{"title": "a",\n "details" 1}').startswith("It is not valid JSON: line 2, character 12 ")
    assert json.loads(item())["title"] == "Fog log"
