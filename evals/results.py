"""What a suite says of one case: a record of a run's folder. Knows no suite, and nothing of how it is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from evals.metrics import Pair

Better = Literal["high", "low", "neither"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a suite: the sum of its samples' numerators ÷ that of their denominators.

    Attributes:
        name: In the records.
        title: For a reader.
        meaning: What it is, in a sentence, with how it can mislead.
        better: Which way is good.
        unit: "share", "difference", "ms", "words" or "a second".
        of: Name of the values in the records, where it is another.
        quantile: For medians and their like: the share of values that lie below; None for the ratio.
        optional: Whether it is left out, rather than told as undefined, where no case of a set is of the sort that has it.
    """

    name: str
    title: str
    meaning: str
    better: Better = "high"
    unit: str = "share"
    of: str = ""
    quantile: float | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """A figure of scores against labels: the area under a curve, or an error of calibration.

    Attributes:
        statistic: One of "auroc", "calibration", "risk" and "balanced"; "rand" and "information" compare divisions: there
            the score is the group that a case was put in and the label the one it is of.
    """

    name: str
    title: str
    meaning: str
    statistic: Literal["auroc", "calibration", "risk", "balanced", "rand", "information"]
    better: Better = "high"


class SampleResult(BaseModel):
    """What a suite says of one case.

    Attributes:
        suite: Which suite.
        set: Which set the case is of.
        id: Of the case.
        epoch: Which asking of the case, from 0.
        cluster: What it stands or falls with.
        kind: What the case tries.
        question: As asked, with what came before it.
        measures: Numerator and denominator of each figure; a figure that is undefined for this case is left out.
        score: For curves: the confidence, the probability of support, or the group found.
        label: For curves: 1 when it was right, or supported; or the group that is right.
        expected: The right class, for tables of classes.
        got: The class found.
        badness: From 0 to 1, how much a reader of the scorecard should look at this case; 0 hides it.
        why: What is bad about it, in words.
        shown: What the assistant showed, for people.
        evidence: What it should have shown.
        details: Everything else, for programs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    suite: str
    set: str
    id: str
    epoch: int = 0
    cluster: str
    kind: str = ""
    question: str
    measures: dict[str, Pair] = Field(default_factory=dict)
    score: float | None = None
    label: float | None = None
    expected: str = ""
    got: str = ""
    badness: float = 0.0
    why: str = ""
    shown: str = ""
    evidence: tuple[str, ...] = ()
    details: dict[str, Any] = Field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What tells it from the others of a run."""
        return self.suite, self.set, self.id, self.epoch


def mean_of(**values: float) -> dict[str, Pair]:
    """Measures that are means over samples: a value of NaN is undefined and left out."""
    return {name: (float(value), 1.0) for name, value in values.items() if not math.isnan(value)}


def defined(**pairs: Pair) -> dict[str, Pair]:
    """Measures that are ratios; one whose denominator is 0 is left out."""
    return {name: pair for name, pair in pairs.items() if pair[1]}
