"""Is the evidence found? Asks the search alone, without an answer."""

from __future__ import annotations

import math

from evals.metrics import evidence_found, first_words, ndcg, reciprocal_rank, unjudged_share
from evals.results import Measure, SampleResult, mean_of
from evals.suites.shared import asked_as, holds
from evals.suites.suite import Asked, Suite

WORDS = (250, 500, 1000, 2000)
_TOP = 10
_RECALL = (5, 10)
_SHOWN = 3


def score(asked: Asked) -> SampleResult:
    """One case: how far up is its evidence?"""
    case = asked.case
    passages = asked.observer.find(case, asked.set.guidance)
    index = asked.observer.shelf.assistant(asked.set.guidance).index
    texts = [f"{passage.context} {passage.text}".strip() for passage in passages]
    words = first_words((passage.text for passage in passages), WORDS[-1])
    hold = asked.observer.holding(case.evidence, asked.set.guidance)
    relevant = set().union(*hold.values())
    nowhere = sum(not held for held in hold.values())
    relevance = [float(passage.passage_id in relevant) for passage in passages]
    pages = [passage.url.partition("#")[0] for passage in passages]
    gold_page = case.url or _page_of(case.documents, index)
    found = {f"found_{limit}": evidence_found(case.evidence, words[:limit]) for limit in WORDS}
    recall = {
        f"recall_{limit}": sum(any(holds(text, one) for text in texts[:limit]) for one in case.evidence) / len(case.evidence)
        for limit in _RECALL
    }
    judged = [value > 0 or page == gold_page for value, page in zip(relevance, pages, strict=True)]
    return SampleResult(
        suite="retrieval",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        kind=case.kind,
        question=asked_as(case),
        measures=mean_of(
            **found,
            page_first=float(bool(pages) and pages[0] == gold_page) if gold_page else math.nan,
            ndcg_10=ndcg(relevance, [1.0] * (len(relevant) + nowhere), limit=_TOP),
            **recall,
            mrr=reciprocal_rank(relevance),
            unjudged=unjudged_share(judged, limit=_TOP),
        ),
        badness=1 - found["found_500"],
        why="" if found["found_500"] == 1 else "evidence is missing from the first 500 words found",
        shown="\n\n".join(f"{n}. {p.title}: {p.text}" for n, p in enumerate(passages[:_SHOWN], start=1)),
        evidence=case.evidence,
    )


def _page_of(documents: tuple[str, ...], index: object) -> str:
    """The address of the first document, where the index knows it by its file name."""
    held = getattr(index, "documents", ())
    return next((one.url for one in held if documents and one.location.endswith(documents[0])), "")


SUITE = Suite(
    name="retrieval",
    asks="Is the evidence found?",
    measures=(
        *(
            Measure(
                f"found_{limit}",
                f"evidence in the first {limit:,} words",
                "Share of the evidence sentences that stand whole in the passages read one after the other, so far.",
            )
            for limit in WORDS
        ),
        Measure("page_first", "right page first", "Whether the best passage is of the page that answers."),
        Measure(
            "ndcg_10",
            "nDCG@10",
            "How high the passages that hold evidence are ranked, against a ranking that has all of the index first. "
            "A sentence that no passage holds whole counts as one more, never found.",
        ),
        *(
            Measure(f"recall_{limit}", f"evidence in the first {limit} passages", "Share of the evidence sentences.")
            for limit in _RECALL
        ),
        Measure("mrr", "reciprocal rank", "1 ÷ the rank of the first passage that holds evidence; 0 when none does."),
        Measure(
            "unjudged",
            "unjudged passages",
            "Of the first 10, those of other pages: nobody said whether they answer too, and they count as not.",
            "neither",
        ),
    ),
    score=score,
    sets=("shipped", "conditionalqa", "clapnq", "or_sharc"),
    select=lambda case: bool(case.evidence) and case.answerable,
)
