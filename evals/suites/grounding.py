"""Is each claim supported by what it cites? Judged anew, apart from what the answer says of itself.

Support is judged by a checker of the evaluations' own with the weights as shipped; the suite `checker` says how far it can
be trusted. Quotations are compared with the index, not with the answer's own copy of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Answer, Claim
from assistant.grounding import PassageText, sentences
from evals.metrics import citation_precision, citation_recall, figures_consistent, normalised
from evals.results import Measure, SampleResult, defined
from evals.suites.checking import BORNE_OUT, checker
from evals.suites.shared import asked_as, shown_by
from evals.suites.suite import Asked, Suite


def score(asked: Asked) -> SampleResult:
    """One case: its claims against the passages they cite."""
    case = asked.case
    answer = asked.observer.ask(case, asked.set.guidance, epoch=asked.epoch).answer
    claims = [(claim.text, cited(claim, answer)) for claim in answer.claims]
    recall = citation_recall(claims, supports)
    quotes = [_is_exact(claim, number, answer, asked) for claim in answer.claims for number in range(len(claim.citations))]
    figures = figures_consistent(claims)
    measures = defined(
        support=_own_verdicts(answer),
        citation_recall=recall,
        citation_precision=citation_precision(claims, supports),
        quotes=(float(sum(quotes)), float(len(quotes))),
        figures=figures,
        answers_grounded=(float(recall[0] == recall[1]), float(bool(claims))),
    )
    unsupported = [text for text, texts in claims if not supports(text, [one for one in texts if one])]
    return SampleResult(
        suite="grounding",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        kind=case.kind,
        question=asked_as(case),
        measures=measures,
        badness=len(unsupported) / len(claims) if claims else 0.0,
        why=f"not borne out by what it cites: “{unsupported[0]}”" if unsupported else "",
        shown=shown_by(answer),
        details={"unsupported": unsupported},
    )


def supports(claim: str, texts: Sequence[str]) -> bool:
    """Whether texts bear out a claim: it stands there word for word, or the checker supports every sentence of it."""
    if not texts:
        return False
    if all(any(f" {normalised(line)} " in f" {normalised(text)} " for text in texts) for line in _parts(claim)):
        return True
    passages = [PassageText(text) for text in texts]
    return all(checker().verify(part, passages).verdict in BORNE_OUT for part in _parts(claim))


def _parts(claim: str) -> list[str]:
    """The sentences of a claim; a dash or a row of dots that stands alone says nothing that could be borne out."""
    parts = [claim[start:end] for start, end in sentences(claim)]
    return [part for part in parts if normalised(part)] or [claim]


def cited(claim: Claim, answer: Answer) -> list[str | None]:
    """The texts of the sources a claim cites, each once; None for one that there is none of."""
    sources = {
        source.number: "\n".join(filter(None, (source.context, source.text, _quoted(source.number, answer))))
        for source in answer.sources
    }
    return [sources.get(number) for number in dict.fromkeys(citation.source for citation in claim.citations)]


def _quoted(number: int, answer: Answer) -> str:
    """A lead-in and its item one after the other, as they are read, though other items stand between them."""
    claims = (claim for claim in answer.claims)
    return "\n".join(" ".join(one.quote for one in claim.citations if one.source == number) for claim in claims)


def _is_exact(claim: Claim, number: int, answer: Answer, asked: Asked) -> bool:
    citation = claim.citations[number]
    source = next((one for one in answer.sources if one.number == citation.source), None)
    if source is None:
        return False
    text = asked.observer.indexed_text(source.passage_id, asked.set.guidance)
    return text is not None and text[citation.start : citation.end] == citation.quote


def _own_verdicts(answer: Answer) -> tuple[float, float]:
    return float(sum(claim.verdict in BORNE_OUT for claim in answer.claims)), float(len(answer.claims))


SUITE = Suite(
    name="grounding",
    asks="Is each claim supported by what it cites? Refusals show no claims and count for nothing here.",
    measures=(
        Measure(
            "support", "claims called supported", "Of the claims shown, those the answer itself calls quoted or supported."
        ),
        Measure(
            "citation_recall",
            "citation recall (ALCE)",
            "Of the claims shown, those borne out by all they cite, as a checker of the evaluations' own judges.",
        ),
        Measure(
            "citation_precision",
            "citation precision (ALCE)",
            "Of the citations, those that are needed for their claim. One of a source that is not there is charged.",
        ),
        Measure(
            "quotes",
            "quotations exact",
            "Of the quotations, those that stand in the index at their place, letter for letter.",
        ),
        Measure(
            "figures",
            "numbers and dates consistent",
            "Of the claims with figures, those all of whose figures are in what they cite.",
        ),
        Measure(
            "answers_grounded", "answers wholly grounded", "Of the answers given, those all of whose claims are borne out."
        ),
    ),
    score=score,
    sets=("shipped", "conditionalqa", "clapnq", "mtrag"),
)
