"""Is what is shown the right evidence, and is it complete? A refusal of an answerable question shows none of it."""

from __future__ import annotations

import math

from evals.metrics import mentioned, token_f1
from evals.results import Measure, SampleResult, defined, mean_of
from evals.suites.shared import answered, asked_as, evidence_shown, for_review, quotes_of, shown_by
from evals.suites.suite import Asked, Suite


def score(asked: Asked) -> SampleResult:
    """One case: which of the evidence does the answer show?"""
    case = asked.case
    answer = asked.observer.ask(case, asked.set.guidance, epoch=asked.epoch).answer
    given = answered(answer)
    right, found, quotes = evidence_shown(case, quotes_of(answer))
    precision = right / quotes if quotes else 0.0
    recall = found / len(case.evidence) if case.evidence else math.nan
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else recall * 0
    said = sum(mentioned(one, answer.text) for one in case.conditions) if given else 0
    text = " ".join(claim.text for claim in answer.claims)
    return SampleResult(
        suite="answers",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        kind=case.kind,
        question=asked_as(case),
        measures=mean_of(
            recall=recall,
            f1=f1,
            token_f1=token_f1(text, case.answer) if given else 0.0 if case.answer else math.nan,
            words=float(len(text.split())) if given else math.nan,
        )
        | defined(
            precision=(float(right), float(quotes)) if case.evidence else (0.0, 0.0),
            conditions=(float(said), float(len(case.conditions))),
        ),
        badness=0.0 if math.isnan(f1) else 1 - f1,
        why=_why(given, precision=precision, recall=recall),
        shown=shown_by(answer),
        evidence=case.evidence,
        details=for_review(answer),
    )


def _why(given: bool, *, precision: float, recall: float) -> str:
    if not given:
        return "nothing of it is shown: the question was refused"
    if not recall:
        return "none of the evidence is shown"
    return f"{recall:.0%} of the evidence is shown, and {1 - precision:.0%} of what is shown is something else"


SUITE = Suite(
    name="answers",
    asks="Is what is shown the right evidence, and is it complete?",
    measures=(
        Measure(
            "precision",
            "evidence precision",
            "Of the claims shown, the share that is evidence. What else answers, and nobody marked, counts against it.",
        ),
        Measure("recall", "evidence recall", "Share of the evidence shown; 0 where the question is refused."),
        Measure("f1", "evidence F1", "Harmonic mean of the two, question by question."),
        Measure(
            "token_f1",
            "words shared with a reference answer",
            "F1 of words (SQuAD). Quotation says more than a short reference, so it cannot come near 1.",
        ),
        Measure("conditions", "conditions mentioned", "Of the conditions a complete answer mentions, the share it does."),
        Measure("words", "length", "Words of an answer.", "neither", "words"),
    ),
    score=score,
    sets=("shipped", "conditionalqa", "clapnq", "mtrag"),
    select=lambda case: case.answerable and bool(case.evidence or case.answer),
)
