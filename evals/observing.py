"""Asks one case and keeps what came: the answer, and the passages found up to 2,000 words. Knows nothing of scores."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from assistant.answer import Answer, Assistant, Finished, Question, Turn
from assistant.answer.flow import Parts, answer
from assistant.answer.weighing import fitted
from assistant.documents import Document
from assistant.index import HeldIndex
from assistant.search import FoundPassage
from evals.cases import Case, CaseSet, Guidance
from evals.consulting import Room
from evals.guidance import Shelf
from evals.metrics import Texts
from evals.upload_attacks import added

_FIRST_LIMIT, _LAST_LIMIT, _WORDS = 50, 400, 2000


@dataclass(frozen=True, slots=True)
class Observed:
    """What a case brought.

    Attributes:
        answer: As every surface gets it.
        milliseconds: How long the answer took, as the asker waits for it.
    """

    answer: Answer
    milliseconds: float


class Observer:
    """Asks, and remembers, so that suites over the same cases ask once."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._answers: dict[tuple[str, str, tuple[Turn, ...], int, str], Observed] = {}
        self._found: dict[tuple[str, str, tuple[Turn, ...]], tuple[FoundPassage, ...]] = {}
        self._rows: dict[str, dict[str, int]] = {}
        self._texts: dict[str, Texts] = {}
        self._own: dict[str, dict[str, HeldIndex]] = {}
        self.room = Room(shelf.settings)

    def ask(self, case: Case, guidance: Guidance, *, epoch: int = 0) -> Observed:
        """The answer to a case, with its conversation before it."""
        return self._ask(case.question, self._history(case, guidance), guidance, epoch, without=case.without)

    def _ask(
        self, question: str, history: tuple[Turn, ...], guidance: Guidance, epoch: int, *, without: str = ""
    ) -> Observed:
        key = (self.shelf.name(guidance), question, history, epoch, without)
        if key not in self._answers:
            assistant = self.shelf.assistant(guidance)
            started = time.perf_counter()
            with page_taken_out(assistant, without):
                answer = assistant.ask(question, history=history)
            self._answers[key] = Observed(answer, (time.perf_counter() - started) * 1000)
        return self._answers[key]

    def regardless(self, case: Case, guidance: Guidance) -> Answer:
        """The answer to a case if it had to give one whatever it found."""
        assistant = self.shelf.assistant(guidance)
        asked = Question(question=case.question, history=self._history(case, guidance))
        with page_taken_out(assistant, case.without):
            return answer(asked, never_refusing(assistant))

    def ask_with_own(self, case: Case, one: CaseSet) -> Answer:
        """The answer to a case whose asker has added a file of the set to the conversation."""
        assistant = self.shelf.assistant(one.guidance)
        if one.name not in self._own:
            self._own[one.name] = added(one.own_files, self.shelf.settings, assistant)
        *_, last = assistant.ask_events(case.question, own=self._own[one.name][case.own_file])
        assert isinstance(last, Finished), "the last event is the answer"
        return last.answer

    def find(self, case: Case, guidance: Guidance) -> tuple[FoundPassage, ...]:
        """The passages found for a case, best first, at least as many as hold 2,000 words."""
        history = self._history(case, guidance)
        key = (self.shelf.name(guidance), case.question, history)
        if key not in self._found:
            self._found[key] = _enough(self.shelf.assistant(guidance), case.question, history)
        return self._found[key]

    def indexed_text(self, passage_id: str, guidance: Guidance) -> str | None:
        """What the index itself holds under a passage's name; None when it holds no such passage."""
        row = self._row(passage_id, guidance)
        return None if row is None else self.shelf.assistant(guidance).index.passage(row).text

    def holding(self, sentences: Sequence[str], guidance: Guidance) -> dict[str, frozenset[str]]:
        """The names of all passages of the index that hold each sentence whole, with their lead-in before them."""
        name = self.shelf.name(guidance)
        index = self.shelf.assistant(guidance).index
        if name not in self._texts:
            passages = (index.passage(row) for row in range(len(index)))
            self._texts[name] = Texts(f"{passage.context} {passage.text}" for passage in passages)
        texts = self._texts[name]
        return {one: frozenset(index.passage_id(row) for row in texts.holding(one)) for one in sentences}

    def document(self, passage_id: str, guidance: Guidance) -> Document | None:
        """The document that holds a passage; several may have the same address, as the parts of a guide have."""
        row = self._row(passage_id, guidance)
        return None if row is None else self.shelf.assistant(guidance).index.brief(row)

    def _row(self, passage_id: str, guidance: Guidance) -> int | None:
        name = self.shelf.name(guidance)
        if name not in self._rows:
            index = self.shelf.assistant(guidance).index
            self._rows[name] = {index.passage_id(row): row for row in range(len(index))}
        return self._rows[name].get(passage_id)

    def _history(self, case: Case, guidance: Guidance) -> tuple[Turn, ...]:
        turns: list[Turn] = []
        for number, earlier in enumerate(case.history):
            if case.said:
                said = case.said[number] if number < len(case.said) else ""
            else:
                said = self._ask(earlier, tuple(turns), guidance, 0).answer.text
            turns.append(Turn(role="user", content=earlier))
            if said:
                turns.append(Turn(role="assistant", content=said))
        return tuple(turns)


def never_refusing(assistant: Assistant) -> Parts:
    """What the flow of an assistant works with, but that any evidence is enough and nothing is taken for small talk."""
    weights = replace(fitted(), enough_from=0.0, enough_from_short=0.0)
    return Parts(assistant.searcher, weights, assistant.settings.answer)


@contextmanager
def page_taken_out(assistant: Assistant, url: str) -> Iterator[None]:
    """The assistant searches as if the index held no page of this address; "" leaves it as it is. For one thread."""
    if not url:
        yield
        return
    searcher = assistant.searcher
    whole = searcher.retrieve
    searcher.retrieve = partial(whole, keep=lambda document: document.url != url)  # type: ignore[method-assign]
    try:
        yield
    finally:
        del searcher.retrieve


def _enough(assistant: Assistant, question: str, history: Sequence[Turn]) -> tuple[FoundPassage, ...]:
    limit = _FIRST_LIMIT
    while True:
        found = assistant.search(question, history=history, limit=limit).passages
        words = sum(len(passage.text.split()) for passage in found)
        if words >= _WORDS or len(found) < limit or limit >= _LAST_LIMIT:
            return found
        limit *= 2
