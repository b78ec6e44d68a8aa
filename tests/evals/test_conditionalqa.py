"""Reading the development questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import InputError
from evals.conditionalqa import SET, load_questions, read_answerable, write_questions

LINE = {
    "id": "1",
    "url": "https://www.gov.uk/bees",
    "scenario": "I keep bees.",
    "question": "May I sell honey?",
    "answerable": True,
    "evidence": ["You may sell honey."],
}


def written(path: Path, *lines: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_a_question_is_asked_after_its_scenario(tmp_path: Path) -> None:
    (question,) = read_answerable(written(tmp_path / "q.jsonl", LINE))
    assert question.text == "I keep bees. May I sell honey?"
    assert question.evidence == ("You may sell honey.",)


def test_unanswerable_questions_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "q.jsonl", LINE, {**LINE, "id": "2", "answerable": False}, {**LINE, "id": "3", "evidence": []})
    assert [question.id for question in read_answerable(path)] == ["1"]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a set of ConditionalQA questions"):
        read_answerable(written(tmp_path / "q.jsonl", {"title": "Bees"}))


def test_a_set_without_answerable_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is answerable"):
        read_answerable(written(tmp_path / "q.jsonl", {**LINE, "answerable": False}))


def test_questions_come_through_a_file_unchanged(tmp_path: Path) -> None:
    questions = read_answerable(written(tmp_path / "q.jsonl", LINE))
    write_questions(tmp_path / "asked.jsonl", questions)
    assert load_questions(tmp_path / "asked.jsonl") == questions


def test_the_shared_set_has_139_answerable_questions(shared: Path) -> None:
    assert len(read_answerable(shared / SET)) == 139
