"""Weighs the numbers that describe a claim into the probability that the passages say it: one fitted logistic model.

The weights are in weights.json with the data they were fitted on; scripts/fit_checker.py makes them. Knows nothing of text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.grounding.features import FEATURES

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = 1 / (1 + exp(-(intercept + Σ weight · (value - mean) / scale)))."""

    means: Numbers
    scales: Numbers
    weights: Numbers
    intercept: float

    def probability(self, values: Numbers) -> Numbers:
        """Probability of each row; `values` has shape `(n, features)`."""
        return np.asarray(1 / (1 + np.exp(-(self.intercept + ((values - self.means) / self.scales) @ self.weights))))

    @classmethod
    def load(cls, stored: Mapping[str, object], names: Sequence[str], *, made_by: str) -> Logistic:
        """The model kept as `{"features": {name: [mean, scale, weight]}, "intercept": …}`.

        Raises:
            ValueError: It was fitted on other features than `names`.
        """
        terms, intercept = stored["features"], stored["intercept"]
        if not isinstance(terms, dict) or list(terms) != list(names) or not isinstance(intercept, float):
            raise ValueError(f"the weights were fitted on other features; run {made_by} again")
        table: Numbers = np.array(list(terms.values()), dtype=np.float64)
        return cls(table[:, 0], table[:, 1], table[:, 2], intercept)


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything fitted.

    Attributes:
        support: Do the passages say it?
        supported_from: Probability from which a claim is supported.
        partly_from: Probability from which it is partly supported; below it is unsupported.
    """

    support: Logistic
    supported_from: float
    partly_from: float


@cache
def fitted() -> Weights:
    """The weights kept with the code."""
    stored = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return Weights(
        support=Logistic.load(stored["support"], FEATURES, made_by="scripts/fit_checker.py"),
        supported_from=stored["supported_from"],
        partly_from=stored["partly_from"],
    )
