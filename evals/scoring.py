"""From what a system brought to the figures of each question, and from those to the rows of the table.

Knows nothing of processes, files or how a table is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evals.asking import WORDS
from evals.conditionalqa import Question
from evals.metrics import (
    Estimate,
    estimate,
    evidence_found,
    f1,
    normalised,
    percentile,
    right_page,
    share_answered,
    threshold_to_answer,
)
from evals.records import Answered, BernardAsked, Found, Row, Scores, System

ANSWERED_SHARE = 0.9
_FOUND_BARS = {250: 0.72, 500: 0.86, 1000: 0.94}
_RIGHT_PAGE_BAR = 0.95
_F1_BAR = 0.38
_FALSE_ANSWERS_BAR = 0.30
_TIMES_FASTER_BAR = 3.0
_UNCHANGED_BAR = 5.0  # seconds
_PEAK_BAR = 2048.0  # MiB
_SHORT_QUESTIONS = {
    "answered_short": "short answerable questions answered, cross-validated",
    "false_answers_short": "false answers to short questions, cross-validated",
}
_SEARCH_BAR, _ANSWER_BAR = 25.0, 150.0  # milliseconds, p50


def score_found(questions: Sequence[Question], found: Sequence[Found]) -> tuple[Scores, ...]:
    """What a search found of each question's evidence."""
    by_id = {item.id: item for item in found}
    return tuple(_found(question, by_id[question.id]) for question in questions if question.id in by_id)


def _found(question: Question, found: Found) -> Scores:
    words = found.words.split()
    return Scores(
        id=question.id,
        url=question.url,
        found={limit: evidence_found(question.evidence, words[:limit]) for limit in WORDS},
        right_page=right_page(question.url, found.first_url),
        search_ms=found.search_ms,
    )


def score_bernard(questions: Sequence[Question], asked: BernardAsked) -> tuple[Scores, ...]:
    """What Bernard found and showed of each question's evidence."""
    answers = {item.id: item for item in asked.answered}
    gold = {question.id: frozenset(map(normalised, question.evidence)) for question in questions}
    return tuple(_shown(scores, answers[scores.id], gold[scores.id]) for scores in score_found(questions, asked.found))


def _shown(scores: Scores, answer: Answered, gold: frozenset[str]) -> Scores:
    return scores.model_copy(
        update={
            "f1": f1(frozenset(map(normalised, answer.quotes)), gold) if answer.answered else 0.0,
            "f1_regardless": f1(frozenset(map(normalised, answer.quotes_regardless)), gold),
            "answered": answer.answered,
            "confidence": answer.confidence,
            "confidence_without_page": answer.confidence_without_page,
            "answered_without_page": answer.answered_without_page,
            "ask_ms": answer.ask_ms,
        }
    )


def rows(bernard: System, quick_start: System | None) -> tuple[Row, ...]:
    """The table, in the order in which guidance and questions go through the system."""
    return (
        *_ingest_rows(bernard, quick_start),
        *_search_rows(bernard.scores, quick_start.scores if quick_start else ()),
        *_answer_rows(bernard),
        *_speed_rows(bernard.scores, quick_start.scores if quick_start else ()),
    )


def _ingest_rows(bernard: System, quick_start: System | None) -> list[Row]:
    ours, theirs = bernard.ingested, quick_start.ingested if quick_start else None
    again = bernard.unchanged
    times = theirs.seconds / ours.seconds if ours and theirs else None
    return [
        Row(what="ingest, wall time", unit="s", bernard=ours and ours.seconds, quick_start=theirs and theirs.seconds),
        Row(what="ingest, times faster than the quick start", unit="times", bernard=times, bar=_TIMES_FASTER_BAR),
        Row(
            what="ingest, peak memory",
            unit="MiB",
            bernard=ours and ours.peak_mib,
            quick_start=theirs and theirs.peak_mib,
            bar=_PEAK_BAR,
            at_least=False,
        ),
        Row(
            what="unchanged ingest, after start-up",
            unit="s",
            bernard=again and again.told["seconds"],
            bar=_UNCHANGED_BAR,
            at_least=False,
        ),
        Row(what="unchanged ingest, whole process", unit="s", bernard=again and again.seconds),
    ]


def _search_rows(ours: Sequence[Scores], theirs: Sequence[Scores]) -> list[Row]:
    found = [
        _compared(f"evidence found, first {limit:,} words", ours, theirs, _found_within(limit), bar=_FOUND_BARS.get(limit))
        for limit in WORDS
    ]
    return [*found, _compared("right page first", ours, theirs, lambda scores: scores.right_page, bar=_RIGHT_PAGE_BAR)]


def _found_within(limit: int) -> Callable[[Scores], float]:
    return lambda scores: scores.found[limit]


def _compared(
    what: str,
    ours: Sequence[Scores],
    theirs: Sequence[Scores],
    figure: Callable[[Scores], float],
    *,
    bar: float | None = None,
) -> Row:
    """A share for both systems, with intervals, and their difference question by question."""
    mine = _estimate(ours, figure)
    if not theirs:
        return Row(what=what, unit="share", bernard=mine.mean, bernard_interval=mine, bar=bar)
    other = {scores.id: figure(scores) for scores in theirs}
    paired = [scores for scores in ours if scores.id in other]
    their = _estimate(theirs, figure)
    return Row(
        what=what,
        unit="share",
        bernard=mine.mean,
        bernard_interval=mine,
        quick_start=their.mean,
        quick_start_interval=their,
        difference=_estimate(paired, lambda scores: figure(scores) - other[scores.id]),
        bar=bar,
    )


def _estimate(scores: Sequence[Scores], figure: Callable[[Scores], float]) -> Estimate:
    return estimate([figure(item) for item in scores], [item.url for item in scores])


def _answer_rows(bernard: System) -> list[Row]:
    scores = bernard.scores
    crossed = bernard.facts["weights"]["cross_validated"]
    confident = [item.confidence or 0.0 for item in scores]
    at_ninety = threshold_to_answer(confident, ANSWERED_SHARE)
    ninety = share_answered(confident, at_ninety)
    return [
        _own("evidence shown, mean F1, refusals count 0 *", scores, lambda item: item.f1 or 0.0, bar=_F1_BAR),
        _own("evidence shown, mean F1, nothing refused *", scores, lambda item: item.f1_regardless or 0.0),
        Row(
            what="evidence shown, mean F1, nothing refused, cross-validated",
            unit="share",
            bernard=crossed["evidence_f1"],
            bar=_F1_BAR,
        ),
        _own("answerable questions answered *", scores, lambda item: float(bool(item.answered))),
        _own("false answers with the page removed *", scores, lambda item: float(bool(item.answered_without_page))),
        _own(
            f"false answers while {_percent(ninety)} of the answerable ones are answered *",
            scores,
            _false_answer_from(at_ninety),
            bar=_FALSE_ANSWERS_BAR,
            at_least=False,
        ),
        Row(
            what=f"false answers while {_percent(crossed['answered'])} are answered, cross-validated",
            unit="share",
            bernard=crossed["false_answers"],
            bar=_FALSE_ANSWERS_BAR,
            at_least=False,
        ),
        *(Row(what=what, unit="share", bernard=crossed[name]) for name, what in _SHORT_QUESTIONS.items() if name in crossed),
    ]


def _own(
    what: str,
    scores: Sequence[Scores],
    figure: Callable[[Scores], float],
    *,
    bar: float | None = None,
    at_least: bool = True,
) -> Row:
    found = _estimate(scores, figure)
    return Row(what=what, unit="share", bernard=found.mean, bernard_interval=found, bar=bar, at_least=at_least)


def _false_answer_from(threshold: float) -> Callable[[Scores], float]:
    return lambda scores: float((scores.confidence_without_page or 0.0) >= threshold)


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".removesuffix(".0") + " %"


def _speed_rows(ours: Sequence[Scores], theirs: Sequence[Scores]) -> list[Row]:
    searched, theirs_searched = [item.search_ms for item in ours], [item.search_ms for item in theirs]
    asked = [item.ask_ms or 0.0 for item in ours]
    found = []
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        other = percentile(theirs_searched, share) if theirs else None
        bar = _SEARCH_BAR if share == 0.5 else None
        mine = percentile(searched, share)
        found.append(Row(what=f"search, {name}", unit="ms", bernard=mine, quick_start=other, bar=bar, at_least=False))
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        bar = _ANSWER_BAR if share == 0.5 else None
        mine = percentile(asked, share)
        found.append(Row(what=f"answer by quotation, {name}", unit="ms", bernard=mine, bar=bar, at_least=False))
    return found
