"""How long an answer takes, stage by stage, one question after another in one process."""

from __future__ import annotations

from evals.results import Measure, SampleResult, mean_of
from evals.suites.shared import asked_as
from evals.suites.suite import Asked, Suite

STAGES = ("route", "rewrite", "spelling", "embed", "search", "collapse", "weigh", "clarify", "draft", "verify", "write")


def score(asked: Asked) -> SampleResult:
    """One case: the milliseconds of its stages; other suites' answers to it are not taken, so that each is timed alone."""
    case = asked.case
    assistant = asked.observer.shelf.assistant(asked.set.guidance)
    assistant.ask(case.question)  # what the first asking reads from disk is not timed
    timings = assistant.ask(case.question).timings_ms
    total = timings.get("total", 0.0)
    return SampleResult(
        suite="speed",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        kind="",
        question=asked_as(case),
        measures={"per_second": (1.0, total / 1000)}
        | mean_of(total=total, **{stage: timings[stage] for stage in STAGES if stage in timings}),
        details={"timings_ms": timings},
    )


SUITE = Suite(
    name="speed",
    asks="How long does an answer take? Each question is asked twice and the second time counts.",
    measures=(
        Measure("per_second", "questions a second", "One after another in one process.", "high", "a second"),
        *(
            Measure(f"{stage}_p{percent}", f"{title}, p{percent}", meaning, "low", "ms", of=stage, quantile=percent / 100)
            for stage, title, meaning in (
                ("total", "whole answer", "Milliseconds from question to answer."),
                *((stage, f"of which {stage}", "Milliseconds of this stage.") for stage in STAGES),
            )
            for percent in (50, 95)
        ),
    ),
    score=score,
    sets=("shipped", "conditionalqa"),
    enough=150,
)
