"""Is personal data found in free text? That is what is masked in consultation responses; it is no part of answering."""

from __future__ import annotations

from assistant.consult.personal import marks
from evals.cases import Span
from evals.results import Measure, SampleResult, defined
from evals.suites.suite import Asked, Suite

_WITH_A_FORM = {
    "EMAIL_ADDRESS", "DOMAIN_NAME", "PHONE_NUMBER", "CREDIT_CARD", "STREET_ADDRESS", "ZIP_CODE",
}  # fmt: skip
"""What the product says that it looks for; names in running text, numbers of other countries and the like it does not."""
_PERSONAL = _WITH_A_FORM | {"PERSON", "IBAN_CODE", "US_SSN", "US_DRIVER_LICENSE", "IP_ADDRESS"}
"""What would be personal data in a response; places, organisations, dates, titles and nationalities alone are not."""


def score(asked: Asked) -> SampleResult:
    """One text: what is marked in it, against what people marked."""
    case = asked.case
    found = marks(case.question)
    due = [one for one in case.spans if one.kind in _PERSONAL]
    hit = [one for one in due if any(_overlap(one, mark.start, mark.end) for mark in found)]
    right = [mark for mark in found if any(_overlap(one, mark.start, mark.end) for one in case.spans)]
    formed = [one for one in due if one.kind in _WITH_A_FORM]
    missed = [one for one in due if one not in hit]
    return SampleResult(
        suite="personal",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        question=case.question,
        measures=defined(
            recall=(float(len(hit)), float(len(due))),
            recall_formed=(float(sum(one in hit for one in formed)), float(len(formed))),
            precision=(float(len(right)), float(len(found))),
            **{
                f"recall_{kind.lower()}": (
                    float(sum(one.kind == kind for one in hit)),
                    float(sum(one.kind == kind for one in due)),
                )
                for kind in sorted(_PERSONAL)
            },
        ),
        badness=0.9 * len(missed) / len(due) if due else 0.0,
        why=f"not found: {', '.join(case.question[one.start : one.end] for one in missed)}" if missed else "",
        shown="\n".join(f"{mark.kind}: {case.question[mark.start : mark.end]}" for mark in found),
        evidence=tuple(f"{one.kind}: {case.question[one.start : one.end]}" for one in case.spans),
    )


def _overlap(one: Span, start: int, end: int) -> bool:
    return one.start < end and start < one.end


SUITE = Suite(
    name="personal",
    asks="Is personal data found in free text, so that it is masked in consultation responses?",
    measures=(
        Measure("recall", "personal data found", "Of what people marked as personal, the share touched by a mark."),
        Measure(
            "recall_formed", "of which what has a form", "Addresses and numbers, which the product says that it looks for."
        ),
        Measure("precision", "marks that were due", "Of the marks, those that touch anything people marked."),
        *(
            Measure(f"recall_{kind.lower()}", f"{kind.lower().replace('_', ' ')} found", "Share of this kind.")
            for kind in sorted(_PERSONAL)
        ),
    ),
    score=score,
    sets=("presidio",),
    select=lambda case: bool(case.spans),
)
