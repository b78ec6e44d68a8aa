"""The suites over consultations, asked of a small one on a bus service whose themes a reader can see."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.consult import Position, Theme
from evals.cases import Case, CaseSet
from evals.consult_measures import coverage, leads, led_by_chance, overlap_f1
from evals.consultations import LIBRARY, Planted, Topic, library
from evals.consulting import Worked, largest, members_of
from evals.figures import figures
from evals.gate import read_thresholds
from evals.guidance import Shelf
from evals.metrics import A_PART, adjusted_rand, divisions_agree, estimate_by_leaving_out, normalised_information
from evals.observing import Observer
from evals.results import SampleResult
from evals.sets import SETS, cases_of_consultation, load_set
from evals.suites import key_points, mapping, positions, themes
from evals.suites.known import SUITES
from evals.suites.suite import Asked
from tests.conftest import settings_in
from tests.consult.conftest import REASONS

WORDINGS = {
    "fares": ("High fares", "tickets cost too much"),
    "evenings": ("Evening buses", "there should be later buses at night"),
    "access": ("Wheelchair access", "no room and broken ramps for wheelchair users"),
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Fifteen responses of which five have each theme; one side of the question each for two themes."""
    texts = {f"{name}-{number}": text for name, said in REASONS.items() for number, text in enumerate(said)}
    file = tmp_path_factory.mktemp("planted") / "responses.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["Response ID", "Why do you say so?"], *texts.items()])
    return Planted(
        part="buses",
        asked="",
        texts=texts,
        themes=tuple(Theme(name, title, told) for name, (title, told) in WORDINGS.items()),
        gold={key: frozenset({key.partition("-")[0]}) for key in texts},
        rich={key: key.startswith("fares") for key in texts},
        campaigns={"fares-0": "cheaper", "fares-1": "cheaper"},
        file=file,
    )


@pytest.fixture(scope="module")
def buses(planted: Planted) -> CaseSet:
    return CaseSet("buses", tuple(cases_of_consultation("buses", planted)), "corpus", consultations={"buses": planted})


@pytest.fixture(scope="module")
def observer(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Observer]:
    with Shelf(settings_in(tmp_path_factory.mktemp("room") / "data", model_cache)) as shelf:
        yield Observer(shelf)


@pytest.fixture(scope="module")
def results(buses: CaseSet, observer: Observer) -> dict[str, SampleResult]:
    """Every result of the suites, by suite and what was looked at."""
    found = {}
    for suite in (themes.SUITE, mapping.SUITE, positions.SUITE):
        for case in filter(suite.select, buses.cases):
            assert case.consultation is not None
            found[f"{suite.name} {case.consultation.key}"] = suite.score(Asked(case, buses, observer))
    return found


def test_a_response_is_scored_by_the_themes_that_it_has(results: dict[str, SampleResult]) -> None:
    result = results["mapping evenings-0"]

    assert result.measures["f1"] == (1.0, 1.0)
    assert result.measures["micro"] == (2.0, 2.0)
    assert result.measures["accounted"] == (1.0, 1.0)
    assert (result.shown, result.evidence) == ("Evening buses", ("Evening buses",))
    assert "f1_corrected" not in result.measures, "fifteen responses leave none to measure after twenty corrections a theme"


def test_a_planted_theme_is_found_with_its_weight_and_its_own_title_tells_it(results: dict[str, SampleResult]) -> None:
    measures = results["themes access"].measures

    assert measures["leading"] == (5.0, 5.0)
    assert measures["reference_tells"][0] > 0.9
    assert measures["mapping_f1"][0] > 0.7


def test_what_random_groups_find_is_told_and_taken_off(results: dict[str, SampleResult]) -> None:
    found = {one.name: one.value.mean for one in figures(list(results.values()), {"themes": themes.SUITE})}

    assert 0 < found["by_chance"] < 1
    assert found["above_chance"] == pytest.approx((found["leading"] - found["by_chance"]) / (1 - found["by_chance"]))


def test_the_gate_bars_divisions_by_chance_though_every_planted_theme_leads_one(planted: Planted) -> None:
    assert {one.figure for one in read_thresholds() if one.suite == "themes"} >= {"leading", "above_chance", "ari"}
    groups = [frozenset([one]) for one in planted.texts]
    gold = members_of(planted)
    chance = led_by_chance([1] * len(groups), list(planted.texts), gold)
    assert coverage(groups, gold).leading == 1
    assert min(chance.values()) > 0.9
    numbers = np.arange(len(planted.texts), dtype=float)
    right = np.array([float(list(gold).index(key.partition("-")[0])) for key in planted.texts])
    assert abs(adjusted_rand(numbers, right)) < 0.01


def test_themes_come_again_with_every_seed(results: dict[str, SampleResult]) -> None:
    assert results["themes 0"].measures["number"] == (1.0, 1.0)
    assert results["themes 0"].measures["rand_between"][0] >= 0.8


def test_groups_of_responses_are_compared_with_the_planted_ones(results: dict[str, SampleResult], buses: CaseSet) -> None:
    found = {one.name: one for one in figures(list(results.values()), {"themes": themes.SUITE})}

    assert found["ari"].n == found["nmi"].n == 15
    assert found["ari"].value.low <= found["ari"].value.mean <= found["ari"].value.high <= 1


def test_evidence_is_counted_among_what_is_called_so_and_among_what_is(results: dict[str, SampleResult]) -> None:
    told = [results[f"positions {name}-{number}"].measures for name in REASONS for number in range(5)]

    assert all(one["rich_share"][1] == 1 for one in told)
    assert sum(one["rich_share"][0] for one in told) == 5
    assert all(("rich_precision" in one) or one["rich_right"][0] == 1 - one["rich_share"][0] for one in told)


def test_a_ticked_box_is_hidden_and_told_by_the_words(planted: Planted, observer: Observer) -> None:
    sides = replace(planted, positions={"fares-0": Position.AGREE, "access-0": Position.DISAGREE})
    cases = CaseSet("buses", tuple(cases_of_consultation("buses", sides)), "corpus", consultations={"buses": sides})
    asked = next(one for one in cases.cases if one.consultation and one.consultation.key == "fares-0")
    result = positions.score(Asked(asked, cases, observer))

    assert (result.expected, result.got) == ("agree", "unclear")
    assert result.measures["decided"] == (0.0, 1.0)
    assert "right" not in result.measures, "nothing was decided"


def test_those_of_one_campaign_stand_or_fall_together(buses: CaseSet) -> None:
    clusters = {
        one.consultation.key: one.cluster for one in buses.cases if one.consultation and one.consultation.what == "response"
    }

    assert clusters["fares-0"] == clusters["fares-1"] != clusters["fares-2"]


def test_private_words_get_into_no_result(planted: Planted, observer: Observer) -> None:
    private = replace(planted, is_private=True)
    cases = CaseSet("buses", tuple(cases_of_consultation("buses", private)), "corpus", consultations={"buses": private})
    responses = [one for one in cases.cases if one.consultation and one.consultation.what == "response"]
    written = "".join(mapping.score(Asked(one, cases, observer)).model_dump_json() for one in responses)

    assert responses
    assert not any(text in written for text in planted.texts.values())


def test_after_corrections_the_rest_is_mapped_better(planted: Planted, observer: Observer) -> None:
    """Labels that mean something else than their names, so that only corrections can tell."""
    turned = {"fares": "evenings", "evenings": "access", "access": "fares"}
    many = {f"{key} {copy}": f"{text} {copy}." for copy in range(30) for key, text in planted.texts.items()}
    gold = {key: frozenset({turned[key.partition("-")[0]]}) for key in many}
    work = Worked(replace(planted, texts=many, gold=gold), observer.shelf.settings, observer.room.embedder)

    def right(found: dict[str, frozenset[str]]) -> float:
        return float(np.mean([overlap_f1(found[key], gold[key]) for key in many]))

    assert right(work.by_name) < 0.5 < right(work.after_corrections)


def test_corrections_teach_nothing_of_the_responses_that_are_measured(planted: Planted, observer: Observer) -> None:
    """Labels by lot cannot be foretold; whoever learnt from those that are measured would know them."""
    rng = np.random.default_rng(0)
    many = {f"{key} {copy}": f"{text} {copy}." for copy in range(6) for key, text in planted.texts.items()}
    gold = {key: frozenset({list(WORDINGS)[int(rng.integers(3))]}) for key in many}
    work = Worked(replace(planted, texts=many, gold=gold), observer.shelf.settings, observer.room.embedder)

    assert np.mean([overlap_f1(work.after_corrections[key], gold[key]) for key in many]) < 0.6


def test_the_boxes_ticked_in_the_invented_consultation_are_hidden_from_what_is_measured(observer: Observer) -> None:
    (one,) = library(LIBRARY)
    formed = Worked(one, observer.shelf.settings, observer.room.embedder).formed
    told = {key: side for key, side in one.positions.items() if key in formed.positions}

    assert {key: formed.positions[key] for key in told} == told, "what was ticked decides"
    decided = [key for key in told if formed.by_words[key] is not Position.UNCLEAR]
    assert 0.05 < len(decided) / len(told) < 0.3, "words alone decide few"
    learnt = [side is told[key] for key, found in formed.by_others.items() if key in told for side in found]
    assert 0.5 < np.mean(learnt) < 0.9, "a quarter of the boxes tells much of the others, and not all"


def test_arguments_are_matched_to_key_points(observer: Observer) -> None:
    topic = Topic(
        "Buses, for",
        tuple(REASONS["fares"][:2] + REASONS["evenings"][:2]),
        ("Tickets cost too much.", "There should be later buses in the evening."),
        {(at, point): (at < 2) == (point == 0) for at in range(4) for point in range(2)},
    )
    case = Case(
        id="1", set="ibm_kpa", question="Buses", consultation={"part": "Buses, for", "what": "topic"}, group="Buses"
    )  # fmt: skip
    result = key_points.score(Asked(case, CaseSet("ibm_kpa", (case,), "corpus", topics={"Buses, for": topic}), observer))

    assert result.measures == {"strict": (1.0, 1.0), "relaxed": (1.0, 1.0)}


def test_the_invented_consultation_ships_with_its_sides_and_campaigns() -> None:
    (one,) = library(LIBRARY)

    assert len(one.texts) == 300
    assert {str(side) for side in one.positions.values()} == {"agree", "disagree", "unclear"}
    assert len(set(one.campaigns.values())) == 2
    assert set().union(*one.gold.values()) == {theme.id for theme in one.themes}


def test_setscases_of_consultations_are_taken_by_their_suites() -> None:
    found = load_set("library")

    assert isinstance(found, CaseSet)
    assert sum(map(mapping.SUITE.select, found.cases)) == 300
    assert {"themes", "mapping", "positions", "key_points"} <= set(SUITES)
    assert {"library", "themefinder", "nhs_fft", "ibm_kpa"} <= set(SETS)


def test_a_candidate_leads_to_a_theme_that_a_third_of_it_has_and_no_other_more() -> None:
    gold = {"a": {1, 2, 3}, "b": {4, 5}}

    assert leads({1, 2, 4}, "a", gold)
    assert not leads({1, 2, 4}, "b", gold)
    assert not leads({1, 6, 7, 8}, "a", gold), "a quarter of it is too little"
    assert not leads({9}, "a", gold)


def test_sets_with_nothing_in_either_have_no_overlap_to_measure() -> None:
    assert math.isnan(overlap_f1(set(), set()))
    assert overlap_f1({1}, set()) == 0
    assert overlap_f1({1, 2}, {2}) == pytest.approx(2 / 3)


def test_of_overlapping_sets_the_largest_is_taken() -> None:
    assert largest({"few": ["a"], "many": ["a", "b"]}, ["a", "c"]) == {"a": "many", "c": ""}


def test_the_same_division_agrees_wholly_whatever_its_groups_are_called() -> None:
    one, same = np.array([0, 0, 1, 1.0]), np.array([7, 7, 3, 3.0])

    assert adjusted_rand(one, same) == normalised_information(one, same) == 1


def test_the_index_of_hubert_and_arabie_by_hand() -> None:
    """Groups of 2 and 3 against 3 and 2 with one moved: 2 pairs together in both, 4 in each, 10 in all."""
    found, right = np.array([0, 0, 1, 1, 1.0]), np.array([0, 0, 0, 1, 1.0])

    assert adjusted_rand(found, right) == pytest.approx((2 - 4 * 4 / 10) / (4 - 4 * 4 / 10))


def test_telling_parts_apart_is_no_merit() -> None:
    right = np.array([0, 0, 1, 1, A_PART, A_PART, A_PART + 1, A_PART + 1])
    found = np.array([0, 0, 0, 0, A_PART, A_PART, A_PART, A_PART])

    assert divisions_agree(found, right, adjusted_rand) == 0
    assert adjusted_rand(found, right) > 0.3


def test_an_interval_from_leaving_out_is_that_of_the_mean_where_the_statistic_is_one() -> None:
    values = [1.0, 2.0, 4.0, 9.0]
    found = estimate_by_leaving_out(lambda scores, _: float(scores.mean()), values, values, ["a", "b", "c", "d"])
    error = float(np.std(values, ddof=1)) / 2

    assert found.mean == 4
    assert found.low == pytest.approx(4 - 1.96 * error)
    assert found.high == 1.0, "such statistics are 1 at most"
    assert math.isnan(estimate_by_leaving_out(lambda scores, _: 1.0, values, values, ["a"] * 4).low)
