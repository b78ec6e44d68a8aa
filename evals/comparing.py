"""Two runs side by side: paired differences over the cases that both asked, and whether any has been shown.

Knows nothing of what the figures mean or of files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from assistant.errors import InputError
from evals.askings import Askings, by_case
from evals.metrics import Estimate, Pair, estimate_difference, estimate_statistic, mcnemar
from evals.results import Better, Measure, SampleResult
from evals.scorecard_markdown import number
from evals.suites import Suite

FEWEST = 6
"""Documents from which a difference can be shown: if 5 of 5 change the same way, chance does as much one time in 16."""


class Difference(BaseModel):
    """A figure in two runs.

    Attributes:
        first: In the first run, over the cases that both have.
        second: In the second.
        change: Second less first, with its paired 95 % interval; NaN where the cases are all of one document.
        n: Cases that both have, each once however often it was asked.
        clusters: Documents, or whatever stands or falls together, that these cases are of.
        chance: For figures of right and wrong: McNemar's exact probability of as uneven a split of cases by chance; else
            None. A case that was asked several times counts as what most of its askings were.
        verdict: "better", "worse", "changed" (where neither way is good), "no difference shown", or "too few to say".
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    suite: str
    set: str
    name: str
    title: str
    unit: str
    better: Better
    first: float
    second: float
    change: Estimate
    n: int
    clusters: int
    chance: float | None
    verdict: str


class LeftOut(BaseModel):
    """A figure that is not compared, since only one of the runs has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    suite: str
    set: str
    name: str
    title: str


class Comparison(BaseModel):
    """What two runs have in common, and what they have not.

    Attributes:
        differences: Of the figures that both have.
        alone: Results of cases that only one of them asked.
        other_questions: Results with one name in both runs and another question: these are not the same cases.
        left_out: Figures that only one of them has.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    differences: tuple[Difference, ...]
    alone: int
    other_questions: int = 0
    left_out: tuple[LeftOut, ...] = ()


Paired = Sequence[tuple[Askings, Askings]]


def compare(first: Sequence[SampleResult], second: Sequence[SampleResult], suites: Mapping[str, Suite]) -> Comparison:
    """The differences of two runs over the cases that both asked: alike in suite, set, name and question.

    Raises:
        InputError: They have no case in common.
    """
    before, after = ({case.key: case for case in by_case(run)} for run in (first, second))
    named = [(before[key], after[key]) for key in before if key in after]
    both = [(one, other) for one, other in named if one.first.question == other.first.question]
    alone, others = len(before.keys() ^ after.keys()), len(named) - len(both)
    if not both:
        raise InputError(_nothing_in_common(len(before), len(after), others))
    differences: list[Difference] = []
    left_out: list[LeftOut] = []
    for name, suite in suites.items():
        for set_name in dict.fromkeys(one.first.set for one, _ in both if one.first.suite == name):
            pairs = [pair for pair in both if pair[0].key[:2] == (name, set_name)]
            for measure in suite.measures:
                found = _difference(suite, set_name, measure, pairs)
                if isinstance(found, Difference):
                    differences.append(found)
                elif found:
                    left_out.append(found)
    return Comparison(differences=tuple(differences), alone=alone, other_questions=others, left_out=tuple(left_out))


def _nothing_in_common(first: int, second: int, others: int) -> str:
    why = f" {others:,} have the same name and another question." if others else ""
    return (
        f"The two runs have no case in common, so nothing can be compared: one has {first:,} results, the other {second:,}, "
        f"and a case is the same only where suite, set, name and question are.{why} Ask the same file of questions, under "
        "the same file name, in both."
    )


def _difference(suite: Suite, set_name: str, measure: Measure, pairs: Paired) -> Difference | LeftOut | None:
    values = measure.of or measure.name
    has = [[bool(case.pairs(values)) for case in run] for run in zip(*pairs, strict=True)]
    if not any(map(any, has)):
        return None
    if not all(map(any, has)):
        return LeftOut(suite=suite.name, set=set_name, name=measure.name, title=measure.title)
    held = [pair for pair, *had in zip(pairs, *has, strict=True) if (any if measure.quantile is None else all)(had)]
    if not held:
        return LeftOut(suite=suite.name, set=set_name, name=measure.name, title=measure.title)
    none: Pair = (0.0, 0.0)
    before, after = ([case.mean(values) or none for case in run] for run in zip(*held, strict=True))
    clusters = [one.first.cluster for one, _ in held]
    if measure.quantile is None:
        change = estimate_difference(before, after, clusters)
        was, now = (sum(one[0] for one in run) / (sum(one[1] for one in run) or math.nan) for run in (before, after))
    else:
        was, now, change = _of_quantiles(before, after, clusters, measure.quantile)
    count = len(set(clusters))
    return Difference(
        suite=suite.name,
        set=set_name,
        name=measure.name,
        title=measure.title,
        unit=measure.unit,
        better=measure.better,
        first=was,
        second=now,
        change=change,
        n=len(held),
        clusters=count,
        chance=_chance([(one.mostly(values), other.mostly(values)) for one, other in held]),
        verdict=_verdict(change, measure.better) if count >= FEWEST else "too few to say",
    )


def _of_quantiles(
    before: Sequence[Pair], after: Sequence[Pair], clusters: Sequence[str], share: float
) -> tuple[float, float, Estimate]:
    import numpy as np

    tops = [[one[0] for one in run] for run in (before, after)]
    was, now = (float(np.quantile(run, share)) for run in tops)
    change = estimate_statistic(
        lambda first, second: float(np.quantile(second, share) - np.quantile(first, share)), tops[0], tops[1], clusters
    )
    return was, now, change


def _chance(cases: Sequence[tuple[float, float]]) -> float | None:
    """McNemar's test, where every case is right or wrong in both runs."""
    if any(math.isnan(value) for case in cases for value in case):
        return None
    value = mcnemar(sum(one < other for one, other in cases), sum(one > other for one, other in cases))
    return None if math.isnan(value) else value


def _verdict(change: Estimate, better: Better) -> str:
    if math.isnan(change.mean) or not (change.low > 0 or change.high < 0):
        return "no difference shown"
    if better == "neither":
        return "changed"
    return "better" if (change.mean > 0) == (better == "high") else "worse"


def as_table(found: Comparison, *, first: str, second: str) -> str:
    """A comparison as Markdown."""
    lines = [
        f"# {second} compared with {first}",
        "",
        "Paired over the cases that both runs asked; in brackets the 95 % interval of the difference over documents. "
        "McNemar's test is given where a case is right or wrong; one that was asked several times counts as what most of "
        f"its askings were. With fewer than {FEWEST} documents no difference can be shown. Of twenty figures one differs by "
        "chance: do not pick.",
        "",
        "| suite | set | figure | first | second | difference | McNemar | n | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in found.differences:
        chance = "" if one.chance is None else f"p = {one.chance:.3f}"
        told = (_told(value, one.unit) for value in (one.first, one.second))
        cells = (one.suite, one.set, one.title, *told, _change(one.change), chance)
        lines.append(f"| {' | '.join(cells)} | {one.n:,} | {one.verdict} |")
    for left in found.left_out:
        lines += ["", f"{left.suite}, {left.set}: {left.title} is not compared, since only one run has it."]
    if found.other_questions:
        count = found.other_questions
        lines += ["", f"{count:,} results have the same name in both and another question; they are not compared."]
    if found.alone:
        lines += ["", f"{found.alone:,} results stand in one run only and are not compared."]
    return "\n".join(lines)


def _told(value: float, unit: str) -> str:
    return "undefined" if math.isnan(value) else number(value, unit)


def _change(change: Estimate) -> str:
    if math.isnan(change.mean):
        return "undefined"
    interval = "no interval" if math.isnan(change.low) else f"{_signed(change.low)} to {_signed(change.high)}"
    return f"{_signed(change.mean)} ({interval})"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
