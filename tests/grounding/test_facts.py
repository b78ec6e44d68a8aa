"""Duties, conditions, names and wording: what each finds in a sentence."""

from __future__ import annotations

import pytest

from assistant.grounding.conditions import Turn, conditions
from assistant.grounding.duties import Duty, said
from assistant.grounding.names import initials, names, nations
from assistant.grounding.quoted import is_quoted
from assistant.grounding.wording import changes


@pytest.mark.parametrize(
    ("text", "duty", "head"),
    [
        ("You must also tell HMRC.", Duty.MUST, "tell"),
        ("They are required to reply.", Duty.MUST, "repli"),
        ("It has to be signed.", Duty.MUST, "sign"),
        ("You should normally ask.", Duty.SHOULD, "ask"),
        ("You can apply.", Duty.MAY, "appli"),
        ("You cannot apply.", Duty.MUST_NOT, "appli"),
        ("You can’t apply.", Duty.MUST_NOT, "appli"),
        ("You do not need to apply.", Duty.NEED_NOT, "appli"),
        ("Staff are prohibited from smoking.", Duty.MUST_NOT, "smoke"),
        ("You should not lobby.", Duty.SHOULD_NOT, "lobbi"),
    ],
)
def test_a_duty_is_found_with_what_it_is_said_of(text: str, duty: Duty, head: str) -> None:
    assert [(one.duty, one.head) for one in said(text)] == [(duty, head)]


def test_the_month_of_may_is_no_permission() -> None:
    assert not said("It opens in May and closes on 3 May.")


def test_a_plain_denial_has_no_duty() -> None:
    assert [(one.duty, one.denied, one.head) for one in said("The fee is not refunded.")] == [(None, True, "refund")]
    assert not said("It takes no more than a day, not only here.")


@pytest.mark.parametrize(
    ("text", "turn", "words"),
    [
        ("Pay it if you are late.", Turn.IF, "if you are late"),
        ("Unless you object, it goes ahead.", Turn.UNLESS, "Unless you object"),
        ("Share it only if the owner agrees.", Turn.ONLY, "only if the owner agrees"),
        ("All staff, except contractors, may go.", Turn.UNLESS, "except contractors"),
        ("It counts as long as it is signed.", Turn.IF, "as long as it is signed"),
    ],
)
def test_a_condition_is_found(text: str, turn: Turn, words: str) -> None:
    assert [(one.turn, one.text) for one in conditions(text)] == [(turn, words)]


def test_asking_whether_is_no_condition() -> None:
    assert not conditions("Check if it applies.")


def test_names_are_runs_of_capitals_with_small_words_between() -> None:
    found = [name.text for name in names("The Department for Education and HMRC sent form P45 to the Home Office.")]
    assert found == ["Department for Education and HMRC", "P45", "Home Office"]


def test_initials_stand_for_a_name() -> None:
    assert "ICO" in initials("the Information Commissioner’s Office")


def test_nations_are_told_apart() -> None:
    assert nations("In Northern Ireland and the UK, but not in Wales.") == {"Northern Ireland", "United Kingdom", "Wales"}


@pytest.mark.parametrize(
    ("claim", "sentence", "kinds"),
    [
        ("It was sent on 3 May or 3 May.", "It was sent on 2 May or 3 May.", ["quantity"]),
        ("Keep it after or after use.", "Keep it before or after use.", ["order"]),
        ("Working Tax Credit will not affect it.", "Child Tax Credit won't affect it.", []),
        ("The fee and Working Tax Credit are not paid.", "The fee and Child Tax Credit aren't paid.", ["name"]),
        ("The rule does not apply to lamps.", "The rule doesn't apply to lamps.", []),
        ("The rule does apply to lamps.", "The rule doesn't apply to lamps.", ["denial"]),
        ("Keep it for twenty-eight days.", "Keep it for 28 days.", []),
        ("You will tell the keeper about the lamp by noon.", "The keeper will tell you about the lamp by noon.", ["roles"]),
        ("Unless it rains, light the lamp at once.", "If it rains, light the lamp at once.", ["condition"]),
    ],
)
def test_words_that_were_changed_are_found(claim: str, sentence: str, kinds: list[str]) -> None:
    assert [change.kind for change in changes(claim, sentence)] == kinds


def test_a_quotation_may_differ_in_case_punctuation_and_small_words() -> None:
    sentence = "The keeper must, in all cases, light the lamp at dusk."
    assert is_quoted("the keeper must in all cases light the lamp at dusk", sentence)
    assert is_quoted("light the lamp at dusk", sentence)
    assert not is_quoted("The keeper must light the lamp at dawn", sentence)
    assert not is_quoted("The keeper must not, in all cases, light the lamp at dusk.", sentence)
