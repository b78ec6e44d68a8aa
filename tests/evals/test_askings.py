"""A case that is asked several times is one case in every figure."""

from __future__ import annotations

import math

import pytest

from evals.askings import by_case
from evals.figures import Figure, figures
from evals.metrics import Pair, upper_bound
from evals.results import SampleResult
from evals.suites.known import SUITES


def result(id: str, epoch: int, measures: dict[str, Pair], *, suite: str = "refusal", score: float = 0.0) -> SampleResult:
    return SampleResult(
        suite=suite, set="own", id=id, epoch=epoch, cluster=f"page {id}", question="?", measures=measures, score=score,
        label=float(int(id) % 2),
    )  # fmt: skip


def figure(results: list[SampleResult], name: str) -> Figure:
    return next(one for one in figures(results, SUITES) if one.name == name and not one.kind)


def test_three_questions_asked_twenty_times_are_three() -> None:
    asked = [result(str(n), epoch, {"false_answers": (0.0, 1.0)}) for epoch in range(20) for n in range(3)]
    found = figure(asked, "false_answers")
    assert (found.n, found.clusters, found.value.mean) == (3, 3, 0)
    assert found.upper == pytest.approx(upper_bound(0, 3))
    assert figure(asked, "recall").undefined == 3
    whole = [result(str(n), epoch, {"recall": (1.0, 1.0)}) for epoch in range(20) for n in range(3)]
    assert figure(whole, "recall").lower == pytest.approx(1 - upper_bound(0, 3))


def test_a_rate_of_some_askings_is_bounded_as_one_of_cases() -> None:
    asked = [result(str(n), epoch, {"false_answers": (float(epoch == n == 0), 1.0)}) for epoch in range(3) for n in range(5)]
    found = figure(asked, "false_answers")
    assert found.value.mean == pytest.approx(1 / 15)
    assert found.upper == pytest.approx(upper_bound(1, 5))


def test_the_askings_that_have_a_measure_are_averaged() -> None:
    asked = [
        result("1", 0, {"precision": (1.0, 2.0)}, suite="answers"),
        result("1", 1, {"precision": (3.0, 4.0)}, suite="answers"),
        result("1", 2, {}, suite="answers"),
        result("2", 0, {"precision": (0.0, 3.0)}, suite="answers"),
    ]
    [one, _] = by_case(asked)
    assert one.mean("precision") == (2.0, 3.0)
    assert one.mean("recall") is None
    assert math.isnan(one.mostly("precision")), "it is none of right and wrong"
    found = figure(asked, "precision")
    assert found.n == 2
    assert found.value.mean == pytest.approx(2 / 6)


def test_curves_count_cases_and_pairs_of_them() -> None:
    asked = [result(str(n), epoch, {}, score=n / 20) for epoch in range(5) for n in range(20)]
    assert figure(asked, "risk_area").n == 20
    groups = [result(str(n), epoch, {}, suite="themes", score=n % 3) for epoch in range(5) for n in range(20)]
    once = [one for one in groups if not one.epoch]
    assert figure(groups, "ari") == figure(once, "ari")


def test_of_one_document_there_is_no_interval() -> None:
    asked = [result(str(n), 0, {"recall": (n / 4, 1.0)}).model_copy(update={"cluster": "page"}) for n in range(4)]
    found = figure(asked, "recall")
    assert found.value.mean == pytest.approx(0.375)
    assert math.isnan(found.value.low)
    assert math.isnan(found.value.high)
