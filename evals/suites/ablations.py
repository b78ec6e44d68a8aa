"""What is each part of the search worth? Every question is asked as configured and with one part changed; paired."""

from __future__ import annotations

from typing import Any

from assistant.answer import Question
from assistant.answer.flow import Parts, answer
from assistant.answer.weighing import fitted
from assistant.search import Searcher
from evals.metrics import evidence_found, first_words
from evals.results import Measure, SampleResult, mean_of
from evals.suites.shared import evidence_shown, quotes_of
from evals.suites.suite import Asked, Suite

_WORDS = 500
_LIMIT = 30
CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "dense_only": ("search by meaning only", {"bm25_weight": 0.0}),
    "bm25_only": ("search by terms only", {"dense_weight": 0.0}),
    "equal_weights": ("both searches alike", {"bm25_weight": 1.0}),
    "no_page_weight": ("without the page's other passages", {"page_weight": 0.0}),
    "few_candidates": ("30 candidates instead of 200", {"candidates": 30}),
}


def score(asked: Asked) -> SampleResult:
    """One case: evidence found and shown, as configured and changed."""
    case = asked.case
    assistant = asked.observer.shelf.assistant(asked.set.guidance)
    base_found, base_f1 = _figures(asked, assistant.searcher)
    measures = {"found": base_found, "f1": base_f1}
    for name, (_, change) in CHANGES.items():
        settings = assistant.settings.search.model_copy(update=change)
        found, f1 = _figures(asked, Searcher(assistant.index, settings))
        measures |= {f"found_{name}": found - base_found, f"f1_{name}": f1 - base_f1}
    return SampleResult(
        suite="ablations",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        kind="",
        question=case.question,
        measures=mean_of(**measures),
    )


def _figures(asked: Asked, searcher: Searcher) -> tuple[float, float]:
    case = asked.case
    passages = searcher.search(case.question, limit=_LIMIT).passages
    found = evidence_found(case.evidence, first_words((one.text for one in passages), _WORDS))
    parts = Parts(searcher, fitted(), asked.observer.shelf.assistant(asked.set.guidance).settings.answer)
    right, shown, quotes = evidence_shown(case, quotes_of(answer(Question(question=case.question), parts)))
    precision, recall = right / quotes if quotes else 0.0, shown / len(case.evidence)
    return found, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


SUITE = Suite(
    name="ablations",
    asks="What is each part of the search worth? Differences to the configuration in force; below 0, it is worth having.",
    measures=(
        Measure("found", "evidence in the first 500 words, as configured", "What the differences are from."),
        *(
            Measure(f"found_{name}", f"{title}: evidence found", "Paired difference.", "neither", "difference")
            for name, (title, _) in CHANGES.items()
        ),
        Measure("f1", "evidence F1 of answers, as configured", "What the differences are from."),
        *(
            Measure(f"f1_{name}", f"{title}: evidence F1", "Paired difference.", "neither", "difference")
            for name, (title, _) in CHANGES.items()
        ),
    ),
    score=score,
    sets=("shipped", "conditionalqa"),
    select=lambda case: case.answerable and bool(case.evidence) and not case.history,
)
