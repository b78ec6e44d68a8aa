"""What a message asks to go through whole, and what is a question to search for."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.answer import Brought, Task, question_of
from assistant.uploads import OwnFile
from assistant.web.own_tasks import wanted

NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
OLD, NEW = (OwnFile(name[0], name, 1, 1, 1, (name,), (), NOW, NOW) for name in ("old.md", "new plan.docx"))


@pytest.mark.parametrize(
    ("message", "files", "task", "ids"),
    [
        ("Summarise “new plan.docx”", [OLD, NEW], Task.SUMMARISE, "n"),
        ("please summarize OLD.md for me", [OLD, NEW], Task.SUMMARISE, "o"),
        ("Summarise this document", [OLD], Task.SUMMARISE, "o"),
        ("What must I do, by when, according to “old.md”?", [OLD, NEW], Task.DUTIES, "o"),
        ("Compare “new plan.docx” with “old.md”", [OLD, NEW], Task.COMPARE, "no"),
        ("Compare these two", [OLD, NEW], Task.COMPARE, "on"),
    ],
)
def test_a_task_is_told_by_its_words_and_its_files(message: str, files: list[OwnFile], task: Task, ids: str) -> None:
    found = wanted(message, files)
    assert found is not None
    assert (found.task, found.files) == (task, tuple(ids))


@pytest.mark.parametrize(
    "message",
    [
        "What must I do when personal data is lost?",
        "Summarise this document",  # which of the two?
        "Summarise the rules on gifts",
        "Compare old.md with the guidance",
        "What does old.md say about gifts?",
    ],
)
def test_anything_else_is_searched_for(message: str) -> None:
    assert wanted(message, [OLD, NEW]) is None


def test_what_the_buttons_write_is_understood_when_it_is_asked_again() -> None:
    for task in Task:
        question = question_of(task, [Brought("old.md", ()), Brought("new plan.docx", ())])
        found = wanted(question, [OLD, NEW])
        assert found is not None
        assert found.task is task
