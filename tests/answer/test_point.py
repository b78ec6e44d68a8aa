"""A block is told from one on the same subject that does not answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.point import Met, met, point_of


def compared(question: str, text: str, *, lead_in: str = "", title: str = "Harbour dues", heading: str = "") -> Met:
    return met(point_of(question), text=text, lead_in=lead_in, headings=(heading,) if heading else (), title=title)


def test_a_sum_is_missed_where_only_a_time_stands() -> None:
    assert not compared("How much are harbour dues?", "Harbour dues are paid within 30 days.").fact
    assert compared("How much are harbour dues?", "Harbour dues are £40 a day.").fact
    assert compared("Who pays harbour dues?", "Harbour dues are paid within 30 days.").fact


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Which form should I fill in for dues?", "form"),
        ("What colour is the buoy painted?", "colour"),
        ("Where is the template?", "templat"),
        ("Can I moor there?", ""),
    ],
)
def test_what_is_named_must_be_said(question: str, named: str) -> None:
    assert point_of(question).named == named
    assert compared(question, "Nothing of the kind is said of it here.").named is not bool(named)


def test_what_is_named_may_stand_in_the_lead_in() -> None:
    assert compared("Which form do I need?", "HD1", lead_in="Use one of these forms:").named


def test_words_that_the_title_holds_do_not_count_as_own() -> None:
    question = "Are canoes exempt from harbour dues?"
    assert compared(question, "Dues are collected at the harbour.").own == 0
    assert compared(question, "A canoe is exempt.").own == 1
    assert compared(question, "They are exempt.", heading="Canoes and kayaks").own == 1


def test_an_acronym_is_met_by_the_words_it_is_made_of() -> None:
    assert compared("What does the HDU do?", "It collects.", title="The Harbour Dues Unit").missing == 0
    assert compared("What does the HDU do?", "It collects.", title="The Lighthouse Board").missing == 1


def test_somebody_must_be_spoken_of_where_who_is_asked() -> None:
    assert compared("Who decides on exemptions?", "The harbour board decides.").who
    assert not compared("Who decides on exemptions?", "Exemptions last a year.").who


def test_another_form_of_a_word_and_a_synonym_meet_it() -> None:
    assert compared("Are refusals published?", "The publication of a refusal").missing == 0
    assert compared("When must we respond?", "The reply is due in May").words > 0


@given(question=st.text(max_size=60), text=st.text(max_size=60), title=st.text(max_size=20))
def test_shares_are_shares_whatever_is_asked(question: str, text: str, title: str) -> None:
    found = compared(question, text, title=title)
    assert 0 <= found.words <= found.placed <= 1
    assert 0 <= found.own <= 1
    assert 0 <= found.missing <= len(point_of(question).words)
