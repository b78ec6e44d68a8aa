"""Many questions from one file: what is accepted, what is refused before work starts, and that results are never lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Question
from assistant.batch import check_output, partial_file, read_questions, run_batch
from assistant.errors import InputError


def write(folder: Path, *lines: str) -> Path:
    path = folder / "questions.jsonl"
    path.write_bytes(b"\n".join(line.encode("utf-8", "surrogatepass") for line in lines))
    return path


def shout(question: Question) -> Mapping[str, Any]:
    return {"id": question.id, "question": question.question.upper()}


def test_questions_come_in_order_with_their_conversations(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Leave?"}, {"role": "assistant", "content": "31 days.", "model": "other"}]
    path = write(
        tmp_path,
        '{"id": "b", "question": "And in Wales?", "history": ' + json.dumps(turns) + "}",
        "",
        '{"id": 7, "question": "Why?", "history": null, "gold": ["ignored"]}',
        "",
    )

    first, second = read_questions(path)

    assert [turn.content for turn in first.question.history] == ["Leave?", "31 days."]
    assert (first.id, second.id, second.question.history) == ("b", 7, ())


def test_a_file_from_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "1", "question": "Caf\xc3\xa9?"}\r\n')

    assert read_questions(path)[0].question.question == "Café?"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2: is not JSON"),
        ("[]", "line 2: is not a JSON object"),
        ('{"question": "Why?"}', 'line 2: has no "id"'),
        ('{"id": "1"}', 'line 2: has no "question"'),
        ('{"id": "1", "question": null}', 'line 2: "question" is null, not text'),
        ('{"id": true, "question": "Why?"}', 'line 2: "id" is true, not text'),
        ('{"id": "1", "question": "Why?", "history": "none"}', 'line 2: "history" is not a list'),
        ('{"id": "1", "question": "Why?", "history": [{"role": "system", "content": ""}]}', "line 2: history.0.role"),
        ('{"id": "1", "question": "\\ud800"}', "line 2: has half of a character"),
        ('{"id": "1", "question": "\ud800"}', "line 2: is not UTF-8 text"),
        ("[" * 100_000, "line 2: is n"),
    ],
)
def test_a_line_that_is_no_question_is_named(line: str, told: str, tmp_path: Path) -> None:
    path = write(tmp_path, '{"id": "0", "question": "Sound?"}', line)

    with pytest.raises(InputError) as refusal:
        read_questions(path)

    assert told in str(refusal.value)


def test_many_bad_lines_are_counted_rather_than_listed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 5: .*\n  and 3 more"):
        read_questions(write(tmp_path, *["{}"] * 8))


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_file_without_questions_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no questions"):
        read_questions(write(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl cannot be read: No such file"):
        read_questions(tmp_path / "none.jsonl")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_every_text_comes_through_as_it_is(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("batch")
    path = write(folder, *(json.dumps({"id": i, "question": text}, ensure_ascii=False) for i, text in enumerate(texts)))

    run_batch(read_questions(path), folder / "out", work=lambda question: {"question": question.question})

    lines = (folder / "out").read_bytes().decode().removesuffix("\n").split("\n")
    assert [json.loads(line) for line in lines] == [{"question": text, "id": i} for i, text in enumerate(texts)]


def test_results_are_written_in_order_and_ids_come_back_as_they_came(tmp_path: Path) -> None:
    questions = read_questions(write(tmp_path, '{"id": 2, "question": "b"}', '{"id": "1", "question": "a"}'))

    run_batch(questions, tmp_path / "out.jsonl", work=shout)

    assert (tmp_path / "out.jsonl").read_text() == '{"id": 2, "question": "B"}\n{"id": "1", "question": "A"}\n'
    assert not partial_file(tmp_path / "out.jsonl").exists()


def test_a_run_that_is_stopped_keeps_what_it_finished_and_the_old_results(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old results")

    def stopped_at_the_second(question: Question) -> Mapping[str, Any]:
        if question.id == "2":
            raise KeyboardInterrupt
        return shout(question)

    questions = read_questions(write(tmp_path, '{"id": "1", "question": "a"}', '{"id": "2", "question": "b"}'))
    with pytest.raises(KeyboardInterrupt, match=r"after 1 of 2 questions.*out\.jsonl\.partial"):
        run_batch(questions, out, work=stopped_at_the_second)

    assert out.read_text() == "old results"
    assert partial_file(out).read_text() == '{"id": "1", "question": "A"}\n'


def test_an_output_that_cannot_be_is_refused_before_work_starts(tmp_path: Path) -> None:
    questions = write(tmp_path, '{"id": "1", "question": "a"}')

    with pytest.raises(InputError, match="is a folder"):
        check_output(questions, tmp_path)
    with pytest.raises(InputError, match="cannot be written"):
        check_output(questions, tmp_path / "missing" / "out.jsonl")
    with pytest.raises(InputError, match="take the place of the questions"):
        check_output(questions, tmp_path / "." / "questions.jsonl")


def test_looking_whether_output_can_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    questions = write(tmp_path, '{"id": "1", "question": "a"}')
    check_output(questions, tmp_path / "out.jsonl")

    assert [path.name for path in tmp_path.iterdir()] == ["questions.jsonl"]
