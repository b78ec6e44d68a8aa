"""Two runs are compared case by case, and a difference is called one only when it has been shown."""

from __future__ import annotations

import pytest

from evals.comparing import as_table, compare
from evals.results import SampleResult
from evals.suites.known import SUITES


def results(values: list[float], *, name: str = "false_answers", suite: str = "refusal") -> list[SampleResult]:
    return [
        SampleResult(
            suite=suite,
            set="own",
            id=str(number),
            cluster=f"page {number % 15}",
            question="?",
            measures={name: (value, 1.0)},
        )
        for number, value in enumerate(values)
    ]


WRONG, RIGHT = [1.0] * 20 + [0.0] * 20, [0.0] * 40


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (WRONG, RIGHT, "better"),
        (RIGHT, WRONG, "worse"),
        (WRONG, WRONG, "no difference shown"),
        (RIGHT, [1.0, *RIGHT[1:]], "no difference shown"),
    ],
)
def test_fewer_false_answers_are_better(before: list[float], after: list[float], verdict: str) -> None:
    [found], alone = compare(results(before), results(after), SUITES)
    assert (found.verdict, found.n, alone) == (verdict, 40, 0)
    assert found.change.mean == pytest.approx(sum(after) / 40 - sum(before) / 40)


def test_mcnemar_is_given_for_right_and_wrong_only() -> None:
    [shares], _ = compare(results(WRONG), results(RIGHT), SUITES)
    assert shares.chance == pytest.approx(2 / 2**20)
    short, long = (results([words] * 40, name="words", suite="answers") for words in (3.0, 10.0))
    [lengths], _ = compare(short, long, SUITES)
    assert lengths.chance is None
    assert lengths.verdict == "changed"


def test_cases_of_one_run_only_are_counted_and_not_compared() -> None:
    [found], alone = compare(results(WRONG), results(RIGHT[:30]), SUITES)
    assert (found.n, alone) == (30, 10)
    assert "10 results stand in one run only" in as_table([found], alone=alone, first="one", second="two")


def test_the_table_says_what_was_found() -> None:
    differences, alone = compare(results(WRONG), results(RIGHT), SUITES)
    table = as_table(differences, alone=alone, first="one", second="two")
    assert "| refusal | own | false answers | 0.500 | 0.000 | −0.500 (" in table
    assert table.rstrip().endswith("| 40 | better |")


def test_medians_are_compared_too() -> None:
    before, after = (results([value] * 40, name="total", suite="speed") for value in (10.0, 20.0))
    differences, _ = compare(before, after, SUITES)
    median = next(one for one in differences if one.name == "total_p50")
    assert (median.first, median.second, median.verdict) == (10.0, 20.0, "worse")
