"""The invented consultation that comes with Bernard: what was planted in it is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.consult import Consultation, State
from assistant.consult.outputs import summary_of
from assistant.consult.personal import marks
from evals.consult_measures import coverage


@pytest.fixture(scope="module")
def planted(repository: Path) -> Any:
    return json.loads((repository / "assistant/consult/demo/planted.json").read_text("utf-8"))


def test_every_row_is_accounted_for(demo: Consultation) -> None:
    counts = demo.question().answers.counts()

    assert sum(counts.values()) == 300
    assert counts == {
        State.ANSWERED: 280,
        State.BLANK: 7,
        State.NO_COMMENT: 8,
        State.NOT_ENGLISH: 3,
        State.UNREADABLE: 2,
    }
    assert demo.problems == ()


def test_both_campaigns_are_found_whole_and_nobody_else_is_in_them(demo: Consultation, planted: Any) -> None:
    question = demo.question()
    found = [{question.answers.responses[place].id for place in one.members} for one in question.campaigns]

    assert sorted(found, key=len) == sorted(map(set, planted["campaigns"].values()), key=len)


def test_planted_themes_and_a_minority_view_of_five_lead_a_candidate(demo: Consultation, planted: Any) -> None:
    question = demo.question()
    places = {one.id: place for place, one in enumerate(question.answers.responses)}
    groups = [{question.statements[at].response for at in theme.exemplars} for theme in question.standing.themes.values()]
    gold = {name: {places[one] for one in members} for name, members in planted["themes"].items()}
    few = gold["Local history room (minority view)"]

    assert coverage(groups, gold).leading >= 0.85
    assert any(len(one & few) == len(few) and len(one) <= 2 * len(few) for one in groups)


def test_invented_personal_data_is_masked_wherever_it_is_shown(demo: Consultation) -> None:
    question = demo.question()
    secrets = [
        one.text[mark.start : mark.end]
        for one in question.answers.responses
        if one.state is State.ANSWERED
        for mark in marks(one.text)
    ]
    summary = summary_of(demo)
    shown = " ".join(quote.words for theme in summary.themes for quote in theme.quotes)
    shown += " ".join(f"{theme.theme.title} {theme.theme.description}" for theme in summary.themes)

    assert len(secrets) >= 12
    assert summary.personal == len(secrets)
    assert [secret for secret in secrets if secret in shown] == []


def test_quotes_are_verbatim_and_from_different_respondents(demo: Consultation) -> None:
    question, summary = demo.question(), summary_of(demo, mask=False)

    for theme in summary.themes:
        assert theme.quotes
        assert len({quote.place for quote in theme.quotes}) == len(theme.quotes)
        for quote in theme.quotes:
            assert question.answers.responses[quote.place].text[quote.start : quote.end] == quote.words


def test_counts_with_and_without_campaigns_differ_by_the_campaigns(demo: Consultation) -> None:
    summary = summary_of(demo)

    assert summary.answered - summary.answered_once == sum(len(one.members) - 1 for one in summary.campaigns)
    assert any(one.all.value > one.without_campaigns.value for one in summary.themes)


def test_disabled_people_speak_more_of_access_by_more_than_chance(demo: Consultation) -> None:
    flagged = {(one.attribute, one.value) for theme in summary_of(demo).themes for one in theme.differences}

    assert ("Do you consider yourself disabled?", "Yes") in flagged
