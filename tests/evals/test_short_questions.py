"""The short questions in evals/data: their evidence is in the notes, word for word, and no question is there twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.documents import Document
from assistant.documents.library import find_files, load_file, read_file

Rows = list[dict[str, Any]]


def rows(repository: Path, name: str) -> Rows:
    return [json.loads(line) for line in (repository / "evals/data" / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def notes(repository: Path) -> dict[str, Document]:
    read = {}
    for found in find_files([repository / "corpus"]):
        if found.path.suffix == ".md":
            document = read_file(found, load_file(found)).document
            assert document, found.path
            read[found.path.stem] = document
    return read


def test_evidence_stands_in_the_note_word_for_word(repository: Path, notes: dict[str, Document]) -> None:
    missing = []
    for row in rows(repository, "corpus_questions.jsonl"):
        note = notes[row["id"].rpartition("-")[0]]
        blocks = {note.quote(block) for block in note.blocks}
        missing += [(row["id"], text) for text in row["evidence"] if text not in blocks]
        assert row["evidence"], row["id"]
        assert row["answerable"], row["id"]
        assert row["url"] == note.url, row["id"]
    assert missing == []


def test_every_note_has_questions(repository: Path, notes: dict[str, Document]) -> None:
    asked = Counter(row["id"].rpartition("-")[0] for row in rows(repository, "corpus_questions.jsonl"))
    assert {name for name in notes if asked[name] < 3} == set()


def test_other_notes_that_answer_a_question_are_there(repository: Path, notes: dict[str, Document]) -> None:
    known = {note.url for note in notes.values()}
    for row in rows(repository, "corpus_questions.jsonl"):
        assert set(row.get("also", [])) <= known - {row["url"]}, row["id"]


def test_no_question_is_asked_twice_or_called_both_answerable_and_not(repository: Path) -> None:
    names = ("corpus_questions.jsonl", "guidance_questions.jsonl", "unanswerable_questions.jsonl")
    every = [row for name in names for row in rows(repository, name)]
    assert [key for key, count in Counter(row["id"] for row in every).items() if count > 1] == []
    assert [key for key, count in Counter(row["question"].casefold() for row in every).items() if count > 1] == []


def test_what_cannot_be_answered_has_no_evidence(repository: Path) -> None:
    for row in rows(repository, "unanswerable_questions.jsonl"):
        assert (row["answerable"], row["evidence"], row["url"]) == (False, [], ""), row["id"]
        assert row["kind"] in {"near_miss", "other_government", "off_topic"}, row["id"]
