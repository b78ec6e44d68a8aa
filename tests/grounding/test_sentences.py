"""Sentences end where a reader thinks they do."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "See s. 12(3) of the Act.",
        "The limit is £1.5m a year.",
        "Write to No. 10 about it.",
        "Some costs, e.g. postage, count.",
        "Mr. A. B. Keeper signed it.",
        "Allow 2.5 hours, i.e. 150 minutes.",
        "Regulation 4.1 and para. 7 apply.",
        "It is done (see below).",
        "1. Send the form.",
        "Under v. 2.2 of the rules, ask first.",
    ],
)
def test_a_full_stop_that_ends_nothing_cuts_nothing(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Ask first. Then wait.", ["Ask first.", "Then wait."]),
        ("Is it so? Yes! It is.", ["Is it so?", "Yes!", "It is."]),
        ("He said “wait.” Then he left.", ["He said “wait.”", "Then he left."]),
        ("Reply in 20 days. £50 is due.", ["Reply in 20 days.", "£50 is due."]),
        ("You must:\nask\nwait", ["You must:", "ask", "wait"]),
        ("Ask first. [1] Then wait [2].", ["Ask first. [1]", "Then wait [2]."]),
        ("It was approved by Plan A. Nobody objected.", ["It was approved by Plan A. Nobody objected."]),
    ],
)
def test_sentences_are_cut(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


@given(st.text(alphabet="aB1.!? \n[]’£()", max_size=60))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    places = list(sentences(text))
    assert "".join("".join(text[start:end].split()) for start, end in places) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in pairwise(places))
