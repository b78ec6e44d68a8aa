"""What each part is worth: the parts are really taken away, and what their absence does is counted the right way round."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.grounding import PassageText
from assistant.settings import Settings
from evals.cases import Case, CaseSet
from evals.checker_sets import Labelled
from evals.figures import figures
from evals.guidance import Shelf
from evals.observing import Observer
from evals.results import SampleResult
from evals.suites import ablations
from evals.suites.known import SUITES, suites_named
from evals.suites.suite import Asked

GROUND = PassageText("Lighthouse keepers have 31 days of paid leave in each leave year.")


def claim(text: str, *, true: bool) -> Case:
    labelled = Labelled("made up", "", "one", (text,), (GROUND,), "", true)
    return Case(id=text, set="claims", question=text, labelled=labelled)


def scored(case: Case, settings: Settings) -> SampleResult:
    with Shelf(settings) as shelf:
        return ablations.score(Asked(case, CaseSet(case.set, (case,)), Observer(shelf)))


@pytest.mark.usefixtures("_live")
def test_without_its_look_at_quantities_the_checker_lets_a_wrong_figure_pass(small_settings: Settings) -> None:
    wrong = scored(claim("Lighthouse keepers have 41 days of paid leave in each leave year.", true=False), small_settings)
    assert wrong.measures["caught"] == (1.0, 1.0)
    assert wrong.measures["caught_duties"] == (0.0, 1.0), "nothing of duties was wrong"
    assert wrong.measures["caught_score_alone"] == (-1.0, 1.0), "a wrong figure is near in meaning"
    assert "withheld" not in wrong.measures, "only what is true can be withheld wrongly"
    right = scored(claim("Lighthouse keepers have 31 days of paid leave in each leave year.", true=True), small_settings)
    assert right.measures["withheld"] == (0.0, 1.0)
    assert right.measures["withheld_facts_alone"] == (0.0, 1.0)


@pytest.mark.usefixtures("_live")
def test_each_change_of_the_search_is_measured_against_the_search_in_force(small_settings: Settings) -> None:
    evidence = "Lighthouse keepers have 31 days of paid leave in each leave year."
    case = Case(id="1", set="own", question="How many days of leave do lighthouse keepers have?", evidence=(evidence,))
    found = scored(case, small_settings).measures
    assert found["found"] == (1.0, 1.0)
    assert {name for name in found if name.startswith("found_")} == {
        "found_dense_only", "found_bm25_only", "found_equal_weights", "found_no_page_weight", "found_few_candidates",
        "found_neighbours",
    }, "the live index is not made anew, and no reranker is set"  # fmt: skip
    told = {figure.name for figure in figures([scored(case, small_settings)], {"ablations": ablations.SUITE})}
    assert "caught" not in told, "questions have nothing for the checker"


def test_ablations_are_run_only_when_they_are_named() -> None:
    assert "ablations" not in {suite.name for suite in suites_named([])}
    assert {suite.name for suite in suites_named(["all"])} == set(SUITES)


@pytest.fixture
def _live(monkeypatch: pytest.MonkeyPatch, small_settings: Settings) -> None:
    monkeypatch.setenv("BERNARD_DATA_DIR", str(small_settings.data_dir))


def test_a_shelf_with_other_passages_is_another_index_of_the_same_notes(tmp_path: Path) -> None:
    with Shelf(Settings(data_dir=tmp_path)) as shelf:
        other = shelf.changed("passages", {"target_words": 30, "max_words": 80})
        assert other.settings.passages.target_words == 30
        assert shelf.settings.passages.target_words == 60
        assert shelf.changed("passages", {"max_words": 80, "target_words": 30}) is other
