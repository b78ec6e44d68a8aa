"""Compares a run with the thresholds it must meet. Knows nothing of how figures come about.

A threshold is met by the figure itself, not by its interval: the same questions are asked every time, and the assistant by
default answers the same. A figure that is undefined, or that the run lacks, does not pass.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import InputError
from evals.children import REPOSITORY
from evals.figures import Figure
from evals.scorecard_markdown import number, with_interval

THRESHOLDS = REPOSITORY / "evals" / "thresholds.toml"


class Threshold(BaseModel):
    """What a figure must be.

    Attributes:
        why: Where the number is from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    suite: str
    set: str = "shipped"
    figure: str
    at_least: float | None = None
    at_most: float | None = None
    why: str


class Outcome(BaseModel):
    """A threshold and what was found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: Threshold
    state: Literal["met", "missed", "undefined", "not measured"]
    told: str


def read_thresholds(path: Path = THRESHOLDS) -> list[Threshold]:
    """The thresholds in a file.

    Raises:
        InputError: It cannot be read, or one is not a threshold.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8"))
        thresholds = [Threshold.model_validate(one) for one in found["threshold"]]
    except (OSError, ValueError, KeyError, ValidationError) as error:
        raise InputError(f"The thresholds in {path} cannot be used: {error}") from None
    if bad := [one.figure for one in thresholds if (one.at_least is None) == (one.at_most is None)]:
        raise InputError(f"In {path}, give either at_least or at_most for {', '.join(bad)}.")
    return thresholds


def check(figures: Sequence[Figure], thresholds: Sequence[Threshold], *, suites: Sequence[str] = ()) -> list[Outcome]:
    """What became of each threshold.

    Args:
        figures: Of the run.
        thresholds: What it must meet.
        suites: Check only thresholds of these suites; none for all.
    """
    held = {(one.suite, one.set, one.name): one for one in figures if not one.kind}
    return [
        _outcome(one, held.get((one.suite, one.set, one.figure))) for one in thresholds if not suites or one.suite in suites
    ]


def _outcome(threshold: Threshold, figure: Figure | None) -> Outcome:
    bar = (
        f"at least {number(threshold.at_least, figure.unit if figure else 'share')}"
        if threshold.at_least is not None
        else f"at most {number(threshold.at_most or 0.0, figure.unit if figure else 'share')}"
    )
    name = f"{threshold.suite}, {threshold.set}: {figure.title if figure else threshold.figure}"
    if figure is None:
        return Outcome(threshold=threshold, state="not measured", told=f"{name} was not measured; it must be {bar}")
    if math.isnan(figure.value.mean):
        return Outcome(threshold=threshold, state="undefined", told=f"{name} is undefined; it must be {bar}")
    low = threshold.at_least is not None and figure.value.mean < threshold.at_least
    high = threshold.at_most is not None and figure.value.mean > threshold.at_most
    told = f"{name} is {with_interval(figure)}; it must be {bar}"
    return Outcome(threshold=threshold, state="missed" if low or high else "met", told=told)
