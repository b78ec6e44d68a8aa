"""Asks a search many questions: once for time, once for as many words as are measured. Knows nothing of who searches."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from tqdm import tqdm

from evals.conditionalqa import Question
from evals.metrics import first_words
from evals.records import Found

WORDS = (250, 500, 1000, 2000)
"""Retrieved words within which evidence is looked for."""

WARM_UP = 5
_TIMED_LIMIT = 10
_FIRST_LIMIT, _LAST_LIMIT = 50, 800

Find = Callable[[str, int], Sequence[tuple[str, str]]]
"""From a question and a limit to (address, text) of that many passages, best first."""


def ask_timed(find: Find, questions: Sequence[Question]) -> tuple[Found, ...]:
    """Search for every question, after a warm-up that is not counted; the timed searches come before all others."""
    for question in questions[:WARM_UP]:
        find(question.text, _TIMED_LIMIT)
    times = []
    for question in tqdm(questions, desc="Searching, timed", disable=None, leave=False):
        started = time.perf_counter()
        find(question.text, _TIMED_LIMIT)
        times.append((time.perf_counter() - started) * 1000)
    return tuple(
        _found(find, question, milliseconds)
        for question, milliseconds in zip(
            tqdm(questions, desc="Searching, 2,000 words", disable=None, leave=False), times, strict=True
        )
    )


def _found(find: Find, question: Question, milliseconds: float) -> Found:
    """What a question brings, with as many passages as it takes to fill the words measured."""
    limit = _FIRST_LIMIT
    while True:
        passages = find(question.text, limit)
        words = first_words((text for _, text in passages), WORDS[-1])
        if len(words) == WORDS[-1] or len(passages) < limit or limit >= _LAST_LIMIT:
            break
        limit *= 2
    return Found(
        id=question.id,
        first_url=passages[0][0] if passages else None,
        words=" ".join(words),
        search_ms=milliseconds,
    )
