"""An assistant whose answers are counted, timed and logged, one line each; asked through this, by whichever page.

Knows nothing of who asks. The text of a question goes into the log only where the settings say so.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from assistant.answer import Answer, Assistant, Drafter, Event, Finished, Source, Turn
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
    ) -> Iterator[Event]:
        """Answer one question and tell what happens meanwhile; see `Assistant.ask_events`."""
        self._figures.begun()
        begun = time.perf_counter()
        is_answered = False
        try:
            asked = self._assistant.ask_events(question, history=history, id=id, filters=filters, drafter=drafter)
            with closing(asked) as events:
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

    def around(self, source: Source) -> tuple[Neighbour, ...]:
        """What stands around a source on its page."""
        return self._assistant.around(source)

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
