"""Two runs are compared case by case, and a difference is called one only when it has been shown."""

from __future__ import annotations

import math

import pytest

from assistant.errors import InputError
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
    comparison = compare(results(before), results(after), SUITES)
    [found] = comparison.differences
    assert (found.verdict, found.n, found.clusters, comparison.alone) == (verdict, 40, 15, 0)
    assert found.change.mean == pytest.approx(sum(after) / 40 - sum(before) / 40)


def test_mcnemar_is_given_for_right_and_wrong_only() -> None:
    [shares] = compare(results(WRONG), results(RIGHT), SUITES).differences
    assert shares.chance == pytest.approx(2 / 2**20)
    short, long = (results([words] * 40, name="words", suite="answers") for words in (3.0, 10.0))
    [lengths] = compare(short, long, SUITES).differences
    assert lengths.chance is None
    assert lengths.verdict == "changed"


def test_cases_of_one_run_only_are_counted_and_not_compared() -> None:
    found = compare(results(WRONG), results(RIGHT[:30]), SUITES)
    assert (found.differences[0].n, found.alone) == (30, 10)
    assert "10 results stand in one run only" in as_table(found, first="one", second="two")


def test_the_table_says_what_was_found() -> None:
    table = as_table(compare(results(WRONG), results(RIGHT), SUITES), first="one", second="two")
    assert "| refusal | own | false answers | 0.500 | 0.000 | −0.500 (" in table
    assert table.rstrip().endswith("| 40 | better |")


def test_medians_are_compared_too() -> None:
    before, after = (results([value] * 40, name="total", suite="speed") for value in (10.0, 20.0))
    median = next(one for one in compare(before, after, SUITES).differences if one.name == "total_p50")
    assert (median.first, median.second, median.verdict) == (10.0, 20.0, "worse")


def test_another_question_of_the_same_name_is_another_case() -> None:
    others = [one.model_copy(update={"question": "Another?"}) if int(one.id) < 25 else one for one in results(RIGHT)]
    found = compare(results(WRONG), others, SUITES)
    assert (found.differences[0].n, found.other_questions, found.alone) == (15, 25, 0)
    assert "25 results have the same name in both and another question" in as_table(found, first="one", second="two")


def test_runs_that_share_no_case_are_not_compared() -> None:
    others = [one.model_copy(update={"question": "Another?"}) for one in results(RIGHT)]
    with pytest.raises(InputError, match=r"no case in common.*40 have the same name and another question"):
        compare(results(WRONG), others, SUITES)
    with pytest.raises(InputError, match="one has 40 results, the other 0"):
        compare(results(WRONG), [], SUITES)


@pytest.mark.parametrize(("count", "verdict"), [(1, "too few to say"), (5, "too few to say"), (6, "better")])
def test_few_documents_show_no_difference_however_large(count: int, verdict: str) -> None:
    found = compare(results([1.0] * count), results([0.0] * count), SUITES)
    [difference] = found.differences
    assert (difference.verdict, difference.n) == (verdict, count)
    assert math.isnan(difference.change.low) == (count == 1)
    assert ("−1.000 (no interval)" in as_table(found, first="one", second="two")) == (count == 1)


def epochs(values: list[list[float]], *, name: str = "false_answers", suite: str = "refusal") -> list[SampleResult]:
    """Results of cases that were asked several times, one list a case."""
    of_epoch = [results([of_case[epoch] for of_case in values], name=name, suite=suite) for epoch in range(len(values[0]))]
    return [one.model_copy(update={"epoch": epoch}) for epoch, asked in enumerate(of_epoch) for one in asked]


def test_a_case_that_is_asked_ten_times_is_one_case() -> None:
    before, after = [1.0] * 20 + [0.0] * 20, [1.0] * 17 + [0.0] * 23
    [once] = compare(results(before), results(after), SUITES).differences
    [often] = compare(epochs([[one] * 10 for one in before]), epochs([[one] * 10 for one in after]), SUITES).differences
    assert once.chance == pytest.approx(0.25)
    assert often == once
    [against_one] = compare(results(before), epochs([[one] * 10 for one in after]), SUITES).differences
    assert against_one == once, "runs with other numbers of epochs can be compared"


def test_a_case_counts_as_what_most_of_its_askings_were() -> None:
    [found] = compare(epochs([[1.0, 1.0, 0.0]] * 8), epochs([[0.0, 1.0, 0.0]] * 8), SUITES).differences
    assert found.chance == pytest.approx(2 / 2**8), "eight changed from wrong to right"
    assert found.change.mean == pytest.approx(-1 / 3)


def test_a_stage_that_one_run_has_alone_is_left_out() -> None:
    before, after = (results([value] * 40, name="total", suite="speed") for value in (10.0, 20.0))
    after = [
        one.model_copy(update={"measures": {**one.measures, **({"verify": (10.0, 1.0)} if int(one.id) < 5 else {})}})
        for one in after
    ]
    found = compare(before, after, SUITES)
    assert {one.name for one in found.differences} == {"total_p50", "total_p95"}
    assert [one.name for one in found.left_out] == ["verify_p50", "verify_p95"]
    assert "of which verify, p50 is not compared, since only one run has it." in as_table(found, first="one", second="two")
    both = [one.model_copy(update={"measures": {**one.measures, "verify": (10.0, 1.0)}}) for one in before]
    median = next(one for one in compare(both, after, SUITES).differences if one.name == "verify_p50")
    assert (median.first, median.second, median.n) == (10.0, 10.0, 5), "only cases that have it in both are compared"
