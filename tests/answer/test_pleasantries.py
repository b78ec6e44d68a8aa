"""Courtesies come off a message; everything else stays, letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.pleasantries import says_nothing, without_pleasantries

QUESTION = "how long do I have to answer an FOI request?"


@pytest.mark.parametrize(
    "message",
    [
        f"Hi, {QUESTION} Thanks!",
        f"Hello Bernard. {QUESTION}",
        f"Good morning! {QUESTION} Many thanks in advance.",
        f"Dear Bernard,\n\n{QUESTION}\n\nKind regards",
        f"Thanks, that's helpful. {QUESTION}",
        f"hi {QUESTION} cheers",
        f"OK, {QUESTION}",
        f"cheers, {QUESTION}",
        f"cheers {QUESTION}",
        f"Thanks Bernard but {QUESTION}",
        f"ta {QUESTION}",
        QUESTION,
    ],
)
def test_what_is_asked_is_left(message: str) -> None:
    assert without_pleasantries(message) == QUESTION


@pytest.mark.parametrize(
    "message",
    ["Thanks!", "hi", "Hello Bernard", "Thank you. bye", "ta", "Regards", "That's great, thank you so much!", "  "],
)
def test_of_a_mere_courtesy_nothing_is_left(message: str) -> None:
    assert without_pleasantries(message) == ""


@pytest.mark.parametrize(
    "message",
    [
        "Hi-vis jackets: who pays?",
        "Thank you letters to suppliers: are they allowed?",
        "Can I accept a thank you",
        "is it rude to say thanks",
        "Great Britain driving licence",
        "great crested newts",
        "Perfect competition assumptions",
        "Morning after pill guidance",
        "Bye-laws: who approves them?",
        "TA allowance",
        "Thank you cards: who pays?",
    ],
)
def test_a_word_that_means_something_stays(message: str) -> None:
    assert without_pleasantries(message) == message


@pytest.mark.parametrize("message", ["x", "OK", "ok.", "k", "Hm…", "yes", " no! "])
def test_a_message_may_say_nothing(message: str) -> None:
    assert says_nothing(message)


@pytest.mark.parametrize("message", ["Thanks", "ok thanks", "leave", "VAT", "why", "hi", "12", "no smoking"])
def test_a_word_that_asks_greets_or_thanks_says_something(message: str) -> None:
    assert not says_nothing(message)


@given(st.text(max_size=200))
def test_what_is_left_stands_in_the_message(message: str) -> None:
    assert without_pleasantries(message) in message
