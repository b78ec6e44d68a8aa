"""What a question asks for is told by its form, and so is whether a text holds it."""

from __future__ import annotations

import pytest

from assistant.answer.expected import Fact, asked_for, holds, under


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("How long do I have to reply?", Fact.DURATION),
        ("What is the time limit?", Fact.DURATION),
        ("When does the period start?", Fact.DATE),
        ("What's the deadline for returns?", Fact.DATE),
        ("How much can we charge?", Fact.AMOUNT),
        ("What temperature should it be kept at?", Fact.AMOUNT),
        ("Can I accept a gift?", Fact.NONE),
    ],
)
def test_the_fact_asked_for(question: str, fact: Fact) -> None:
    assert asked_for(question) is fact


@pytest.mark.parametrize(
    ("text", "fact", "held"),
    [
        ("no later than the 20th working day", Fact.DURATION, True),
        ("within one month", Fact.DURATION, True),
        ("The Harbours Act 2000 applies.", Fact.DURATION, False),
        ("The Harbours Act 2000 applies.", Fact.DATE, False),
        ("It began on 6 April 2026.", Fact.DATE, True),
        ("The limit is £600.", Fact.AMOUNT, True),
        ("Keep it at +2°C.", Fact.AMOUNT, True),
        ("Ask your manager.", Fact.AMOUNT, False),
        ("within one month", Fact.NONE, False),
    ],
)
def test_whether_a_text_holds_it(text: str, fact: Fact, held: bool) -> None:
    assert holds(text, fact) is held


@pytest.mark.parametrize(
    ("headings", "fact", "suits"),
    [
        (("Time limits",), Fact.DURATION, True),
        (("Fees", "Who pays"), Fact.AMOUNT, False),
        (("What it costs",), Fact.AMOUNT, True),
        (("When it starts",), Fact.DATE, True),
        (("Cost limit",), Fact.DURATION, False),
        ((), Fact.DATE, False),
        (("Time limits",), Fact.NONE, False),
    ],
)
def test_a_heading_says_what_facts_stand_below_it(headings: tuple[str, ...], fact: Fact, suits: bool) -> None:
    assert under(headings, fact) is suits
