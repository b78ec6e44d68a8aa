"""What a question asks for is told by its form, and so is whether a text holds it."""

from __future__ import annotations

import pytest

from assistant.answer.expected import NOTHING, Fact, Wanted, asked_for, holds, under


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("How long do I have to reply?", Fact.DURATION),
        ("What is the time limit?", Fact.DURATION),
        ("How many working days do we have?", Fact.DURATION),
        ("When does the period start?", Fact.DATE),
        ("What's the deadline for returns?", Fact.DATE),
        ("How much can we charge?", Fact.MONEY),
        ("How big a fine can the regulator give?", Fact.MONEY),
        ("What temperature should it be kept at?", Fact.AMOUNT),
        ("How often is the plan reviewed?", Fact.FREQUENCY),
        ("What time does the debate begin?", Fact.CLOCK),
        ("What is the phone number of the helpline?", Fact.CONTACT),
        ("At what age does it end?", Fact.AGE),
        ("What percentage of staff took part?", Fact.SHARE),
        ("Who wrote the handbook?", Fact.NAME),
        ("Who is the current chair?", Fact.NAME),
        ("Who is responsible for the register?", Fact.NONE),
        ("Can I accept a gift?", Fact.NONE),
        ("What does a licence cost?", Fact.MONEY),
        ("How much notice must I give?", Fact.DURATION),
        ("What hourly rate do we use?", Fact.RATE),
        ("What number do I ring?", Fact.CONTACT),
    ],
)
def test_the_fact_asked_for(question: str, fact: Fact) -> None:
    assert asked_for(question).fact is fact


def test_how_many_asks_for_a_number_of_that_thing_alone() -> None:
    wanted = asked_for("How many members sit on the panel?")
    assert wanted == Wanted(Fact.COUNT, "member")
    assert holds("A panel has two or more members.", wanted)
    assert holds("It consists of 12 independent members.", wanted)
    assert not holds("The panel replies within 20 working days.", wanted)
    assert not holds("Section 12 says what members do, and when.", Wanted(Fact.COUNT, "panel"))


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How many of the aims apply?", "aim"),
        ("How many in a panel?", "panel"),
        ("How many of our working groups have a chair?", "group"),
        ("How many boxes\n\n  can we send?", "box"),
    ],
)
def test_small_words_are_not_what_is_counted(question: str, counted: str) -> None:
    assert asked_for(question) == Wanted(Fact.COUNT, counted)


def test_how_many_of_nothing_named_asks_for_any_number() -> None:
    assert asked_for("How many do we need?") == Wanted(Fact.AMOUNT)


@pytest.mark.parametrize(
    ("text", "fact", "held"),
    [
        ("no later than the 20th working day", Fact.DURATION, True),
        ("within one month", Fact.DURATION, True),
        ("The Harbours Act 2000 applies.", Fact.DURATION, False),
        ("The Harbours Act 2000 applies.", Fact.DATE, False),
        ("It began on 6 April 2026.", Fact.DATE, True),
        ("The limit is £600.", Fact.MONEY, True),
        ("Reply within 20 working days.", Fact.MONEY, False),
        ("You cannot charge for it.", Fact.MONEY, True),
        ("Keep it at +2°C.", Fact.AMOUNT, True),
        ("Ask your manager.", Fact.AMOUNT, False),
        ("It is published at 9.30am.", Fact.CLOCK, True),
        ("It is published in 2026.", Fact.CLOCK, False),
        ("Ring 0300 123 4567.", Fact.CONTACT, True),
        ("The rate is 3.5%.", Fact.SHARE, True),
        ("The rate is set each year.", Fact.FREQUENCY, True),
        ("Sir Robert Peel", Fact.NAME, True),
        ("the permanent secretary", Fact.NAME, False),
        ("within one month", Fact.NONE, False),
    ],
)
def test_whether_a_text_holds_it(text: str, fact: Fact, held: bool) -> None:
    assert holds(text, Wanted(fact)) is held


@pytest.mark.parametrize(
    ("headings", "fact", "suits"),
    [
        (("Time limits",), Fact.DURATION, True),
        (("Fees", "Who pays"), Fact.MONEY, False),
        (("What it costs",), Fact.MONEY, True),
        (("When it starts",), Fact.DATE, True),
        (("Cost limit",), Fact.DURATION, False),
        ((), Fact.DATE, False),
        (("Time limits",), Fact.NONE, False),
    ],
)
def test_a_heading_says_what_facts_stand_below_it(headings: tuple[str, ...], fact: Fact, suits: bool) -> None:
    assert under(headings, Wanted(fact)) is suits


def test_nothing_wanted_is_false() -> None:
    assert not NOTHING
    assert asked_for("How long is it?")
