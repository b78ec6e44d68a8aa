"""Weighs the numbers that describe blocks and retrievals into probabilities: two fitted logistic models.

The weights are in weights.json with the data they were fitted on; scripts/fit_answering.py makes them. Set by hand
is only where a short question ends (`SHORT`) and, in the script, how often each kind may be answered wrongly. Knows
nothing of text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.answer.evidence import FEATURES, RETRIEVAL_FEATURES, Matrix, Vector

SHORT = 25
"""Words from which a question counts as a situation; nearly all of ConditionalQA's are longer, all in evals/data shorter."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = 1 / (1 + exp(-(intercept + Σ weight · (value - mean) / scale)))."""

    means: Vector
    scales: Vector
    weights: Vector
    intercept: float

    def probability(self, values: Matrix) -> Vector:
        """Probability of each row; `values` has shape `(n, features)`."""
        return np.asarray(1 / (1 + np.exp(-(self.intercept + ((values - self.means) / self.scales) @ self.weights))))


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything fitted.

    Attributes:
        block: Is this block evidence?
        sufficiency: Do these passages answer the question?
        enough_from: Probability from which a situation of several sentences counts as answered; nine in ten answerable
            development questions reach it.
        enough_from_short: The same for a short question, which gives less to go by; one in four unanswerable
            development questions reaches it.
        keep_from: A block is quoted when its probability is at least this share of the best block's.
        keep_least: And at least this, save for the best one.
    """

    block: Logistic
    sufficiency: Logistic
    enough_from: float
    enough_from_short: float
    keep_from: float
    keep_least: float

    def enough(self, confidence: float, question: str) -> bool:
        """True when a question of this length may be answered with this confidence."""
        return confidence >= (self.enough_from_short if len(question.split()) < SHORT else self.enough_from)


@cache
def fitted() -> Weights:
    """The weights kept with the code."""
    stored = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return Weights(
        block=_logistic(stored["block"], FEATURES),
        sufficiency=_logistic(stored["enough"], RETRIEVAL_FEATURES),
        enough_from=stored["enough_from"],
        enough_from_short=stored["enough_from_short"],
        keep_from=stored["keep_from"],
        keep_least=stored["keep_least"],
    )


def _logistic(stored: dict[str, dict[str, list[float]] | float], names: Sequence[str]) -> Logistic:
    terms = stored["features"]
    assert isinstance(terms, dict), "weights.json is made by scripts/fit_answering.py"
    if list(terms) != list(names):
        raise ValueError("weights.json was fitted on other features; run scripts/fit_answering.py again")
    table: npt.NDArray[np.float64] = np.array(list(terms.values()), dtype=np.float64)
    intercept = stored["intercept"]
    assert isinstance(intercept, float)
    return Logistic(table[:, 0], table[:, 1], table[:, 2], intercept)
