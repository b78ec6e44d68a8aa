"""Two runs side by side: paired differences over the cases that both asked, and whether any has been shown.

Knows nothing of what the figures mean or of files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from evals.metrics import Estimate, Pair, estimate_difference, estimate_statistic, mcnemar
from evals.results import Better, Measure, SampleResult
from evals.scorecard_markdown import number
from evals.suites import Suite


class Difference(BaseModel):
    """A figure in two runs.

    Attributes:
        first: In the first run, over the cases that both have.
        second: In the second.
        change: Second less first, with its paired 95 % interval.
        n: Cases that both have.
        chance: For figures of right and wrong: McNemar's exact probability of as uneven a split by chance; else None.
        verdict: "better", "worse", "changed" (where neither way is good) or "no difference shown".
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
    chance: float | None
    verdict: str


def compare(
    first: Sequence[SampleResult], second: Sequence[SampleResult], suites: Mapping[str, Suite]
) -> tuple[list[Difference], int]:
    """The differences of two runs, and how many cases only one of them has."""
    before, after = ({one.key: one for one in run} for run in (first, second))
    both = [key for key in before if key in after]
    differences = []
    for name, suite in suites.items():
        for set_name in dict.fromkeys(key[1] for key in both if key[0] == name):
            pairs = [(before[key], after[key]) for key in both if key[:2] == (name, set_name)]
            differences += [found for measure in suite.measures if (found := _difference(suite, set_name, measure, pairs))]
    return differences, len(before.keys() ^ after.keys())


def _difference(
    suite: Suite, set_name: str, measure: Measure, pairs: Sequence[tuple[SampleResult, SampleResult]]
) -> Difference | None:
    values = measure.of or measure.name
    none: Pair = (0.0, 0.0)
    held = [pair for pair in pairs if any(values in one.measures for one in pair)]
    if not held:
        return None
    before, after = ([pair[which].measures.get(values, none) for pair in held] for which in (0, 1))
    clusters = [pair[0].cluster for pair in held]
    if measure.quantile is None:
        change = estimate_difference(before, after, clusters)
        was, now = (sum(one[0] for one in run) / (sum(one[1] for one in run) or math.nan) for run in (before, after))
    else:
        was, now, change = _of_quantiles(before, after, clusters, measure.quantile)
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
        chance=_chance(before, after),
        verdict=_verdict(change, measure.better),
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


def _chance(before: Sequence[Pair], after: Sequence[Pair]) -> float | None:
    """McNemar's test, where every case is right or wrong in both runs."""
    if any(pair not in {(0.0, 1.0), (1.0, 1.0)} for pair in (*before, *after)):
        return None
    gained = sum(one[0] < other[0] for one, other in zip(before, after, strict=True))
    lost = sum(one[0] > other[0] for one, other in zip(before, after, strict=True))
    value = mcnemar(gained, lost)
    return None if math.isnan(value) else value


def _verdict(change: Estimate, better: Better) -> str:
    if math.isnan(change.mean) or not (change.low > 0 or change.high < 0):
        return "no difference shown"
    if better == "neither":
        return "changed"
    return "better" if (change.mean > 0) == (better == "high") else "worse"


def as_table(differences: Sequence[Difference], *, alone: int, first: str, second: str) -> str:
    """A comparison as Markdown."""
    lines = [
        f"# {second} compared with {first}",
        "",
        "Paired over the cases that both runs asked; in brackets the 95 % interval of the difference over documents. "
        "McNemar's test is given where a case is right or wrong. Of twenty figures one differs by chance: do not pick.",
        "",
        "| suite | set | figure | first | second | difference | McNemar | n | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in differences:
        interval = f"{_signed(one.change.mean)} ({_signed(one.change.low)} to {_signed(one.change.high)})"
        chance = "" if one.chance is None else f"p = {one.chance:.3f}"
        cells = (one.suite, one.set, one.title, _told(one.first, one.unit), _told(one.second, one.unit), interval, chance)
        lines.append(f"| {' | '.join(cells)} | {one.n:,} | {one.verdict} |")
    if alone:
        lines += ["", f"{alone:,} results stand in one run only and are not compared."]
    return "\n".join(lines)


def _told(value: float, unit: str) -> str:
    return "undefined" if math.isnan(value) else number(value, unit)


def _signed(value: float) -> str:
    return "undefined" if math.isnan(value) else f"{value:+.3f}".replace("-", "−")
