"""Figures with 95 % intervals from a bootstrap that draws whole clusters, and differences of two runs.

Every figure is a ratio of two sums over samples (a mean is one whose denominators are 1), so that one rule serves all.
Knows nothing of what the figures mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

RESAMPLES = 4000
_RESAMPLES_OF_CURVES = 500
_FEWEST = 2
"""Clusters from which an interval can be had: every draw of a single one is itself, which says nothing of others."""
Values = npt.NDArray[np.float64]


class Estimate(BaseModel):
    """A mean with its 95 % interval; the interval is NaN where too little was seen to tell one."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    mean: float
    low: float
    high: float


_UNDEFINED = Estimate(mean=math.nan, low=math.nan, high=math.nan)


def estimate(values: Sequence[float], clusters: Sequence[str], *, seed: int = 0) -> Estimate:
    """Mean with the 95 % percentile interval of a bootstrap that draws whole clusters.

    Questions on one page stand or fall together, so drawing them one by one would make the interval too narrow. Values
    that are differences give the interval of a paired difference.

    Args:
        values: One a question.
        clusters: What each question belongs to, here its page.
        seed: Of the draws; the same values always give the same interval.
    """
    if not values:
        return Estimate(mean=math.nan, low=math.nan, high=math.nan)
    names = {name: number for number, name in enumerate(dict.fromkeys(clusters))}
    of_value = np.array([names[name] for name in clusters])
    sums = np.bincount(of_value, weights=np.asarray(values, dtype=np.float64))
    counts = np.bincount(of_value)
    draws = np.random.default_rng(seed).integers(0, len(names), size=(RESAMPLES, len(names)))
    means = sums[draws].sum(axis=1) / counts[draws].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(mean=float(np.mean(values)), low=float(low), high=float(high))


def estimate_ratio(
    numerators: Sequence[float], denominators: Sequence[float], clusters: Sequence[str], *, seed: int = 0
) -> Estimate:
    """Sum of numerators ÷ sum of denominators, with the percentile interval of a bootstrap over clusters.

    NaN where the denominators sum to 0: nothing was there to measure. A single cluster has no interval. Draws that are
    undefined are left out.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13; the ratio of cluster totals is
    resampled, since samples of one cluster stand or fall together.
    """
    if not sum(denominators):
        return _UNDEFINED
    value = sum(numerators) / sum(denominators)
    if len(set(clusters)) < _FEWEST:
        return Estimate(mean=value, low=math.nan, high=math.nan)
    above, below, draws = _totals(numerators, denominators, clusters, seed)
    return _interval(value, _ratio(draws @ above, draws @ below))


def estimate_difference(
    first: Sequence[tuple[float, float]], second: Sequence[tuple[float, float]], clusters: Sequence[str], *, seed: int = 0
) -> Estimate:
    """Second less first of two ratios over the same samples: both are drawn together, so the difference is paired.

    Args:
        first: (numerator, denominator) a sample.
        second: The same of the other run, in the same order.
        clusters: What each sample belongs to.
        seed: Of the draws.
    """
    above = [sum(one[0] for one in run) for run in (first, second)]
    below = [sum(one[1] for one in run) for run in (first, second)]
    if not all(below):
        return _UNDEFINED
    value = above[1] / below[1] - above[0] / below[0]
    if len(set(clusters)) < _FEWEST:
        return Estimate(mean=value, low=math.nan, high=math.nan)
    drawn = []
    for run in (first, second):
        tops, bottoms, draws = _totals([one[0] for one in run], [one[1] for one in run], clusters, seed)
        drawn.append(_ratio(draws @ tops, draws @ bottoms))
    return _interval(value, drawn[1] - drawn[0])


def estimate_statistic(
    statistic: Callable[[Values, Values], float],
    scores: Sequence[float],
    labels: Sequence[float],
    clusters: Sequence[str],
    *,
    seed: int = 0,
) -> Estimate:
    """Any statistic of scores with labels, such as an area under a curve, bootstrapped over clusters (500 draws)."""
    of_score, of_label = np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    value = statistic(of_score, of_label) if len(of_score) else math.nan
    if math.isnan(value):
        return _UNDEFINED
    numbers, count = _numbered(clusters)
    if count < _FEWEST:
        return Estimate(mean=value, low=math.nan, high=math.nan)
    members = [np.flatnonzero(numbers == number) for number in range(count)]
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(_RESAMPLES_OF_CURVES):
        rows = np.concatenate([members[number] for number in random.integers(0, count, count)])
        drawn.append(statistic(of_score[rows], of_label[rows]))
    return _interval(value, np.array(drawn))


def estimate_by_leaving_out(
    statistic: Callable[[Values, Values], float], scores: Sequence[float], labels: Sequence[float], clusters: Sequence[str]
) -> Estimate:
    """A statistic that counts pairs of samples, with a 95 % interval from leaving out each cluster in turn.

    A bootstrap draws the same sample twice, which such a statistic takes for agreement. The interval is the value ± 1.96
    standard errors, cut at 1. NaN for a single cluster.

    Source: the jackknife of Tukey; Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 11.
    """
    of_score, of_label = np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    if not len(of_score):
        return _UNDEFINED
    numbers, count = _numbered(clusters)
    value = statistic(of_score, of_label)
    if count < 2:
        return Estimate(mean=value, low=math.nan, high=math.nan)
    left = np.array([statistic(of_score[numbers != one], of_label[numbers != one]) for one in range(count)])
    error = math.sqrt((count - 1) / count * float(((left - left.mean()) ** 2).sum()))
    return Estimate(mean=value, low=value - 1.96 * error, high=min(1.0, value + 1.96 * error))


def mcnemar(gained: int, lost: int) -> float:
    """Two-sided exact probability that as uneven a split of the changed samples comes by chance.

    Source: McNemar, Psychometrika 12 (1947); exact by the binomial distribution with p = 1/2. NaN when nothing changed.

    Args:
        gained: Samples that were wrong in the first run and right in the second.
        lost: The other way round.
    """
    from scipy.stats import binomtest

    return float(binomtest(gained, gained + lost, 0.5).pvalue) if gained + lost else math.nan


def upper_bound(successes: int, trials: int) -> float:
    """One-sided 95 % upper bound of a rate (Clopper and Pearson, Biometrika 26, 1934); 3/n roughly when none succeeded."""
    from scipy.stats import beta

    if not trials:
        return math.nan
    return 1.0 if successes == trials else float(beta.ppf(0.95, successes + 1, trials - successes))


def _totals(
    numerators: Sequence[float], denominators: Sequence[float], clusters: Sequence[str], seed: int
) -> tuple[Values, Values, Values]:
    numbers, count = _numbered(clusters)
    above, below = np.zeros(count), np.zeros(count)
    np.add.at(above, numbers, numerators)
    np.add.at(below, numbers, denominators)
    draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    return above, below, draws.astype(np.float64)


def _numbered(clusters: Sequence[str]) -> tuple[npt.NDArray[np.int64], int]:
    names = {name: number for number, name in enumerate(dict.fromkeys(clusters))}
    return np.array([names[name] for name in clusters], dtype=np.int64), len(names)


def _ratio(above: Values, below: Values) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def _interval(value: float, drawn: Values) -> Estimate:
    defined = drawn[~np.isnan(drawn)]
    low, high = np.quantile(defined, [0.025, 0.975]) if len(defined) else (math.nan, math.nan)
    return Estimate(mean=float(value), low=float(low), high=float(high))
