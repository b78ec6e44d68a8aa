"""The shipped questions are sound, and whatever is wrong in such a file is told by file and line."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from evals.shipped import CORPUS, Kind, ShippedQuestion, examine, load_shipped, main, read_corpus

NOTE = """\
---
title: "Keeping bees"
url: "https://www.gov.uk/bees"
---

Keep the hive dry. Feed the bees in autumn.

You must:

- register the hive within 14 days
- mark the queen
"""
ANSWERED: dict[str, Any] = {
    "id": "number-001",
    "type": "number",
    "question": "How soon must a hive be registered?",
    "history": [],
    "expected_status": "answered",
    "documents": ["notes/bees.md"],
    "url": "https://www.gov.uk/bees",
    "evidence": ["You must:", "register the hive within 14 days"],
    "answer": "Within 14 days.",
    "conditions": [],
    "second_reader": {"reader": "a colleague", "verdict": "agreed", "note": ""},
}
NOTHING: dict[str, Any] = {
    "id": "not-in-guidance-001",
    "type": "not_in_guidance",
    "question": "What does a hive cost?",
    "expected_status": "not in the guidance",
    "evidence": [],
    "answer": None,
}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "bees.md").write_text(NOTE, "utf-8")
    (folder / "list.toml").write_text("no = 'guidance'", "utf-8")
    return folder


def written(tmp_path: Path, *lines: dict[str, Any] | str) -> Path:
    folder = tmp_path / "questions"
    folder.mkdir(exist_ok=True)
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "bees.jsonl").write_text("\n".join(texts), "utf-8")
    return folder


def fault(tmp_path: Path, notes: Path, *lines: dict[str, Any] | str) -> str:
    """The one fault found in the lines."""
    _, faults = examine(written(tmp_path, *lines), notes)
    (only,) = faults
    return str(only)


def test_sound_questions_are_read_in_order(tmp_path: Path, notes: Path) -> None:
    questions = load_shipped(written(tmp_path, ANSWERED, "", {**ANSWERED, **NOTHING}), notes)
    assert [(question.id, question.answerable) for question in questions] == [
        ("number-001", True),
        ("not-in-guidance-001", False),
    ]
    assert questions[0].evidence == ("You must:", "register the hive within 14 days")


def test_a_line_that_is_not_json_is_named(tmp_path: Path, notes: Path) -> None:
    assert fault(tmp_path, notes, ANSWERED, "{'id': 1}").startswith("bees.jsonl, line 2: this is not JSON")


def test_an_unknown_type_is_named(tmp_path: Path, notes: Path) -> None:
    assert "bees.jsonl, line 1: type: Input should be 'lookup'" in fault(tmp_path, notes, {**ANSWERED, "type": "riddle"})


def test_an_unknown_key_is_refused(tmp_path: Path, notes: Path) -> None:
    assert "evidences: Extra inputs" in fault(tmp_path, notes, {**ANSWERED, "evidences": []})


@pytest.mark.parametrize(
    "evidence",
    ["register the hive within 15 days", "Mark the queen", "You must: register the hive within 14 days", "within 14 days\n"],
)
def test_evidence_that_is_not_in_the_document_word_for_word_is_a_fault(tmp_path: Path, notes: Path, evidence: str) -> None:
    found = fault(tmp_path, notes, {**ANSWERED, "evidence": [evidence]})
    assert "line 1" in found
    assert "word for word" in found or "pattern" in found


def test_evidence_is_looked_for_in_the_text_that_the_product_reads(tmp_path: Path, notes: Path) -> None:
    assert "word for word" in fault(tmp_path, notes, {**ANSWERED, "evidence": ["- mark the queen"]})
    assert load_shipped(written(tmp_path, {**ANSWERED, "evidence": ["mark the queen"]}), notes)


def test_what_supports_the_evidence_is_checked_as_well(tmp_path: Path, notes: Path) -> None:
    assert "“Sing to the bees.”" in fault(tmp_path, notes, {**ANSWERED, "also": ["Sing to the bees."]})


def test_a_document_that_is_not_there_is_named(tmp_path: Path, notes: Path) -> None:
    assert "there is no document notes/wasps.md" in fault(tmp_path, notes, {**ANSWERED, "documents": ["notes/wasps.md"]})


def test_every_document_of_an_answer_gives_evidence(tmp_path: Path, notes: Path) -> None:
    (notes / "wasps.md").write_text(NOTE.replace("/bees", "/wasps").replace("hive", "nest"), "utf-8")
    line = {**ANSWERED, "documents": ["notes/bees.md", "notes/wasps.md"], "evidence": ["register the hive within 14 days"]}
    assert "none of its evidence is from notes/wasps.md" in fault(tmp_path, notes, line)


def test_the_address_must_be_that_of_the_first_document(tmp_path: Path, notes: Path) -> None:
    assert "the url is not that of notes/bees.md" in fault(tmp_path, notes, {**ANSWERED, "url": "https://www.gov.uk/wasps"})


def test_an_id_is_given_once(tmp_path: Path, notes: Path) -> None:
    found = fault(tmp_path, notes, ANSWERED, {**ANSWERED, "question": "When is it registered?"})
    assert found == "bees.jsonl, line 2: the id number-001 is in bees.jsonl, line 1 already"


def test_a_question_is_asked_once_unless_the_conversation_differs(tmp_path: Path, notes: Path) -> None:
    again = {**ANSWERED, "id": "number-002", "question": ANSWERED["question"].upper()}
    assert "number-002: the same question is in bees.jsonl, line 1" in fault(tmp_path, notes, ANSWERED, again)
    assert len(load_shipped(written(tmp_path, ANSWERED, {**again, "history": ["Wasps?"]}), notes)) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"evidence": []}, "it is to be answered, and lacks documents, evidence or an answer"),
        ({"answer": None}, "it is to be answered, and lacks"),
        ({"expected_status": "needs clarification"}, "and yet has evidence"),
        ({"type": "follow_up"}, "it is a follow-up without a history"),
        ({"conditions": ["WITHIN 14 days", "a fee"]}, "no sentence of its evidence has the condition “a fee”"),
        ({**NOTHING, "url": ""}, "it needs documents and the url of the first, or neither"),
        ({"id": "Number 1"}, "id: String should match pattern"),
        ({"expected_status": "guessed"}, "expected_status: Input should be 'answered'"),
    ],
)
def test_a_question_that_contradicts_itself_is_a_fault(
    tmp_path: Path, notes: Path, change: dict[str, Any], told: str
) -> None:
    assert told in fault(tmp_path, notes, {**ANSWERED, **change})


def test_all_faults_are_told_at_once(tmp_path: Path, notes: Path) -> None:
    folder = written(tmp_path, "{", {**ANSWERED, "evidence": ["Honey."]}, {**ANSWERED, "id": "x"})
    with pytest.raises(InputError, match=r"line 1: [\s\S]*line 3: [\s\S]*line 2: "):
        load_shipped(folder, notes)


def test_a_folder_without_questions_is_told(tmp_path: Path, notes: Path) -> None:
    with pytest.raises(InputError, match=r"has no \.jsonl file"):
        load_shipped(tmp_path, notes)


def test_the_command_counts_by_type_and_tells_what_is_wrong(
    tmp_path: Path, notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, ANSWERED, {**ANSWERED, **NOTHING})
    assert main(["--questions", str(folder), "--corpus", str(notes)]) == 0
    assert capsys.readouterr().out.split()[3:12] == ["number", "1", "1", "not_in_guidance", "1", "0", "all", "2", "1"]
    written(tmp_path, ANSWERED, {**ANSWERED, **NOTHING, "type": "x"})
    assert main(["--questions", str(folder), "--corpus", str(notes)]) == 1
    assert "bees.jsonl, line 2: type:" in capsys.readouterr().err
    assert main(["--questions", str(folder / "none"), "--corpus", str(notes)]) == 2


@pytest.fixture(scope="module")
def shipped() -> list[ShippedQuestion]:
    return load_shipped()


def test_the_shipped_questions_are_sound_and_about_every_note(shipped: list[ShippedQuestion]) -> None:
    asked_of = {path for question in shipped if question.answerable for path in question.documents}
    assert set(read_corpus(CORPUS)) - asked_of == set()


def test_every_shipped_question_was_read_a_second_time(shipped: list[ShippedQuestion]) -> None:
    assert [question.id for question in shipped if question.second_reader.verdict == "unread"] == []


def test_questions_of_several_sources_need_more_than_one(shipped: list[ShippedQuestion]) -> None:
    notes = {path: document.text for path, document in read_corpus(CORPUS).items()}
    for question in shipped:
        if question.type is Kind.MULTI_SOURCE:
            assert not any(all(sentence in notes[path] for sentence in question.evidence) for path in question.documents), (
                question.id
            )


def test_there_are_enough_of_each_kind(shipped: list[ShippedQuestion]) -> None:
    counts = Counter(question.type for question in shipped)
    asked_for = {Kind.NOT_IN_GUIDANCE: 60, Kind.OUT_OF_SCOPE: 25, Kind.FOLLOW_UP: 25, Kind.CLARIFY: 20}
    asked_for |= {Kind.CURRENCY: 25, Kind.MESSY: 30} | {kind: 10 for kind in Kind if kind not in asked_for}
    assert {kind: counts[kind] for kind, fewest in asked_for.items() if counts[kind] < fewest} == {}
    assert len(shipped) >= 300


def test_no_shipped_question_was_used_to_fit_the_assistant(repository: Path, shipped: list[ShippedQuestion]) -> None:
    for_asking = {"other_wordings.jsonl", "later_questions.jsonl"}
    files = [path for path in (repository / "evals/data").glob("*.jsonl") if path.name not in for_asking]
    fitted = {json.loads(line)["question"].casefold() for path in files for line in path.read_text("utf-8").splitlines()}
    routes = tomllib.loads((repository / "assistant/answer/routes.toml").read_text("utf-8"))
    fitted |= {message.casefold() for message in examples(routes)}
    assert len(fitted) > 1000
    assert [question.id for question in shipped if question.question.casefold() in fitted] == []


def examples(value: Any) -> list[str]:
    """All texts in a tree of tables and lists."""
    if isinstance(value, str):
        return [line.strip() for line in value.splitlines()]
    inner = value.values() if isinstance(value, dict) else value
    return [text for each in inner for text in examples(each)]
