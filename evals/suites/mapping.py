"""Is each consultation response put to the themes it speaks of? They are given by their wording, as approved ones are."""

from __future__ import annotations

import math

from evals.consult_measures import overlap_f1
from evals.consulting import CORRECTIONS, Formed
from evals.metrics import Pair
from evals.results import Measure, SampleResult, defined, mean_of
from evals.suites.consulted import about, is_a, result, titles_of, worked
from evals.suites.suite import Asked, Suite


def score(asked: Asked) -> SampleResult:
    """One response: the themes found for it, against those that people, or whoever planted them, gave it."""
    key = about(asked.case).key
    work = worked(asked)
    planted = work.planted
    gold, found = planted.gold.get(key, frozenset()), work.by_name[key]
    alike = work.by_threshold[key]
    both = len(found & gold)
    f1 = overlap_f1(found, gold)
    measures = mean_of(f1=f1, f1_threshold=overlap_f1(alike, gold))
    measures |= defined(
        micro=(2.0 * both, float(len(found) + len(gold))),
        precision=(float(both), float(len(found))),
        recall=(float(both), float(len(gold))),
    )
    if gold:
        measures["gain"] = (f1 - overlap_f1(alike, gold), 1.0)
    if _can_be_corrected(len(planted.texts), len(planted.themes)):
        measures |= mean_of(f1_corrected=overlap_f1(work.after_corrections[key], gold))
    if planted.file is not None:
        measures |= _accounted(work.formed, key)
    wrong, missed = found - gold, gold - found
    return result(
        asked,
        "mapping",
        measures=measures,
        badness=0.0 if math.isnan(f1) else 0.9 * (1 - f1),
        why=_why(titles_of(planted, wrong) if wrong else "", titles_of(planted, missed) if missed else ""),
        shown=titles_of(planted, found),
        evidence=(titles_of(planted, gold),),
    )


def _can_be_corrected(responses: int, themes: int) -> bool:
    """Whether more responses than corrections are left when a fifth is kept for measuring."""
    return responses * 0.8 > CORRECTIONS * themes


def _accounted(formed: Formed, key: str) -> dict[str, Pair]:
    there, count = formed.spans.get(key, (0, 0))
    return defined(accounted=(float(key not in formed.lost), 1.0), spans=(float(there), float(count)))


def _why(wrong: str, missed: str) -> str:
    told = [f"put to: {wrong}" if wrong else "", f"not put to: {missed}" if missed else ""]
    return "; ".join(one for one in told if one)


SUITE = Suite(
    name="mapping",
    asks="Is each consultation response put to the themes that it speaks of?",
    measures=(
        Measure(
            "f1", "F1 of a response's themes", "Mean over responses; those with no theme in either are left out (i.AI's)."
        ),
        Measure("micro", "micro F1", "Over all pairs of response and theme, so that talkative responses count more."),
        Measure("precision", "pairs that are right", "Of the themes found for responses, the share that they have."),
        Measure("recall", "pairs that are found", "Of the themes that responses have, the share found."),
        Measure(
            "f1_threshold",
            "F1 by likeness alone",
            "For comparison: every theme whose likeness passes a threshold fitted on the other four fifths of responses.",
            "neither",
        ),
        Measure(
            "gain",
            "difference to that",
            "F1 less that by likeness alone, over responses that have a theme.",
            unit="difference",
        ),
        Measure(
            "f1_corrected",
            f"F1 after {CORRECTIONS} corrections a theme",
            "On the fifth of the responses that nobody corrected; half of the corrections by chance, half from the queue.",
            optional=True,
        ),
        Measure("spans", "words given that stand in the response", "Of the words said to carry a theme.", optional=True),
        Measure(
            "accounted",
            "responses accounted for",
            "In a theme, under “other”, or without a reason; none is lost.",
            optional=True,
        ),
    ),
    score=score,
    drawn="responses and campaigns",
    sets=("library", "themefinder", "nhs_fft"),
    select=is_a("response"),
)
