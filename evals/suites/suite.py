"""What a suite is. Knows no suite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from evals.cases import Case, CaseSet
from evals.observing import Observer
from evals.results import Curve, Measure, SampleResult


@dataclass(frozen=True, slots=True)
class Asked:
    """One case of a set, to be asked and scored."""

    case: Case
    set: CaseSet
    observer: Observer
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Suite:
    """A named group of figures over sets of cases.

    Attributes:
        name: As typed.
        asks: The question it answers, for a reader.
        measures: Its figures, in the order shown.
        score: From one case to its result; None where the suite has nothing to ask of it.
        curves: Figures of scores against labels.
        classes: Whether a table of expected and found classes is shown.
        select: Which of a set's cases it asks.
        sets: Names of the sets it takes; the evaluator's own are taken by all.
        enough: Cases of a set that are drawn when no other limit is given, since more would tell little more; 0 for all.
        drawn: What stands or falls together, and is drawn whole for intervals; a heading of tables.
        only_by_name: Whether it is left out when no suite is named, since it takes long.
    """

    name: str
    asks: str
    measures: tuple[Measure, ...]
    score: Callable[[Asked], SampleResult]
    sets: tuple[str, ...]
    curves: tuple[Curve, ...] = ()
    classes: bool = False
    enough: int = 0
    drawn: str = "documents"
    only_by_name: bool = False
    select: Callable[[Case], bool] = field(default=lambda case: True)
