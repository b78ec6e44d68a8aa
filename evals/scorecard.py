"""One run as a scorecard: figures, tables of classes, curves, the worst cases, what was left out. Knows no file format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from evals.figures import Cell, Figure, confusion, figures, scored, scores_and_labels
from evals.metrics import reliability, risk_coverage
from evals.results import SampleResult
from evals.run_folder import About
from evals.suites import Suite

HEADLINES = (
    ("retrieval", "found_500"), ("answers", "recall"), ("answers", "precision"), ("grounding", "citation_recall"),
    ("grounding", "quotes"), ("refusal", "false_answers"), ("refusal", "over_refusal"), ("conversation", "right"),
    ("injection", "success"), ("currency", "recall"), ("checker", "caught"), ("checker", "withheld"), ("personal", "recall"),
    ("themes", "leading"), ("mapping", "f1"),
)  # fmt: skip
"""Suite and name of the figures that a reader wants first."""
_WORST = 8
_LEAST_BAD = 0.05
_POINTS = 100


class Plot(BaseModel):
    """Points of a curve.

    Attributes:
        kind: "risk" (coverage, risk) or "reliability" (score, share).
        weights: How many cases each point stands for; empty where that is not said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    suite: str
    set: str
    points: tuple[tuple[float, float], ...]
    weights: tuple[int, ...] = ()


class Table(BaseModel):
    """Expected and found classes of one suite on one set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    suite: str
    set: str
    cells: tuple[Cell, ...]


class Scorecard(BaseModel):
    """Everything that is shown of a run."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    about: About
    suites: dict[str, str]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    plots: tuple[Plot, ...]
    worst: tuple[SampleResult, ...]


def make_scorecard(about: About, results: Sequence[SampleResult], suites: Mapping[str, Suite]) -> Scorecard:
    """The scorecard of a run, from its results."""
    ran = {name: suite for name, suite in suites.items() if any(result.suite == name for result in results)}
    return Scorecard(
        about=about,
        suites={name: suite.asks for name, suite in ran.items()},
        figures=tuple(figures(results, ran)),
        tables=tuple(
            Table(suite=suite, set=set_name, cells=tuple(confusion(of_set)))
            for suite, set_name, of_set in _by_set(results)
            if suite in ran and ran[suite].classes
        ),
        plots=tuple(
            plot
            for suite, set_name, of_set in _by_set(results)
            if suite in ran
            for plot in _plots(ran[suite], set_name, of_set)
        ),
        worst=tuple(worst(results)),
    )


def worst(results: Iterable[SampleResult], *, each: int = _WORST) -> list[SampleResult]:
    """The worst cases of every suite, the worst first; none that are sound, none twice."""
    found: list[SampleResult] = []
    held = list(results)
    for suite in dict.fromkeys(result.suite for result in held):
        bad = [one for one in held if one.suite == suite and one.badness > _LEAST_BAD and not one.epoch]
        found += sorted(bad, key=lambda one: (-one.badness, one.set, one.id))[:each]
    return found


def _by_set(results: Sequence[SampleResult]) -> Iterable[tuple[str, str, list[SampleResult]]]:
    keys = dict.fromkeys((result.suite, result.set) for result in results)
    return [(suite, name, [one for one in results if (one.suite, one.set) == (suite, name)]) for suite, name in keys]


def _plots(suite: Suite, set_name: str, results: Sequence[SampleResult]) -> list[Plot]:
    statistics = {curve.statistic for curve in suite.curves}
    having = scored(results)
    if not having:
        return []
    scores, labels = scores_and_labels(having)
    plots = []
    if "risk" in statistics:
        coverage, risk = risk_coverage(scores, labels)
        step = max(1, len(coverage) // _POINTS)
        points = tuple((float(x), float(y)) for x, y in zip(coverage[::step], risk[::step], strict=True))
        plots.append(Plot(kind="risk", suite=suite.name, set=set_name, points=points))
    if "calibration" in statistics:
        bins = reliability(scores, labels)
        points = tuple((mean, share) for mean, share, _ in bins)
        weights = tuple(count for *_, count in bins)
        plots.append(Plot(kind="reliability", suite=suite.name, set=set_name, points=points, weights=weights))
    return plots
