"""Weighs the numbers that describe blocks and retrievals into probabilities: fitted logistic models.

The weights are in weights.json with the data they were fitted on; scripts/fit_answering.py makes them. Set by hand
is only where a short question ends (`SHORT`) and, in the script, how many answerable ones of each kind must be
answered. Knows nothing of text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answer.evidence import FEATURES, RETRIEVAL_FEATURES, Vector
from assistant.grounding import Logistic

_MADE_BY = "scripts/fit_answering.py"

SHORT = 25
"""Words from which a question counts as a situation; nearly all of ConditionalQA's are longer, all in evals/data shorter."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything fitted.

    Attributes:
        block: Is this block evidence?
        sufficiency: Do these passages answer a situation of several sentences?
        sufficiency_short: And a short question, where it matters more whether what sets it apart is met?
        enough_from: Probability from which a situation counts as answered; nine in ten answerable development questions
            reach it.
        enough_from_short: The same for a short question; 82 in 100 answerable development questions whose evidence is
            found reach it.
        keep_from: A block is quoted when its probability is at least this share of the best block's.
        keep_least: And at least this, save for the best one.
    """

    block: Logistic
    sufficiency: Logistic
    sufficiency_short: Logistic
    enough_from: float
    enough_from_short: float
    keep_from: float
    keep_least: float

    def confidence(self, described: Vector, question: str) -> float:
        """How likely it is that passages so described answer a question of this length."""
        model = self.sufficiency_short if _is_short(question) else self.sufficiency
        return float(model.probability(described[None, :])[0])

    def enough(self, confidence: float, question: str) -> bool:
        """True when a question of this length may be answered with this confidence."""
        return confidence >= (self.enough_from_short if _is_short(question) else self.enough_from)


def _is_short(question: str) -> bool:
    return len(question.split()) < SHORT


@cache
def fitted() -> Weights:
    """The weights kept with the code."""
    stored = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return Weights(
        block=Logistic.load(stored["block"], FEATURES, made_by=_MADE_BY),
        sufficiency=Logistic.load(stored["enough"], RETRIEVAL_FEATURES, made_by=_MADE_BY),
        sufficiency_short=Logistic.load(stored["enough_short"], RETRIEVAL_FEATURES, made_by=_MADE_BY),
        enough_from=stored["enough_from"],
        enough_from_short=stored["enough_from_short"],
        keep_from=stored["keep_from"],
        keep_least=stored["keep_least"],
    )
