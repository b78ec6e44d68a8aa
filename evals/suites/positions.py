"""Is it told rightly where a response stands, and whether it brings evidence?"""

from __future__ import annotations

from assistant.consult import Position
from assistant.consult.stances import is_evidence_rich
from evals.metrics import Pair
from evals.results import Measure, SampleResult, defined
from evals.suites.consulted import about, is_a, result, worked
from evals.suites.suite import Asked, Suite


def score(asked: Asked) -> SampleResult:
    """One response, against what people say of it or what the respondent ticked, which is hidden."""
    key = about(asked.case).key
    planted = worked(asked).planted
    measures: dict[str, Pair] = {}
    told = planted.positions.get(key)
    said: Position | None = None
    if told is not None:
        formed = worked(asked).formed
        said = formed.by_words.get(key)
        measures |= _of_position("", [] if said is None else [said], told)
        measures |= _of_position("learnt_", list(formed.by_others.get(key, ())), told)
    if key in planted.rich:
        measures |= _of_evidence(is_evidence_rich(planted.texts[key]), planted.rich[key])
    wrong = said not in {None, Position.UNCLEAR, told}
    return result(
        asked,
        "positions",
        measures=measures,
        expected=str(told) if said is not None else "",
        got=str(said) if said is not None else "",
        badness=0.8 if wrong else 0.0,
        why=f"it is taken to {said}" if wrong else "",
        shown=str(said or ""),
        evidence=(str(told),) if told else (),
    )


def _of_position(name: str, said: list[Position], told: Position) -> dict[str, Pair]:
    decided = [one for one in said if one is not Position.UNCLEAR]
    right = float(sum(one is told for one in decided))
    return defined(
        **{
            f"{name}right_of_three": (float(sum(one is told for one in said)), float(len(said))),
            f"{name}decided": (float(len(decided)), float(len(said))),
            f"{name}right": (right, float(len(decided))),
        }
    )


def _of_evidence(found: bool, told: bool) -> dict[str, Pair]:
    return defined(
        rich_right=(float(found is told), 1.0),
        rich_precision=(float(found and told), float(found)),
        rich_recall=(float(found and told), float(told)),
        rich_share=(float(told), 1.0),
    )


SUITE = Suite(
    name="positions",
    asks="Is it told rightly where a response stands, and whether it brings evidence?",
    measures=(
        Measure("decided", "positions decided", "By the words alone; the others are called unclear.", "neither"),
        Measure("right", "right of those", "Of the positions decided, the share that is right."),
        Measure("right_of_three", "right, unclear being one of three", "Over all; few responses are meant to be unclear."),
        Measure(
            "learnt_decided",
            "decided where a quarter is known",
            "The closed question is hidden from three quarters, ten times; words decide first, then likeness to the others.",
            "neither",
            optional=True,
        ),
        Measure("learnt_right", "right of those", "Of the positions decided so.", optional=True),
        Measure("learnt_right_of_three", "right of three, so", "Over all that were hidden.", optional=True),
        Measure(
            "rich_right", "evidence: told rightly", "Whether a response brings facts, figures or experience.", optional=True
        ),
        Measure("rich_precision", "evidence: of those called so", "The share that people call so.", optional=True),
        Measure("rich_recall", "evidence: of those that are", "The share found.", optional=True),
        Measure("rich_share", "evidence: how many are", "The share that people call so.", "neither", optional=True),
    ),
    classes=True,
    score=score,
    drawn="responses and campaigns",
    sets=("library", "themefinder"),
    select=is_a("response"),
)
