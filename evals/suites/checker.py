"""How good is the verifier itself? On claims that people have labelled, and on guidance turned false by rule."""

from __future__ import annotations

from assistant.grounding import Verdict
from evals.results import Curve, Measure, SampleResult, defined
from evals.suites.checking import BORNE_OUT, checker
from evals.suites.suite import Asked, Suite


def score(asked: Asked) -> SampleResult:
    """One labelled claim: what the checker says of it. Of several sentences, the least counts."""
    case = asked.case
    labelled = case.labelled
    assert labelled is not None, "the checker's cases are labelled claims"
    checks = [checker().verify(claim, labelled.passages) for claim in labelled.claims]
    found = all(check.verdict in BORNE_OUT for check in checks)
    withheld = any(check.verdict is Verdict.UNSUPPORTED for check in checks)
    true = labelled.supported
    hit, false, miss = not true and not found, true and not found, not true and found
    reasons = [reason for check in checks for reason in check.reasons]
    return SampleResult(
        suite="checker",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        kind=case.kind,
        question=" ".join(labelled.claims),
        measures=defined(
            f1_unsupported=(2.0 * hit, 2.0 * hit + false + miss),
            caught=(float(hit), float(not true)),
            withheld=(float(true and withheld), float(true)),
            doubted=(float(false), float(true)),
        ),
        score=min((check.score for check in checks), default=0.0),
        label=float(true),
        expected="supported" if true else "not supported",
        got="supported" if found else "partly" if not withheld else "not supported",
        badness=1.0 if miss else 0.4 if true and withheld else 0.0,
        why="a false claim passes"
        if miss
        else f"a true claim is withheld: {'; '.join(reasons)}"
        if true and withheld
        else "",
        shown="\n".join(f"{check.verdict} ({check.score:.2f}) {'; '.join(check.reasons)}" for check in checks),
        evidence=tuple(passage.text[:600] for passage in labelled.passages[:2]),
    )


SUITE = Suite(
    name="checker",
    asks="How good is the verifier itself?",
    measures=(
        Measure("f1_unsupported", "F1 of unsupported", "Of telling the claims that are not (wholly) borne out."),
        Measure("caught", "unsupported claims caught", "Of those, the share not called supported."),
        Measure(
            "withheld", "supported claims withheld", "Of the claims borne out, the share that readers would not see.", "low"
        ),
        Measure("doubted", "supported claims doubted", "The same with those shown as partly supported.", "low"),
    ),
    curves=(
        Curve("auroc", "AUROC", "How often a supported claim scores above an unsupported one; .5 is chance.", "auroc"),
        Curve(
            "balanced",
            "balanced accuracy",
            "Mean of the shares of supported and of unsupported claims told rightly, by the verdicts that readers see.",
            "balanced",
        ),
        Curve("ece", "calibration error", "How far the probabilities are off, on average (10 bins).", "calibration", "low"),
    ),
    classes=True,
    score=score,
    sets=("perturbations", "attributionbench", "wice", "summedits"),
    select=lambda case: case.labelled is not None,
)
