"""Files of responses as they come out of survey tools: every row is used, or listed with what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from assistant.consult.tables import read_table
from assistant.errors import InputError
from tests.consult.conftest import Write


def test_rows_stand_under_their_headings_with_their_numbers(write_csv: Write) -> None:
    table = read_table(write_csv([["ID", "Why?"], ["1", "Too dear,\nand late"], [], ["2", "Fine"]]))

    assert table.headings == ("ID", "Why?")
    assert [row.cells for row in table.rows] == [("1", "Too dear,\nand late"), ("2", "Fine")]


def test_a_row_with_too_many_cells_is_listed_and_not_read_into_the_wrong_columns(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("ID,Why?\n1,Because, of the cost\n2,Fine\n", "utf-8")

    table = read_table(file)

    assert [row.cells[0] for row in table.rows] == ["2"]
    assert [(one.row, one.lost) for one in table.problems] == [(2, True)]
    assert "quotation marks" in table.problems[0].what


def test_semicolons_and_windows_letters_are_read(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_bytes("ID;Why?\n1;The caf\xe9 costs \x80 5\n".encode("latin-1"))

    assert read_table(file).rows[0].cells == ("1", "The café costs € 5")


def test_qualtrics_three_rows_of_headings_give_the_question_as_it_was_put(write_csv: Write) -> None:
    ids = ['{"ImportId":"a"}', '{"ImportId":"b"}']
    table = read_table(write_csv([["ResponseId", "Q1"], ["Response ID", "Why do you say so?"], ids, ["R_1", "It is late"]]))

    assert table.headings == ("Response ID", "Why do you say so?")
    assert [row.cells for row in table.rows] == [("R_1", "It is late")]


def test_smartsurvey_second_row_of_headings_is_no_response(write_csv: Write) -> None:
    rows = [
        ["ID", "Why?", "Where?", ""],
        ["", "Open-Ended Response", "Response", "Other (please specify)"],
        ["1", "a", "b", "c"],
    ]
    table = read_table(write_csv(rows))

    assert len(table.rows) == 1
    assert table.headings[1:3] == ("Why?", "Where?")


def test_a_workbook_is_read_and_what_it_hides_is_told(tmp_path: Path) -> None:
    file = tmp_path / "r.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Data")
        for row, cells in enumerate([["ID", "Why?"], ["1", "Late"], ["2", "Dear"]]):
            sheet.write_row(row, 0, cells)
        sheet.set_row(2, None, None, {"hidden": True})
        book.add_worksheet("Notes").write(0, 0, "about")

    table = read_table(file)

    assert [row.cells for row in table.rows] == [("1", "Late")]
    told = " ".join(one.what for one in table.problems)
    assert "1 hidden rows" in told
    assert "'Notes'" in told


def test_themefinder_responses_are_joined_with_who_wrote_them(tmp_path: Path) -> None:
    lines = [{"response_id": 1, "response": "Late"}, {"response_id": 2, "response": "Dear"}]
    (tmp_path / "responses.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\nnot json\n", "utf-8")
    (tmp_path / "respondents.jsonl").write_text('{"response_id": 2, "demographic_data": {"Area": "Town"}}\n', "utf-8")

    table = read_table(tmp_path / "responses.jsonl")

    assert [row.cells for row in table.rows] == [("1", "Late", ""), ("2", "Dear", "Town")]
    assert [(one.row, one.lost) for one in table.problems] == [(3, True)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"%PDF", "no format"),
        ("a.csv", b"ID,Why?\n", "no rows"),
        ("a.csv", b"\x00\x01\x02\x03" * 99, "CSV in UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said_in_plain_words(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(InputError, match=said):
        read_table(tmp_path / name)
