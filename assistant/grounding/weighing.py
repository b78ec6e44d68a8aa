"""Weighs the numbers that describe a claim into the probability that the passages say it, by fitted models.

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
class Trees:
    """Boosted regression trees: p = 1 / (1 + exp(-(baseline + Σ value of the leaf that each tree comes to))).

    Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001). Row `t` of each
    array is tree `t`, column 0 its root; a leaf leads to itself, so that all trees can be walked together.

    Attributes:
        features: Which number a node looks at; shape `(trees, nodes)`, as the others.
        thresholds: The highest value that goes left.
        left: Where that leads.
        right: Where higher values lead.
        values: What a leaf adds to the log-odds.
        depth: Steps from any root to its furthest leaf.
        baseline: Log-odds before any tree.
    """

    features: npt.NDArray[np.int64]
    thresholds: Numbers
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    values: Numbers
    depth: int
    baseline: float

    def probability(self, values: Numbers) -> Numbers:
        """Probability of each row; `values` has shape `(n, features)`."""
        return np.array([self._of(row) for row in values])

    def _of(self, row: Numbers) -> float:
        trees = np.arange(len(self.features))
        at = np.zeros(len(trees), dtype=np.int64)
        for _ in range(self.depth):
            goes_left = row[self.features[trees, at]] <= self.thresholds[trees, at]
            at = np.where(goes_left, self.left[trees, at], self.right[trees, at])
        return float(1 / (1 + np.exp(-(self.baseline + self.values[trees, at].sum()))))

    @classmethod
    def load(cls, stored: Mapping[str, object], names: Sequence[str], *, made_by: str) -> Trees:
        """The model kept as `{"features": [name, …], "baseline": …, "depth": …, "trees": [[node, …], …]}`.

        A node is `[feature, threshold, left, right]`, a leaf `[value]`.

        Raises:
            ValueError: It was fitted on other features than `names`.
        """
        trees, baseline, depth = stored["trees"], stored["baseline"], stored["depth"]
        if stored["features"] != list(names) or not isinstance(trees, list):
            raise ValueError(f"the weights were fitted on other features; run {made_by} again")
        most = max(map(len, trees))
        table = np.zeros((len(trees), most, 5))
        for number, nodes in enumerate(trees):
            for place, node in enumerate(nodes):
                table[number, place] = (*node, 0.0) if len(node) > 1 else (0, np.inf, place, place, node[0])
        feature, threshold, left, right, value = np.moveaxis(table, 2, 0)
        whole = feature.astype(np.int64), threshold, left.astype(np.int64), right.astype(np.int64), value
        return cls(*whole, int(str(depth)), float(str(baseline)))


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything fitted.

    Attributes:
        support: Do the passages say it?
        supported_from: Probability from which a claim is supported.
        partly_from: Probability from which it is partly supported; below it is unsupported.
    """

    support: Trees
    supported_from: float
    partly_from: float


@cache
def fitted() -> Weights:
    """The weights kept with the code."""
    stored = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return Weights(
        support=Trees.load(stored["support"], FEATURES, made_by="scripts/fit_checker.py"),
        supported_from=stored["supported_from"],
        partly_from=stored["partly_from"],
    )
