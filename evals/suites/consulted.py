"""What suites over consultations share: the case's question of the set, worked on by the room. Knows no suite."""

from __future__ import annotations

from collections.abc import Callable

from evals.cases import Case, OfConsultation
from evals.consultations import Planted
from evals.consulting import Worked
from evals.results import SampleResult
from evals.suites.suite import Asked


def about(case: Case) -> OfConsultation:
    """What of a consultation a case looks at."""
    assert case.consultation is not None, "the suite asks cases of consultations only"
    return case.consultation


def worked(asked: Asked) -> Worked:
    """What the room makes of the question that a case is of."""
    return asked.observer.room.worked(asked.set.consultations[about(asked.case).part])


def result(asked: Asked, suite: str, **told: object) -> SampleResult:
    """What a suite says of a case, with what tells the case from others."""
    case = asked.case
    same = {"suite": suite, "set": case.set, "id": case.id, "epoch": asked.epoch, "cluster": case.cluster}
    return SampleResult.model_validate({**same, "kind": case.kind, "question": case.question, **told})


def is_a(*what: str) -> Callable[[Case], bool]:
    """Selects the cases that look at one of these."""
    return lambda case: case.consultation is not None and case.consultation.what in what


def titles_of(planted: Planted, themes: frozenset[str]) -> str:
    """Themes by their titles, for a reader."""
    return "; ".join(theme.title for theme in planted.themes if theme.id in themes) or "no theme"
