"""Are arguments matched to the key points that they say? As the shared task of 2021 on key point analysis measures it."""

from __future__ import annotations

from evals.consult_measures import key_point_precision
from evals.results import Measure, SampleResult, mean_of
from evals.suites.consulted import about, is_a, result
from evals.suites.suite import Asked, Suite


def score(asked: Asked) -> SampleResult:
    """The arguments on one side of one topic."""
    case = asked.case
    topic = asked.set.topics[about(case).part]
    near = asked.observer.room.nearness(topic)
    strict, relaxed = (key_point_precision(near, topic.labels, relaxed=relaxed) for relaxed in (False, True))
    best = near.argmax(axis=1)
    order = sorted(range(len(best)), key=lambda at: -float(near[at].max()))
    wrong = [at for at in order if topic.labels.get((at, int(best[at]))) is False][:3]
    return result(
        asked,
        "key_points",
        measures=mean_of(strict=strict, relaxed=relaxed),
        badness=1 - relaxed,
        why="the surest wrong matches are shown" if wrong else "",
        shown="\n".join(f"{topic.arguments[at]} → {topic.points[int(best[at])]}" for at in wrong),
        evidence=topic.points,
    )


SUITE = Suite(
    name="key_points",
    asks="Are arguments matched to the key points that they say?",
    measures=(
        Measure("relaxed", "mean average precision, relaxed", "Pairs that nobody labelled count as matches."),
        Measure("strict", "mean average precision, strict", "Pairs that nobody labelled count against it."),
    ),
    score=score,
    drawn="topics",
    sets=("ibm_kpa",),
    select=is_a("topic"),
)
