"""A question of a word or two that fits several pages is asked back with topics that answer it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answer import Assistant, Choice, Reason, Status
from assistant.answer.clarify import Topic, choices, is_vague
from assistant.settings import Settings
from tests.answer.test_conflicts import asked, note

NOTES = {
    "annual.md": note("Annual leave", "annual",
        "You have 25 days of annual leave a year.\n\n## How to apply\n\nApply for annual leave in the rota book."),
    "sick.md": note("Sick leave", "sick",
        "You have sick leave from the first day of illness.\n\n## How to apply\n\nApply for sick leave by telephone."),
    "special.md": note("Special leave", "special",
        "You may have special leave for a funeral.\n\n## How to apply\n\nApply for special leave to the master."),
    "bell.md": note("Ringing the bell", "bell", "Ring the bell twice at dawn."),
    "coat.md": note("Uniform", "coat", "Wear the oilskin coat on watch."),
}  # fmt: skip


@pytest.mark.parametrize("question", ["leave", "pension", "How do I apply?", "what is leave", "who do I contact?"])
def test_a_question_with_hardly_a_word_is_vague(question: str) -> None:
    assert is_vague(question)


@pytest.mark.parametrize(
    "question",
    [
        "annual leave",
        "How do I apply for leave?",
        "DSAR",
        "GovS 002",
        "IR35",
        "How long do I have to answer an FOI request?",
        "What does “Annual leave” say about leave?",
    ],
)
def test_a_question_that_names_what_it_is_about_is_not(question: str) -> None:
    assert not is_vague(question)


def test_only_topics_that_answer_are_offered() -> None:
    found = (
        Topic("a", "Annual leave"),
        Topic("b", "Sick leave"),
        Topic("c", "Leave of absence"),
        Topic("d", "Leave to appeal"),
    )

    def all_but_sick(question: str) -> str:
        return next((topic.page for topic in found if topic.title in question and topic.page != "b"), "")

    assert choices("leave", found, all_but_sick) == tuple(
        Choice(label=title, question=f"What does “{title}” say about leave?")
        for title in ("Annual leave", "Leave of absence", "Leave to appeal")
    )
    assert choices("leave", found[:2], all_but_sick) == ()  # one is no choice
    assert choices("How do I apply?", found[2:], all_but_sick)[0].question == "Leave of absence: how do I apply?"


def test_a_vague_question_is_asked_back_and_each_choice_is_answered(settings: Settings, tmp_path: Path) -> None:
    with asked(settings, tmp_path / "guidance", NOTES) as bernard:
        vague = bernard.ask("leave")
        answers = {choice.label: bernard.ask(choice.question) for choice in vague.choices}
        plain = bernard.ask("bell")

    assert (vague.status, vague.reason, vague.claims) == (Status.NEEDS_CLARIFICATION, Reason.SEVERAL_TOPICS, ())
    assert 2 <= len(answers) <= 3
    assert set(answers) <= {"Annual leave", "Sick leave", "Special leave"}
    for label, answer in answers.items():
        assert answer.status is Status.ANSWERED
        assert label.lower() in answer.text.lower()
    assert plain.choices == ()


def test_hardly_a_development_question_is_vague(repository: Path) -> None:
    rows = [
        json.loads(line)["question"]
        for name in ("corpus", "guidance")
        for line in (repository / f"evals/data/{name}_questions.jsonl").read_text("utf-8").splitlines()
    ]

    assert sum(map(is_vague, rows)) <= 0.02 * len(rows), [row for row in rows if is_vague(row)]


def test_the_note_on_the_bell_is_not_asked_about_by_number(notes_settings: Settings) -> None:
    with Assistant.open(notes_settings) as bernard:
        assert bernard.ask("LHM42125").choices == ()
