"""What is each part worth? Questions are asked, and claims checked, as configured and with one part changed; paired.

Changes of the search share the index. Other sizes of passage are indexed anew, so they are tried where that is quick: on all
but the live index.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from assistant.answer import Assistant, Question
from assistant.answer.flow import Parts, answer
from assistant.answer.weighing import fitted
from assistant.search import Searcher
from evals.cases import Case
from evals.metrics import evidence_found, first_words
from evals.results import Measure, SampleResult, defined, mean_of
from evals.suites.checking import BORNE_OUT, PARTS, checker_with
from evals.suites.shared import evidence_shown, quotes_of
from evals.suites.suite import Asked, Suite

_WORDS = 500
_LIMIT = 30
SEARCHES: dict[str, tuple[str, dict[str, Any]]] = {
    "dense_only": ("search by meaning only", {"bm25_weight": 0.0}),
    "bm25_only": ("search by terms only", {"dense_weight": 0.0}),
    "equal_weights": ("both searches alike", {"bm25_weight": 1.0}),
    "no_page_weight": ("without the page's other passages", {"page_weight": 0.0}),
    "few_candidates": ("30 candidates instead of 200", {"candidates": 30}),
    "no_reranker": ("without the reranker", {"reranker": ""}),
}
SIZES: dict[str, tuple[str, dict[str, int]]] = {
    "small_passages": ("passages of 30 words, 80 at most", {"target_words": 30, "max_words": 80}),
    "large_passages": ("passages of 120 words, 180 at most", {"target_words": 120, "max_words": 180}),
}
_NEIGHBOURS = ("each passage read with the one before and after it", "neighbours")
_searchers: WeakKeyDictionary[Assistant, dict[str, Searcher]] = WeakKeyDictionary()


def score(asked: Asked) -> SampleResult:
    """One case: a question with its evidence, or a claim that somebody has labelled."""
    case = asked.case
    return SampleResult(
        suite="ablations",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        kind="",
        question=case.question,
        measures=_of_the_checker(case) if case.labelled else mean_of(**dict(_of_the_search(asked))),
    )


def _of_the_search(asked: Asked) -> Iterator[tuple[str, float]]:
    """Evidence found and shown, as configured, and what each change adds to that."""
    case, assistant = asked.case, asked.observer.shelf.assistant(asked.set.guidance)
    base_found, base_f1 = _found_and_shown(case, assistant, assistant.searcher)
    yield "found", base_found
    yield "f1", base_f1
    for name, searcher in _changed(assistant).items():
        found, f1 = _found_and_shown(case, assistant, searcher)
        yield f"found_{name}", found - base_found
        yield f"f1_{name}", f1 - base_f1
    if asked.set.guidance != "live":
        for name, (_, sizes) in SIZES.items():
            other = asked.observer.shelf.changed("passages", sizes).assistant(asked.set.guidance)
            found, f1 = _found_and_shown(case, other, other.searcher)
            yield f"found_{name}", found - base_found
            yield f"f1_{name}", f1 - base_f1
    yield f"found_{_NEIGHBOURS[1]}", _found_with_neighbours(case, assistant.searcher) - base_found


def _changed(assistant: Assistant) -> dict[str, Searcher]:
    """A searcher for each change that changes anything, over the same index; made once."""
    if assistant not in _searchers:
        settings = assistant.settings.search
        made = {}
        for name, (_, change) in SEARCHES.items():
            if (other := settings.model_copy(update=change)) != settings:
                made[name] = Searcher(assistant.index, other)
                made[name].remembered = assistant.searcher.remembered  # the vectors of blocks are the same
        _searchers[assistant] = made
    return _searchers[assistant]


def _found_and_shown(case: Case, assistant: Assistant, searcher: Searcher) -> tuple[float, float]:
    passages = searcher.search(case.question, limit=_LIMIT).passages
    found = evidence_found(case.evidence, first_words((one.text for one in passages), _WORDS))
    parts = Parts(searcher, fitted(), assistant.settings.answer)
    right, shown, quotes = evidence_shown(case, quotes_of(answer(Question(question=case.question), parts)))
    precision, recall = right / quotes if quotes else 0.0, shown / len(case.evidence)
    return found, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _found_with_neighbours(case: Case, searcher: Searcher) -> float:
    rows: dict[int, None] = {}
    for hit in searcher.retrieve(case.question, limit=_LIMIT).hits:
        around = searcher.index.stored(hit.row).rows
        at = around.index(hit.row)
        rows |= dict.fromkeys(around[max(0, at - 1) : at + 2])
    return evidence_found(case.evidence, first_words((searcher.index.passage(row).text for row in rows), _WORDS))


def _of_the_claim(case: Case, part: str) -> tuple[bool, bool]:
    """Whether a claim is shown as supported, and whether it is withheld, by a checker that lacks a part."""
    assert case.labelled is not None
    checks = [checker_with(part).verify(claim, case.labelled.passages) for claim in case.labelled.claims]
    return all(one.verdict in BORNE_OUT for one in checks), any(one.verdict == "unsupported" for one in checks)


def _of_the_checker(case: Case) -> dict[str, tuple[float, float]]:
    """Caught and withheld, as configured, and what taking each part away adds to that."""
    assert case.labelled is not None
    true = case.labelled.supported
    passes, withheld = _of_the_claim(case, "")
    found = {"caught": (float(not passes), float(not true)), "withheld": (float(withheld), float(true))}
    for part in PARTS:
        passes_now, withheld_now = _of_the_claim(case, part)
        found[f"caught_{part}"] = (float(passes) - float(passes_now), float(not true))
        found[f"withheld_{part}"] = (float(withheld_now) - float(withheld), float(true))
    return defined(**found)


def _measures() -> Iterator[Measure]:
    told = "What the differences are from."
    changes = {name: title for name, (title, _) in (*SEARCHES.items(), *SIZES.items())}
    yield Measure("found", "evidence in the first 500 words, as configured", told, optional=True)
    for name, title in {**changes, _NEIGHBOURS[1]: _NEIGHBOURS[0]}.items():
        yield _difference(f"found_{name}", f"{title}: evidence found")
    yield Measure("f1", "evidence F1 of answers, as configured", told, optional=True)
    for name, title in changes.items():
        yield _difference(f"f1_{name}", f"{title}: evidence F1")
    yield Measure("caught", "unsupported claims caught, as configured", told, optional=True)
    for part, title in PARTS.items():
        yield _difference(f"caught_{part}", f"checker {title}: caught")
    yield Measure("withheld", "supported claims withheld, as configured", told, "low", optional=True)
    for part, title in PARTS.items():
        yield _difference(f"withheld_{part}", f"checker {title}: withheld")


def _difference(name: str, title: str) -> Measure:
    return Measure(name, title, "Paired difference.", "neither", "difference", optional=True)


SUITE = Suite(
    name="ablations",
    asks="What is each part worth? Differences to the configuration in force: where evidence, or what is caught, falls "
    "without a part, it is worth having. No reranker ships with the project; where one is set, it is taken away too.",
    measures=tuple(_measures()),
    score=score,
    sets=("shipped", "perturbations", "conditionalqa"),
    select=lambda case: case.labelled is not None or (case.answerable and bool(case.evidence) and not case.history),
    only_by_name=True,
)
