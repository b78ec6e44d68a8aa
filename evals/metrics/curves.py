"""Scores against labels: ranking, calibration, and what an answer's confidence is worth. Pure functions over arrays."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def auroc(scores: Values, labels: Values) -> float:
    """Probability that a positive gets a higher score than a negative, ties counting half (Mann and Whitney, 1947).

    NaN when there are no positives or no negatives.
    """
    positives, negatives = float((labels == 1).sum()), float((labels == 0).sum())
    if not positives or not negatives:
        return math.nan
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    return float((ranks[labels == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def calibration_error(scores: Values, labels: Values, *, bins: int = 10) -> float:
    """Expected calibration error: the gap between score and share of positives in bins of equal width, weighted by size.

    Source: Naeini et al., AAAI 2015; Guo et al., ICML 2017.
    """
    if not len(scores):
        return math.nan
    return sum(abs(mean - share) * count for mean, share, count in reliability(scores, labels, bins=bins)) / len(scores)


def reliability(scores: Values, labels: Values, *, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean score, share of positives and size of every bin that holds anything."""
    place = np.minimum((scores * bins).astype(int), bins - 1)
    inside = [place == number for number in range(bins)]
    return [(float(scores[rows].mean()), float(labels[rows].mean()), int(rows.sum())) for rows in inside if rows.any()]


def risk_coverage(confidence: Values, right: Values) -> tuple[Values, Values]:
    """Share answered, and share of wrong ones among those answered, as the threshold falls past one sample after another.

    Source: El-Yaniv and Wiener, JMLR 11 (2010); Geifman and El-Yaniv, NeurIPS 2017. Samples of equal confidence are taken
    together.
    """
    if not len(confidence):
        return np.zeros(0), np.zeros(0)
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(1 - right[order])
    counts = np.arange(1, len(order) + 1)
    last = np.append(np.diff(confidence[order]) != 0, True)
    return counts[last] / len(order), wrong[last] / counts[last]


def area_under_risk(confidence: Values, right: Values) -> float:
    """Area under the risk–coverage curve, by steps: 0 when nothing is wrong; lower is better."""
    coverage, risk = risk_coverage(confidence, right)
    if not len(coverage):
        return math.nan
    return float((np.diff(coverage, prepend=0.0) * risk).sum())


def balanced_accuracy(found: Values, labels: Values) -> float:
    """Mean of the shares of positives and of negatives that are found to be so; NaN when there are none of either."""
    if not (labels == 1).any() or not (labels == 0).any():
        return math.nan
    return float(((found[labels == 1] == 1).mean() + (found[labels == 0] == 0).mean()) / 2)
