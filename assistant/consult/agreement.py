"""How far the machine agrees with an analyst who labelled a sample of responses blind, and how that grew.

The sample is a ruler: its labels are never learnt from. At every correction it is kept where the machine then put the
sample, so that each point of the series is measured against the same labels, however few there were at the time. Pure
functions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

FEWEST = 10
"""Labelled responses below which no interval is given: resampling so few says nothing."""
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class BlindLabel:
    """What an analyst said of a response of the sample, without having seen what the machine says.

    Attributes:
        themes: The themes that apply.
        among: The themes that could be chosen then; of others the label says nothing.
    """

    themes: frozenset[str]
    among: frozenset[str]


@dataclass(frozen=True, slots=True)
class BlindResponse:
    """A response of the sample.

    Attributes:
        place: Of the response in the file.
        id: The respondent's identifier.
        text: As it may be shown.
        themes: What an analyst said applies; None while nobody has said. What the machine says is kept from view.
    """

    place: int
    id: str
    text: str
    themes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where the machine put the sample after an edit.

    Attributes:
        edit: Number of that edit.
        corrections: Responses that analysts had corrected by then, which the machine learnt from.
        among: Themes it could choose from.
        machine: The themes of each response of the sample, by place.
    """

    edit: int
    corrections: int
    among: frozenset[str]
    machine: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the machine agreed with the blind labels after an edit.

    Attributes:
        edit: Number of that edit.
        corrections: Responses corrected by then.
        labelled: Labelled responses on which it was measured: those with no theme from either are left out.
        f1: Mean over them of the F1 of the machine's themes against the analyst's; NaN of none.
        low: Lower end of the 95 % interval (bootstrap over responses); NaN of fewer than `FEWEST`.
        high: Upper end.
        without: Labelled responses that were left out.
    """

    edit: int
    corrections: int
    labelled: int
    f1: float
    low: float
    high: float
    without: int = 0


def agreement_of(snapshot: Snapshot, labels: Mapping[int, BlindLabel], *, merged: Mapping[str, str]) -> Agreement:
    """Measure one snapshot.

    Args:
        snapshot: Where the machine put the sample.
        labels: What analysts said, by place.
        merged: The theme that each theme since went into.
    """
    among = {merged.get(theme, theme) for theme in snapshot.among}
    values = []
    for place, label in sorted(labels.items()):
        if place in snapshot.machine:
            both_could = among & label.among
            machine = {merged.get(theme, theme) for theme in snapshot.machine[place]} & both_could
            values.append(f1(machine, label.themes & both_could))
    kept = [value for value in values if not math.isnan(value)]
    low, high = _interval(kept)
    mean = float(np.mean(kept)) if kept else math.nan
    return Agreement(snapshot.edit, snapshot.corrections, len(kept), mean, low, high, len(values) - len(kept))


def f1(found: AbstractSet[str], told: AbstractSet[str]) -> float:
    """F1 of one response's themes; NaN where there is none in either."""
    return 2 * len(found & told) / (len(found) + len(told)) if found or told else math.nan


def _interval(values: Sequence[float]) -> tuple[float, float]:
    if len(values) < FEWEST:
        return math.nan, math.nan
    rng = np.random.default_rng(0)
    means = np.array(values)[rng.integers(0, len(values), (_RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
