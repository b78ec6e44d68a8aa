"""From the results of cases to figures with their intervals, set by set and kind by kind. Shows nothing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from evals.askings import Askings, by_case
from evals.metrics import (
    Estimate,
    Pair,
    adjusted_rand,
    area_under_risk,
    auroc,
    balanced_accuracy,
    calibration_error,
    divisions_agree,
    estimate_by_leaving_out,
    estimate_ratio,
    estimate_statistic,
    normalised_information,
    upper_bound,
)
from evals.metrics.curves import Values
from evals.results import Better, Curve, Measure, SampleResult
from evals.suites import Suite

SUPPORTED = "supported"
"""The class of claims that the checker lets pass, in the results of its suite."""
_ROUNDING = 1e-9


class Figure(BaseModel):
    """A figure of one suite on one set.

    Attributes:
        kind: The kind of cases it is of, "" for all.
        value: With its 95 % interval; NaN (null in JSON) when undefined.
        n: Cases that it is defined for; a case that was asked several times is one, with the mean of its askings.
        clusters: Documents, or whatever stands or falls together, that those cases are of.
        undefined: Cases that have no such figure.
        drawn: What the clusters are, such as "documents".
        upper: For rates of something bad, the one-sided 95 % upper bound, which says something also when nothing was seen.
        lower: For shares of something good of which nothing is lacking, the one-sided 95 % lower bound.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    suite: str
    set: str
    kind: str = ""
    name: str
    title: str
    meaning: str
    better: Better
    unit: str
    value: Estimate
    n: int
    clusters: int
    undefined: int = 0
    drawn: str = "documents"
    upper: float | None = None
    lower: float | None = None


def figures(results: Sequence[SampleResult], suites: Mapping[str, Suite]) -> list[Figure]:
    """Every figure of a run, in the order of suites, sets and measures."""
    found = []
    for name, suite in suites.items():
        of_suite = by_case(result for result in results if result.suite == name)
        for set_name in dict.fromkeys(case.first.set for case in of_suite):
            of_set = [case for case in of_suite if case.first.set == set_name]
            found += _of(suite, set_name, "", of_set)
            kinds = {case.first.kind for case in of_set}
            if len(kinds) > 1:
                for kind in sorted(kinds):
                    found += _of(suite, set_name, kind, [one for one in of_set if one.first.kind == kind], curves=False)
    return found


def _of(suite: Suite, set_name: str, kind: str, cases: Sequence[Askings], *, curves: bool = True) -> list[Figure]:
    found = []
    for measure in suite.measures:
        values = measure.of or measure.name
        pairs = [pair for case in cases if (pair := case.mean(values))]
        if not pairs and (kind or measure.optional):
            continue
        having = [case for case in cases if case.pairs(values)]
        clusters = [case.first.cluster for case in having]
        value = _estimate(measure, pairs, clusters)
        is_rate = measure.better == "low" and measure.unit == "share" and not any(map(math.isnan, _most(having, values)))
        upper = upper_bound(math.ceil(sum(pair[0] for pair in pairs) - _ROUNDING), len(pairs)) if is_rate else None
        is_whole = measure.better == "high" and measure.unit == "share" and all(pair[0] == pair[1] for pair in pairs)
        found.append(
            Figure(
                suite=suite.name,
                set=set_name,
                kind=kind,
                name=measure.name,
                title=measure.title,
                meaning=measure.meaning,
                better=measure.better,
                unit=measure.unit,
                value=value,
                n=len(having),
                clusters=len(set(clusters)),
                undefined=len(cases) - len(having),
                drawn=suite.drawn,
                upper=None if upper is None or math.isnan(upper) else upper,
                lower=1 - upper_bound(0, len(pairs)) if is_whole and pairs else None,
            )
        )
    return [*found, *(_curve(suite, set_name, curve, cases) for curve in suite.curves if curves)]


def _most(cases: Sequence[Askings], measure: str) -> list[float]:
    return [case.mostly(measure) for case in cases]


def _estimate(measure: Measure, pairs: Sequence[Pair], clusters: Sequence[str]) -> Estimate:
    above, below = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if measure.quantile is None:
        return estimate_ratio(above, below, clusters)
    share = measure.quantile
    return estimate_statistic(lambda values, _: float(np.quantile(values, share)), above, below, clusters)


def _curve(suite: Suite, set_name: str, curve: Curve, cases: Sequence[Askings]) -> Figure:
    """A figure over every asking, drawn with its cluster; statistics of pairs take the first asking of each case."""
    asked = [case.results[:1] if curve.statistic in OF_PAIRS else case.results for case in cases]
    having = scored(result for results in asked for result in results)
    count = len({result.id for result in having})
    clusters = [result.cluster for result in having]
    scores, labels = scores_and_labels(having)
    if curve.statistic == "balanced":  # of what readers see: a score above the threshold is not always shown as supported
        scores = np.array([float(result.got == SUPPORTED) for result in having])
    estimated = estimate_by_leaving_out if curve.statistic in OF_PAIRS else estimate_statistic
    return Figure(
        suite=suite.name,
        set=set_name,
        name=curve.name,
        title=curve.title,
        meaning=curve.meaning,
        better=curve.better,
        unit="share",
        value=estimated(STATISTICS[curve.statistic], list(scores), list(labels), clusters),
        n=count,
        clusters=len(set(clusters)),
        undefined=len(cases) - count,
        drawn=suite.drawn,
    )


def scored(results: Iterable[SampleResult]) -> list[SampleResult]:
    """The results that have a score and a label."""
    return [result for result in results if result.score is not None and result.label is not None]


def scores_and_labels(results: Sequence[SampleResult]) -> tuple[Values, Values]:
    """Scores and labels of results that have both."""
    return np.array([result.score for result in results], float), np.array([result.label for result in results], float)


STATISTICS: dict[str, Callable[[Values, Values], float]] = {
    "auroc": auroc,
    "calibration": calibration_error,
    "risk": area_under_risk,
    "balanced": balanced_accuracy,
    "rand": lambda found, planted: divisions_agree(found, planted, adjusted_rand),
    "information": lambda found, planted: divisions_agree(found, planted, normalised_information),
}

OF_PAIRS = ("rand", "information")
"""Statistics that count pairs of samples."""


class Cell(BaseModel):
    """How many cases of one class were taken for another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    expected: str
    got: str
    count: int


def confusion(results: Iterable[SampleResult]) -> list[Cell]:
    """Cells of the table of expected and found classes that are not empty."""
    counts = Counter((result.expected, result.got) for result in results if result.expected)
    return [Cell(expected=expected, got=got, count=count) for (expected, got), count in sorted(counts.items())]
