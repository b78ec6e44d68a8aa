"""Compares a run with the thresholds it must meet. Knows nothing of how figures come about.

A threshold is met by the figure itself, not by its interval: the same questions are asked every time, and the assistant by
default answers the same. A figure that is undefined, or that the run lacks, does not pass.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import InputError
from evals.children import REPOSITORY
from evals.figures import Figure
from evals.scorecard_markdown import number, with_interval

THRESHOLDS = REPOSITORY / "evals" / "thresholds.toml"


Bar = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A number that a figure can be compared with: nothing is below or above “nan”."""


class Threshold(BaseModel):
    """What a figure must be.

    Attributes:
        why: Where the number is from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    suite: str
    set: str = "shipped"
    figure: str
    at_least: Bar | None = None
    at_most: Bar | None = None
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
        found = tomllib.loads(path.read_text("utf-8")).get("threshold")
    except (OSError, ValueError) as error:
        raise InputError(f"The thresholds in {path} cannot be used: {error}") from None
    if not isinstance(found, list) or not found:
        raise InputError(f"There are no thresholds in {path}: give each as a table that begins with [[threshold]].")
    thresholds = [_threshold(one, number, path) for number, one in enumerate(found, start=1)]
    if bad := [one.figure for one in thresholds if (one.at_least is None) == (one.at_most is None)]:
        raise InputError(f"In {path}, give either at_least or at_most for {', '.join(bad)}.")
    return thresholds


def _threshold(given: object, number: int, path: Path) -> Threshold:
    try:
        return Threshold.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'the whole'}: {one['msg']}" for one in error.errors())
        raise InputError(f"Threshold {number} in {path} cannot be used. {faults}.") from None


def check(figures: Sequence[Figure], thresholds: Sequence[Threshold], *, suites: Sequence[str] = ()) -> list[Outcome]:
    """What became of each threshold.

    Args:
        figures: Of the run.
        thresholds: What it must meet.
        suites: Check only thresholds of these suites; none for all.

    Raises:
        InputError: There is no threshold of one of the suites.
    """
    held_to = dict.fromkeys(one.suite for one in thresholds)
    if unknown := [name for name in suites if name not in held_to]:
        raise InputError(f"There is no threshold for {', '.join(unknown)}. Suites with thresholds: {', '.join(held_to)}.")
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
