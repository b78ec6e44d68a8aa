"""How far raters agree beyond chance. Pure functions; know nothing of who rates what."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from evals.metrics.intervals import Estimate


def alpha(ratings: Sequence[Sequence[str]]) -> float:
    """Krippendorff's alpha for nominal labels: 1 − observed disagreement ÷ that expected by chance.

    Source: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011). Units with fewer than two ratings are left
    out. NaN when nobody rated the same twice, or when only one label was ever used: that may be no more than habit.

    Args:
        ratings: The labels that each unit got, from any raters, in any order.
    """
    units = [Counter(unit) for unit in ratings if len(unit) > 1]
    totals: Counter[str] = sum(units, Counter())
    count = sum(totals.values())
    expected = count * count - sum(value * value for value in totals.values())
    if not expected:
        return math.nan
    observed = sum(
        (sum(unit.values()) ** 2 - sum(value * value for value in unit.values())) / (sum(unit.values()) - 1)
        for unit in units
    )
    return 1 - (count - 1) * observed / expected


def alpha_with_interval(
    ratings: Sequence[Sequence[str]], clusters: Sequence[str] | None = None, *, seed: int = 0, draws: int = 1000
) -> Estimate:
    """Alpha with the 95 % percentile interval of a bootstrap that draws whole clusters.

    Args:
        ratings: As for `alpha`.
        clusters: What each unit belongs to, such as its document; each unit stands alone where none are given.
        seed: Of the draws.
        draws: How many.
    """
    value = alpha(ratings)
    if math.isnan(value):
        return Estimate(mean=value, low=value, high=value)
    random = np.random.default_rng(seed)
    members: dict[str, list[int]] = {}
    for number, cluster in enumerate(clusters or map(str, range(len(ratings)))):
        members.setdefault(cluster, []).append(number)
    groups = list(members.values())
    drawn = []
    for _ in range(draws):
        chosen = (groups[n] for n in random.integers(0, len(groups), len(groups)))
        drawn.append(alpha([ratings[number] for group in chosen for number in group]))
    defined = [one for one in drawn if not math.isnan(one)]
    low, high = np.quantile(defined, [0.025, 0.975]) if defined else (math.nan, math.nan)
    return Estimate(mean=value, low=float(low), high=float(high))
