"""Follow-up questions: what leans on the conversation takes its words from there, and from nowhere else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Turn
from assistant.answer.rewrite import leans_back, standalone

FOI = "How long do I have to answer an FOI request?"


def turns(*said: str) -> list[Turn]:
    """A conversation that the person begins."""
    roles = ("user", "assistant") * len(said)
    return [Turn(role=role, content=text) for role, text in zip(roles, said, strict=False)]


@pytest.mark.parametrize(
    ("question", "history", "expected"),
    [
        ("And in Scotland?", turns(FOI, "20 days."), f"{FOI} And in Scotland?"),
        ("what about Wales", turns(FOI, "20 days."), f"{FOI} what about Wales."),
        ("What if they are late?", turns(FOI, "20 days."), f"{FOI} What if they are late?"),
        ("Does it apply to me?", turns("FOI deadlines", "20 days."), "FOI deadlines. Does it apply to me?"),
        ("Why?", turns(FOI, "20 days."), f"{FOI} Why?"),
        ("And Wales?", turns(FOI, "20.", "And in Scotland?", "20."), f"{FOI} And in Scotland? And Wales?"),
        ("And Wales?", turns("What is a lamp?", "A light.", FOI, "20."), f"{FOI} And Wales?"),
        ("And Wales?", turns("  "), "And Wales?"),
        ("And Wales?", [], "And Wales?"),
        ("Who signs off a special severance payment?", turns(FOI, "20."), "Who signs off a special severance payment?"),
    ],
)
def test_a_follow_up_is_put_behind_what_it_leans_on(question: str, history: list[Turn], expected: str) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Is it true that gifts over £50 need declaring?",
        "How long does it take to get SC clearance?",
        "So what is the FOI deadline for departments?",
        "Is there a gift register?",
        "records retention schedule",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert standalone(question, turns(FOI, "20 days.")) == question


@pytest.mark.parametrize(
    "question", ["Scotland?", "Northern Ireland?", "Any exceptions?", "How long does it take?", "for contractors"]
)
def test_a_fragment_leans_back(question: str) -> None:
    assert standalone(question, turns(FOI, "20 days.")).startswith(FOI)


def test_what_bernard_said_is_not_searched_for() -> None:
    assert "20 days" not in standalone("And in Scotland?", turns(FOI, "20 days."))


def test_only_the_last_turns_are_leaned_on() -> None:
    history = turns(*(f"and {number}?" for number in range(20)))

    assert standalone("and you?", history) == "and 14? and 16? and 18? and you?"


@given(st.text(min_size=1).filter(str.strip), st.lists(st.text(), max_size=5))
def test_every_word_is_of_the_conversation(question: str, earlier: list[str]) -> None:
    history = [Turn(role="user", content=text) for text in earlier]
    said = " ".join([*earlier, question])

    found = standalone(question, history)

    assert set(re.findall(r"\w+", found)) <= set(re.findall(r"\w+", said))
    assert question.strip() in found


@pytest.mark.parametrize("question", ["Is a lighthouse keeper who works at night paid more than others are?", FOI])
def test_a_whole_question_stands_on_its_own(question: str) -> None:
    assert not leans_back(question)
