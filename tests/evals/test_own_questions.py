"""An evaluator's own questions are read from CSV, XLSX and JSON Lines, and every fault is told by its row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from assistant.answer import Notice, Status
from assistant.errors import InputError
from evals.own_questions import read_questions
from evals.sets import DATA

QUESTION = "How long do keepers have?"
EVIDENCE = "Lighthouse keepers have 31 days of paid leave."


def test_a_sheet_saved_as_csv_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(
        f"ID,Question,Type,History,Expected status,Evidence,Conditions,Notices\n"
        f'1,{QUESTION},lookup,"Who keeps the light?||And the log?",,"{EVIDENCE}||Apply first.",unless ill,Other nation\n',
        "utf-8-sig",
    )
    [case] = read_questions(path).cases
    assert (case.id, case.question, case.kind, case.set) == ("1", QUESTION, "lookup", "ours")
    assert case.history == ("Who keeps the light?", "And the log?")
    assert case.evidence == (EVIDENCE, "Apply first.")
    assert case.conditions == ("unless ill",)
    assert case.notices == (Notice.OTHER_NATION,)
    assert case.expected_status is Status.ANSWERED, "evidence says that it can be answered"


def test_what_excel_saves_in_its_own_letters_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_bytes("question\nWhat does a £5 ‘lamp’ cost?\n".encode("cp1252"))
    assert read_questions(path).cases[0].question == "What does a £5 ‘lamp’ cost?"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_columns_may_be_parted_as_other_languages_part_them(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(delimiter.join(["id", "question"]) + "\n" + delimiter.join(["1", '"Who, and when?"']) + "\n", "utf-8")
    assert read_questions(path).cases[0].question == "Who, and when?"


def test_a_workbook_is_read_past_its_blank_rows(tmp_path: Path) -> None:
    path = tmp_path / "ours.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Questions")
        sheet.write_row(0, 0, ["id", "question", "expected_status"])
        sheet.write_row(1, 0, [7, QUESTION, "not_in_guidance"])
        sheet.write_row(4, 0, [8, "What is fog?", "clarify"])
    first, second = read_questions(path).cases
    assert (first.id, first.expected_status) == ("7", Status.NOT_IN_GUIDANCE)
    assert (second.id, second.expected_status) == ("8", Status.NEEDS_CLARIFICATION)


def test_json_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "ours.jsonl"
    row = {"id": 3, "question": QUESTION, "evidence": [EVIDENCE], "answer": "31 days", "url": "https://www.gov.uk/a#b"}
    path.write_text(json.dumps(row) + "\n", "utf-8")
    [case] = read_questions(path).cases
    assert (case.id, case.answer, case.url) == ("3", "31 days", "https://www.gov.uk/a")


def test_feedback_from_the_browser_comes_in_as_cases(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    row = {
        "id": "f1", "answer_id": "a1", "given_at": "2026-11-01", "question": "And after that?", "kinds": ["wrong"],
        "history": [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "31 days."}],
        "comment": "no", "claim": None, "verdict": None, "status": "answered", "answer": "What was said.",
        "evidence": [{"quote": "x", "passage_id": "p"}], "model": "quotation", "prompt_version": "", "filters": None,
        "index_digest": "d", "expected_status": None, "expected_evidence": [EVIDENCE], "expected_answer": "What is right.",
    }  # fmt: skip
    path.write_text(json.dumps(row) + "\n", "utf-8")
    [case] = read_questions(path).cases
    assert case.history == (QUESTION,)
    assert case.evidence == (EVIDENCE,), "what was quoted is not what should have been"
    assert case.answer == "What is right."


def test_every_faulty_row_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("id,question,expected_status\n1,,\n2,Why?,perhaps\n3,How?,\n3,When?,\n", "utf-8")
    with pytest.raises(InputError) as told:
        read_questions(path)
    message = str(told.value)
    assert "row 2: the question is missing" in message
    assert "row 3: 'perhaps' is no status; give one of: answered" in message
    assert "row 5: the id '3' is that of row 4 too" in message


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "frage\nWarum?\n", "one of them must be “question”; it reads: frage"),
        ("a.csv", "question,colour\nWhy?,red\n", "There is no column 'colour'; the columns are id, question"),
        ("a.csv", "question,conditons\nWhy?,\n", "Did you mean 'conditions'?"),
        ("a.jsonl", '{"question": "Why?", "colour": "red"}\n', "there is no column 'colour'"),
        ("a.csv", "question,expected_status\nWhy?,anwsered\n", "row 2: 'anwsered' is no status; give one of: answered,"),
        ("a.csv", "question,expected_status\nWhy?,anwsered\n", "did you mean 'answered'?"),
        ("a.csv", "question,notices\nWhy?,purple\n", "the kinds of notice are: withdrawn"),
        ("a.csv", "", "There are no questions in"),
        ("a.jsonl", '{"question": "Why?"}\n{"question": \n', "line 2: this is not JSON"),
        ("a.jsonl", "[1]\n", "line 1: give an object"),
        ("a.xlsx", "no workbook", "cannot be read"),
        ("a.pdf", "x", "give .csv, .xlsx or .jsonl"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, name: str, text: str, says: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=None) as told:
        read_questions(path)
    assert says in str(told.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_questions(tmp_path / "none.csv")


def test_the_later_questions_are_sound_and_quote_the_notes() -> None:
    from evals.shipped import read_corpus

    found = read_questions(DATA / "later_questions.jsonl")
    notes = {path: [document.quote(block) for block in document.blocks] for path, document in read_corpus().items()}

    assert len(found.cases) == 98
    for case in found.cases:
        assert case.answerable == bool(case.evidence)
        assert all(any(one in block for block in notes[case.documents[0]]) for one in case.evidence), case.id


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"question": "Why? " * 2001}, "the question has 10,004 characters; the most is 10,000"),
        ({"question": "?!"}, "there are no letters or digits in the question '?!'"),
        ({"question": "\u200b"}, "there are no letters or digits in the question"),
        ({"question": "Why?", "history": ["How?", "…"]}, "there are no letters or digits in the earlier question '…'"),
    ],
)
def test_what_cannot_be_asked_is_told_by_row(tmp_path: Path, row: dict[str, object], says: str) -> None:
    path = tmp_path / "ours.jsonl"
    path.write_text(f'{{"question": "Who?"}}\n{json.dumps(row)}\n', "utf-8")
    with pytest.raises(InputError) as told:
        read_questions(path)
    assert f"line 2: {says}" in str(told.value)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "question,Evidence,evidence\nWhy?,One.,Another.\n", "names the column 'evidence' more than once"),
        ("a.jsonl", '{"question": "Why?", "question": "How?"}\n', "line 1: 'question' is given more than once"),
    ],
)
def test_of_two_columns_with_one_name_none_is_taken_in_silence(tmp_path: Path, name: str, text: str, says: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as told:
        read_questions(path)
    assert says in str(told.value)


@pytest.mark.parametrize(("delimiter", "encoding"), [("\t", "utf-16"), (",", "utf-16-be")])
def test_unicode_text_as_excel_saves_it_is_read(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "ours.csv"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    path.write_bytes(f"{mark}id{delimiter}question\r\n1{delimiter}What does a £5 ‘lamp’ cost?\r\n".encode(encoding))
    assert read_questions(path).cases[0].question == "What does a £5 ‘lamp’ cost?"


def test_what_is_no_text_says_so(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_bytes("question\nWhy?\n".encode("utf-16-le"))
    with pytest.raises(InputError, match="save it as “CSV UTF-8”"):
        read_questions(path)
