"""Agreement with an analyst on a blind sample: never learnt from, measured at every correction on the same labels."""

from __future__ import annotations

import math

import pytest

from assistant.consult import BlindLabel, Consultation, OpenQuestion, ReportForm, write_report
from assistant.consult.agreement import FEWEST, Snapshot, agreement_of
from assistant.errors import InputError
from assistant.settings import Settings
from tests.consult.conftest import REASONS


@pytest.fixture
def sampled(formed: OpenQuestion) -> OpenQuestion:
    """Themes of the analyst's own, which fit the machine's mapping badly, and a sample of ten."""
    formed.add("Ann", "Fares", "Fares and ticket prices are too high")
    formed.add("Ann", "Something else entirely", "Wheelchairs, ramps and late buses")
    formed.draw_blind_sample("Ann", FEWEST)
    return formed


def truth(question: OpenQuestion, place: int) -> list[str]:
    fares = question.answers.responses[place].text in REASONS["fares"]
    themes = [theme.id for theme in question.standing.mapped]
    return [themes[0] if fares else themes[1]]


def label_all(question: OpenQuestion) -> None:
    for one in question.blind_sample():
        question.label_blind("Ann", one.place, truth(question, one.place))


def wrong(question: OpenQuestion, place: int) -> list[str]:
    return [theme.id for theme in question.standing.mapped if theme.id not in truth(question, place)]


def test_labels_of_the_sample_teach_nothing(sampled: OpenQuestion) -> None:
    sample = {one.place for one in sampled.blind_sample()}
    before = sampled.mapped()
    for place in sample:
        sampled.label_blind("Ann", place, wrong(sampled, place))
    after = sampled.mapped()

    assert after.unaided == before.unaided
    others = [one for one in before.assignments if one.response not in sample]
    assert [one for one in after.assignments if one.response not in sample] == others
    put = {place: [one.theme for one in after.assignments if one.response == place] for place in sample}
    assert all(put[place] == wrong(sampled, place) for place in sample)  # where it is reported, the analyst decides


def test_corrections_elsewhere_add_points_that_are_measured_on_the_same_labels(sampled: OpenQuestion) -> None:
    label_all(sampled)
    sample = {one.place for one in sampled.blind_sample()}
    others = [place for place in sampled.answers.answered if place not in sample and place not in sampled.no_reason]
    for place in others:
        sampled.review("Ann", place, truth(sampled, place))
    series = sampled.agreement_history()

    assert [one.corrections for one in series] == list(range(len(others) + 1))
    assert {one.labelled for one in series} == {FEWEST}
    assert all(one.low <= one.f1 <= one.high for one in series)


def test_the_series_grows_where_corrections_teach_what_the_names_of_themes_do_not_say(formed: OpenQuestion) -> None:
    formed.add("Ann", "Wheelchairs and late buses", "Wheelchairs, ramps and late buses")
    formed.add("Ann", "Fares", "Fares and ticket prices are too high")
    sample = {one.place for one in formed.draw_blind_sample("Ann", 5)}
    for place in formed.answers.answered:
        if place in sample:
            formed.label_blind("Ann", place, truth(formed, place))  # the very opposite of what the names say
        elif place not in formed.no_reason:
            formed.review("Ann", place, truth(formed, place))
    first, *_, last = formed.agreement_history()

    assert first.f1 < 0.5 < last.f1


def test_the_sample_is_kept_from_the_queue_and_leaves_no_trace_of_the_machine(sampled: OpenQuestion) -> None:
    sample = sampled.blind_sample()

    assert {place for place, _ in sampled.queue(99)}.isdisjoint(one.place for one in sample)
    assert [one.themes for one in sample] == [None] * FEWEST
    assert sampled.no_reason.isdisjoint(one.place for one in sample)
    again = sampled.draw_blind_sample("Ben", FEWEST + 1)
    assert again[:FEWEST] == sample
    assert len(again) == FEWEST + 1


def test_a_response_that_was_corrected_leaves_the_sample_and_comes_back_when_that_is_undone(sampled: OpenQuestion) -> None:
    place = sampled.blind_sample()[0].place
    sampled.label_blind("Ann", place, [])
    sampled.review("Ann", place, truth(sampled, place))

    assert place not in [one.place for one in sampled.blind_sample()]
    with pytest.raises(InputError, match="not in the blind sample"):
        sampled.label_blind("Ann", place, [])
    sampled.undo("Ann", sampled.edits[-1].number)
    assert {one.place: one.themes for one in sampled.blind_sample()}[place] == ()


def test_labels_follow_a_merge_and_say_nothing_of_a_theme_that_came_later(sampled: OpenQuestion) -> None:
    fares, other = (theme.id for theme in sampled.standing.mapped)
    unaided = sampled.mapped().unaided
    label_all(sampled)
    added = sampled.add("Ann", "Buses", "Buses and fares")
    labels = sampled.standing.blind
    sampled.merge("Ann", [other], fares)

    assert all(added not in label.among for label in labels.values())
    assert {theme for label in sampled.standing.blind.values() for theme in label.themes} == {fares}
    # Where the machine, before, had put a response to a theme, it is the one that both are now.
    assert sampled.agreement_history()[0].f1 == sum(map(bool, unaided.values())) / len(unaided) > 0


def test_the_series_and_the_labels_are_there_when_it_is_opened_again(sampled: OpenQuestion, settings: Settings) -> None:
    label_all(sampled)
    expected = sampled.agreement_history()

    with Consultation.open("buses", settings) as again:
        assert again.question().agreement_history() == expected
        said = "drawn at random, without seeing"
        assert said in write_report(again, ReportForm.HTML).decode()


def test_what_cannot_be_drawn_or_labelled_is_said(formed: OpenQuestion, buses: Consultation) -> None:
    with pytest.raises(InputError, match="cannot be drawn"):
        formed.draw_blind_sample("Ann", 999)
    sample = formed.draw_blind_sample("Ann", 3)
    with pytest.raises(InputError, match="T99 is not among"):
        formed.label_blind("Ann", sample[0].place, ["T99"])
    assert all(one.themes is None for one in formed.blind_sample())


def test_agreement_is_the_mean_over_responses_with_a_theme_from_either() -> None:
    among = frozenset({"A", "B"})
    machine = {0: {"A"}, 1: {"A", "B"}, 2: set(), 3: {"B"}, 4: {"A"}}
    told = {0: {"A"}, 1: {"A"}, 2: set(), 3: {"A"}}
    snapshot = Snapshot(7, 2, among, {place: frozenset(themes) for place, themes in machine.items()})

    found = agreement_of(snapshot, {at: BlindLabel(frozenset(one), among) for at, one in told.items()}, merged={})

    assert (found.edit, found.corrections, found.labelled) == (7, 2, 3)
    assert found.f1 == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert math.isnan(found.low)  # three are too few for an interval
