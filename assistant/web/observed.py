"""An assistant whose answers are counted, timed and logged, one line each; asked through this, by whichever page.

Knows nothing of who asks. The text of a question goes into the log only where the settings say so.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import Any

from assistant.answer import Answer, Assistant, Brought, Drafter, Event, Finished, Source, Task, Turn, question_of
from assistant.index import HeldIndex, Searchable
from assistant.search import Facets, Filters, Neighbour, SearchResult
from assistant.web.figures import Figures

_log = logging.getLogger(__name__)


class Observed:
    """Answers as the assistant does."""

    def __init__(self, assistant: Assistant, figures: Figures, *, log_questions: bool = False) -> None:
        self._assistant, self._figures, self._log_questions = assistant, figures, log_questions

    def ask(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Answer:
        """Answer one question."""
        *_, last = self.ask_events(question, history=history, id=id)
        assert isinstance(last, Finished)
        return last.answer

    def ask_events(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        id: str = "",
        filters: Filters | None = None,
        drafter: Drafter | None = None,
        own: Searchable | None = None,
    ) -> Iterator[Event]:
        """Answer one question and tell what happens meanwhile; see `Assistant.ask_events`."""
        return self._observed(
            question,
            lambda: self._assistant.ask_events(question, history=history, id=id, filters=filters, drafter=drafter, own=own),
        )

    def go_through(self, task: Task, files: Sequence[Brought], *, own: HeldIndex) -> Answer:
        """See `Assistant.go_through`."""
        *_, last = self.go_through_events(task, files, own=own, drafter="quotation")
        assert isinstance(last, Finished)
        return last.answer

    def go_through_events(
        self, task: Task, files: Sequence[Brought], *, own: HeldIndex, drafter: Drafter | None = None
    ) -> Iterator[Event]:
        """See `Assistant.go_through_events`."""
        return self._observed(
            question_of(task, files), lambda: self._assistant.go_through_events(task, files, own=own, drafter=drafter)
        )

    def _observed(self, question: str, begin: Callable[[], Generator[Event, None, None]]) -> Iterator[Event]:
        self._figures.begun()
        begun = time.perf_counter()
        is_answered = False
        try:
            with closing(begin()) as events:
                for event in events:
                    if isinstance(event, Finished):
                        is_answered = True
                        self._figures.answered(event.answer)
                        self._tell("answered", question, begun, **_facts(event.answer))
                    yield event
        except GeneratorExit:
            if not is_answered:
                self._figures.left()
                self._tell("left", question, begun)
            raise
        except Exception as error:
            self._figures.broken(error)
            self._tell("broken", question, begun, kind=type(error).__name__)
            raise
        finally:
            self._figures.ended()

    def _tell(self, ended: str, question: str, begun: float, **facts: Any) -> None:
        told = {"milliseconds": round((time.perf_counter() - begun) * 1000), **facts}
        if self._log_questions:
            told["question"] = question
        _log.info("A question was %s", ended, extra={"told": told})

    @property
    def model_name(self) -> str:
        """The language model that writes, "" where answers are quoted."""
        return self._assistant.model_name

    def facets(self) -> Facets:
        """The organisations and types of document to which a search can be limited."""
        return self._assistant.facets()

    def around(self, source: Source, *, own: Searchable | None = None) -> tuple[Neighbour, ...]:
        """What stands around a source on its page."""
        return self._assistant.around(source, own=own)

    def search(
        self, question: str, *, history: Sequence[Turn] = (), limit: int = 10, filters: Filters | None = None
    ) -> SearchResult:
        """The passages an answer would be made from."""
        return self._assistant.search(question, history=history, limit=limit, filters=filters)


def _facts(answer: Answer) -> dict[str, Any]:
    """What the log says of an answer: no words of it or of its question."""
    return {
        "status": answer.status.value,
        "reason": answer.reason.value,
        "model": answer.model,
        "claims": len(answer.claims),
        "withheld": len(answer.withheld),
        "sources": len(answer.sources),
        "limited": answer.filters is not None,
        "index": answer.index_digest[:12],
        "stages": answer.timings_ms,
    }
