"""Noun phrases are found by small words and the order of questions."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.phrases import phrases, topics


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How long do I have to answer a letter of complaint?", ["a letter of complaint"]),
        ("Must a keeper report a fault to the harbour master?", ["a keeper", "a fault", "the harbour master"]),
        ("Can a junior keeper authorise repairs?", ["a junior keeper", "repairs"]),
        ("Do ferries have to follow the harbour rules?", ["ferries", "the harbour rules"]),
        ("Who signs the log and the register?", ["the log and the register"]),
        ("How often are keepers' reports published?", ["keepers' reports"]),
        ("What is the charge for a fishing boat?", ["the charge", "a fishing boat"]),
        ("Which lamp covers the north channel?", ["lamp", "the north channel"]),
        ("Why?", []),
        ("", []),
    ],
)
def test_the_noun_phrases_of_a_question(question: str, expected: list[str]) -> None:
    assert [phrase.text for phrase in phrases(question)] == expected


def test_what_a_question_wants_to_know_is_told_from_what_it_is_about() -> None:
    asked = {
        phrase.text: phrase.asked
        for phrase in phrases("Which lamp is needed for the north channel?") + phrases("What is a buoy?")
    }

    assert asked == {"lamp": True, "the north channel": False, "a buoy": False}


def test_a_phrase_knows_the_preposition_before_it() -> None:
    found = phrases("Can we charge a fee for a licence?")

    assert [(phrase.after, phrase.text) for phrase in found] == [("", "a fee"), ("for", "a licence")]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How long do we have to bring a complaint to the harbour board?", "a complaint to the harbour board"),
        ("How long does a station have to answer a fog signal report?", "a fog signal report"),
        ("How long do we keep logs before they go to the national archive?", "logs"),
        ("What is the time limit for a claim?", "the time limit for a claim"),
    ],
)
def test_what_a_question_is_about(question: str, expected: str) -> None:
    assert topics(question)[0] == expected


@given(st.text(max_size=120))
def test_phrases_stand_in_the_question_in_order(question: str) -> None:
    found = phrases(question)

    assert all(question[phrase.start : phrase.end].rstrip(".") == phrase.text for phrase in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
