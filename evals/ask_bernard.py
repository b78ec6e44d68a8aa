"""Asks Bernard everything the benchmark wants to know, in one process over one index.

    BERNARD_DATA_DIR=FOLDER python -m evals.ask_bernard [--held] QUESTIONS OUT

With `--held`, only the questions whose page is in the index are asked. Knows nothing of scores.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

import assistant.answer
from assistant.answer import Answer, Assistant, Status
from assistant.answer.flow import Parts, answer, weigh
from assistant.answer.weighing import fitted
from assistant.settings import Settings, list_settings, load_settings
from evals.asking import WARM_UP, ask_timed
from evals.conditionalqa import Question, load_questions
from evals.observing import never_refusing
from evals.records import Answered, BernardAsked, Found

_SEARCHED = 40  # passages that `assistant.answer.flow` searches for before weighing
_ANSWERED = {Status.ANSWERED, Status.PARTLY_ANSWERED}


def main(arguments: Sequence[str]) -> None:
    """Ask, and write what came back."""
    held = "--held" in arguments
    questions, out = [Path(argument) for argument in arguments if argument != "--held"]
    settings = load_settings()
    asked = load_questions(questions)
    if held:
        asked = _held(settings, asked)
    found = _search(settings, asked)
    Path(out).write_text(_ask(settings, asked, found).model_dump_json(), "utf-8")


def _held(settings: Settings, questions: Sequence[Question]) -> list[Question]:
    with Assistant.open(settings) as bernard:
        pages = {document.url for document in bernard.index.documents}
    return [question for question in questions if question.url in pages]


def _search(settings: Settings, questions: Sequence[Question]) -> tuple[Found, ...]:
    """Opened anew, as is `_ask`, so that neither is timed on what the other has brought into memory."""
    with Assistant.open(settings) as bernard:

        def find(text: str, limit: int) -> list[tuple[str, str]]:
            return [(passage.url, passage.text) for passage in bernard.search(text, limit=limit).passages]

        return ask_timed(find, questions)


def _ask(settings: Settings, questions: Sequence[Question], found: tuple[Found, ...]) -> BernardAsked:
    started = time.perf_counter()
    with Assistant.open(settings) as bernard:
        for number, question in enumerate(questions[:WARM_UP]):
            bernard.ask(question.text)
            if not number:
                opened = time.perf_counter() - started
        timed = []
        for question in tqdm(questions, desc="Asking, timed", disable=None, leave=False):
            started_one = time.perf_counter()
            given = bernard.ask(question.text)
            timed.append((given, (time.perf_counter() - started_one) * 1000))
        answered = tuple(
            _answered(bernard, question, given, milliseconds)
            for question, (given, milliseconds) in zip(
                tqdm(questions, desc="Asking without the page", disable=None, leave=False), timed, strict=True
            )
        )
        return BernardAsked(
            open_seconds=opened if questions else 0.0,
            passages=len(bernard.index),
            documents=len(bernard.index.documents),
            index_digest=bernard.index.digest,
            settings=_own_settings(settings),
            weights=_about_weights(),
            found=found,
            answered=answered,
        )


def _answered(bernard: Assistant, question: Question, given: Answer, milliseconds: float) -> Answered:
    weights = fitted()
    parts = Parts(bernard.searcher, weights, bernard.settings.answer)
    regardless = never_refusing(bernard)
    with_page = bernard.searcher.retrieve(question.text, limit=_SEARCHED)
    without = bernard.searcher.retrieve(question.text, limit=_SEARCHED, keep=lambda document: document.url != question.url)
    confidence_without = weigh(without, parts).confidence
    return Answered(
        id=question.id,
        answered=given.status in _ANSWERED,
        quotes=_quotes(given),
        quotes_regardless=_quotes(answer(assistant.answer.Question(question=question.text), regardless)),
        confidence=weigh(with_page, parts).confidence,
        confidence_without_page=confidence_without,
        answered_without_page=weights.enough(confidence_without, question.text),
        ask_ms=milliseconds,
    )


def _quotes(given: Answer) -> tuple[str, ...]:
    return tuple(citation.quote for claim in given.claims for citation in claim.citations)


def _own_settings(settings: Settings) -> dict[str, str]:
    """The settings that somebody set, without the data folder, which the benchmark sets."""
    listed = list_settings(settings)
    return {item.name: item.value for item in listed if item.value != item.default and item.name != "data_dir"}


def _about_weights() -> dict[str, Any]:
    stored = json.loads((Path(assistant.answer.__file__).with_name("weights.json")).read_text("utf-8"))
    return {name: stored[name] for name in ("fitted", "data", "cross_validated", "enough_from", "enough_from_short")}


if __name__ == "__main__":
    main(sys.argv[1:])
