"""Files of responses as they come out of survey tools: every row is used, or listed with what is wrong with it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from assistant.consult.separated import records
from assistant.consult.tables import Table, read_table
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


def read(folder: Path, text: str, name: str = "r.csv") -> Table:
    (folder / name).write_text(text, "utf-8", newline="")
    return read_table(folder / name)


@pytest.mark.parametrize(
    "below",
    ["R2,No buses\nR3,Cold\n", 'R2,"No buses"\nR3,"Cold"\n', 'R2,No buses\n"R3",Cold', 'R2,No buses\nR3,"Cold'],
)
def test_a_quotation_mark_that_is_not_closed_costs_no_other_row(tmp_path: Path, below: str) -> None:
    table = read(tmp_path, f'ID,Why?\nR1,"Too dear, and late\n{below}')

    assert [row.cells for row in table.rows] == [("R1", "Too dear, and late"), ("R2", "No buses"), ("R3", "Cold")]
    assert table.problems[0].row == 2
    assert "not closed" in table.problems[0].what


def test_quotation_marks_that_are_not_doubled_are_kept_and_told(tmp_path: Path) -> None:
    table = read(tmp_path, 'ID,Why?,Area\nR1,"She said "no, never" to me",Town\nR2,"Cold" ,Town\n')

    assert [row.cells for row in table.rows] == [("R1", 'She said "no, never" to me', "Town"), ("R2", "Cold", "Town")]
    assert [(one.row, one.lost) for one in table.problems] == [(2, False)]


@pytest.mark.parametrize(
    ("answer", "is_told"),
    [
        ("Too dear\nR2,No buses\nR3,Cold", True),
        ("Too dear\nR2,No buses", True),
        ("Too dear\nTown,No buses\nVillage,Cold", True),
        ("Dear Sir,\nthe buses are late", False),
        ("Two things, which are\nfares, buses\nBoth are bad.", False),
    ],
)
def test_rows_between_two_marks_that_are_not_closed_are_told(tmp_path: Path, answer: str, is_told: bool) -> None:
    table = read(tmp_path, f'ID,Why?\nR1,"{answer}"\nR4,Late\n')

    assert [row.cells[1] for row in table.rows] == [answer, "Late"]
    assert [(one.row, "several lines" in one.what) for one in table.problems] == ([(2, True)] if is_told else [])


@given(
    st.lists(st.lists(st.text('a1 ,;"\n\r\t|é', max_size=8), min_size=3, max_size=3), min_size=1, max_size=5),
    st.sampled_from(",;\t|"),
)
def test_what_a_spreadsheet_writes_comes_back_cell_by_cell(rows: list[list[str]], delimiter: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)

    assert [list(one.cells) for one in records(written.getvalue(), delimiter)] == rows


def test_blank_answers_in_a_file_of_one_column_are_rows(tmp_path: Path) -> None:
    table = read(tmp_path, '\nWhy do you say so?\nToo dear\n\n""\nNo buses\n""\n\n\n')

    assert [row.cells for row in table.rows] == [("Too dear",), ("",), ("",), ("No buses",), ("",)]


def test_a_heading_may_hold_other_separators(tmp_path: Path) -> None:
    table = read(tmp_path, "ID;Why, and what, if anything, would you change?;Area\n1;Late, and dear;Town\n2;Cold;Town\n")

    assert table.headings == ("ID", "Why, and what, if anything, would you change?", "Area")
    assert table.rows[0].cells == ("1", "Late, and dear", "Town")


@pytest.mark.parametrize("stray", ["\x00", "\x07", "\x1b"])
@pytest.mark.parametrize("rows", [3, 300])
def test_a_control_character_costs_nothing_but_itself(tmp_path: Path, stray: str, rows: int) -> None:
    lines = [f"{number},The bus is late" for number in range(rows)]
    table = read(tmp_path, "\n".join(["ID,Why?", *lines[:-1], f"{lines[-1]}{stray} again"]))

    assert table.rows[-1].cells == (str(rows - 1), "The bus is late again")
    assert [(one.row, one.lost) for one in table.problems] == [(rows + 1, False)]


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0c"])
def test_json_lines_end_with_line_feeds_alone(tmp_path: Path, mark: str) -> None:
    lines = [json.dumps({"response_id": 1, "response": f"Late{mark}and dear"}, ensure_ascii=False), '{"response_id": 2}']
    table = read(tmp_path, "\r\n".join(lines), "r.jsonl")

    assert [row.cells[0] for row in table.rows] == ["1", "2"]
    assert not [one for one in table.problems if one.lost]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"response_id": 1}\nnot json\n', "Line 2 of respondents.jsonl"),
        (b"[1, 2]\n", "Line 1 of respondents.jsonl.*no JSON object"),
        (b"\x00\x01\x02\x03" * 99, "respondents.jsonl.*binary"),
    ],
)
def test_what_is_wrong_with_who_wrote_is_said_in_plain_words(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "respondents.jsonl").write_bytes(content)

    with pytest.raises(InputError, match=said):
        read(tmp_path, '{"response_id": 1, "response": "Late"}\n', "responses.jsonl")


def test_who_wrote_may_be_in_windows_letters(tmp_path: Path) -> None:
    (tmp_path / "respondents.jsonl").write_bytes(b'{"response_id": 1, "area": "caf\xe9"}\n')

    table = read(tmp_path, '{"response_id": 1, "response": "Late"}\n', "responses.jsonl")

    assert table.rows[0].cells == ("1", "Late", "café")


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
