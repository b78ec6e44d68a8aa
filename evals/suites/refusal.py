"""Does it stop when it should, and only then? A refusal is any end that shows no guidance."""

from __future__ import annotations

from evals.metrics import Pair
from evals.results import Curve, Measure, SampleResult, defined
from evals.suites.shared import answered, asked_as, evidence_shown, for_review, quotes_of, shown_by
from evals.suites.suite import Asked, Suite


def score(asked: Asked) -> SampleResult:
    """One case: should it have been refused, and was it?"""
    case = asked.case
    answer = asked.observer.ask(case, asked.set.guidance, epoch=asked.epoch).answer
    refused, due = not answered(answer), not case.answerable
    # How sure it was is held against what it would show, not against that it refused: a refusal is no right answer.
    shown = asked.observer.regardless(case, asked.set.guidance) if refused and case.answerable else answer
    right_shown = answered(shown) and (evidence_shown(case, quotes_of(shown))[1] > 0 or not case.evidence)
    return SampleResult(
        suite="refusal",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        kind=case.kind,
        question=asked_as(case),
        measures=refusal_measures(refused=refused, due=due),
        score=answer.confidence,
        label=float(case.answerable and right_shown),
        expected="refused" if due else "answered",
        got="refused" if refused else "answered",
        badness=0.0 if refused == due else answer.confidence if due else 1 - answer.confidence,
        why="" if refused == due else "answered what the guidance does not say" if due else "refused what the guidance says",
        shown=shown_by(answer),
        evidence=case.evidence,
        details={"status": answer.status, "reason": answer.reason} | for_review(answer),
    )


def refusal_measures(*, refused: bool, due: bool) -> dict[str, Pair]:
    """What one case adds to each figure of refusing."""
    hit, miss, false = refused and due, due and not refused, refused and not due
    return defined(
        precision=(float(hit), float(refused)),
        recall=(float(hit), float(due)),
        f1=(2.0 * hit, 2.0 * hit + miss + false),
        false_answers=(float(miss), float(due)),
        over_refusal=(float(false), float(not due)),
        answered=(float(not refused), 1.0),
    )


SUITE = Suite(
    name="refusal",
    asks="Does it stop when it should, and only then?",
    measures=(
        Measure("precision", "refusals that were due", "Of all refusals, the share of questions that should be refused."),
        Measure("recall", "due refusals made", "Of the questions that should be refused, the share that were."),
        Measure("f1", "F1 of refusing", "Harmonic mean of the two: 2·both ÷ (2·both + wrongly answered + wrongly refused)."),
        Measure("false_answers", "false answers", "Of the questions that should be refused, the share answered.", "low"),
        Measure("over_refusal", "refused though answerable", "Of the answerable questions, the share refused.", "low"),
        Measure("answered", "answered at all", "Of all questions; what it should be depends on the questions.", "neither"),
    ),
    curves=(
        Curve(
            "risk_area",
            "area under risk–coverage",
            "How often answering would be wrong, averaged over all thresholds of confidence; 0 is best. An answer is wrong "
            "when the guidance holds none, or when none of the evidence is shown, or would be if it might not refuse.",
            "risk",
            "low",
        ),
    ),
    classes=True,
    score=score,
    sets=("shipped", "conditionalqa", "clapnq", "mtrag"),
    select=lambda case: case.expected_status is not None,
)
