"""Weighs the numbers that describe blocks and retrievals into probabilities: two fitted logistic models.

The weights are in weights.json with the data they were fitted on; scripts/fit_answering.py makes them. Set by hand
is only where a short question ends (`SHORT`) and, in the script, how often each kind may be answered wrongly. Knows
nothing of text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answer.evidence import FEATURES, RETRIEVAL_FEATURES
from assistant.grounding import Logistic

_MADE_BY = "scripts/fit_answering.py"

SHORT = 25
"""Words from which a question counts as a situation; nearly all of ConditionalQA's are longer, all in evals/data shorter."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything fitted.

    Attributes:
        block: Is this block evidence?
        sufficiency: Do these passages answer the question?
        enough_from: Probability from which a situation of several sentences counts as answered; nine in ten answerable
            development questions reach it.
        enough_from_short: The same for a short question, which gives less to go by; one in five unanswerable
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
        block=Logistic.load(stored["block"], FEATURES, made_by=_MADE_BY),
        sufficiency=Logistic.load(stored["enough"], RETRIEVAL_FEATURES, made_by=_MADE_BY),
        enough_from=stored["enough_from"],
        enough_from_short=stored["enough_from_short"],
        keep_from=stored["keep_from"],
        keep_least=stored["keep_least"],
    )
