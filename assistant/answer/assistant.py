"""Bernard as a Python object: open it, ask it, close it. Also a LangChain Runnable, to stand in anyone's chain."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, Literal, Self, cast

from langchain_core.runnables import Runnable, RunnableConfig

from assistant.answer.document_tasks import Brought, Task, go_through
from assistant.answer.events import Event, Stage, StageStarted
from assistant.answer.flow import Parts, Routing, Writer, answer, bare, best_reading, completed, events, spelt
from assistant.answer.frames import without_frame
from assistant.answer.language_model import make_language_model
from assistant.answer.model import Answer, Question, Source, Turn
from assistant.answer.model_rewriter import ModelRewriter
from assistant.answer.routing import fitted_router
from assistant.answer.threads import in_a_thread, patiently
from assistant.answer.weighing import fitted
from assistant.answer.written_tasks import written_from
from assistant.errors import InputError
from assistant.grounding import Checker, make_learned_checker
from assistant.index import HeldIndex, Index, Searchable, make_embedder, make_token_embedder
from assistant.safety import screen
from assistant.search import Facets, Filters, Neighbour, Searcher, SearchResult, around, facets
from assistant.settings import EmbeddingSettings, Settings, load_settings

_THROUGH_AT_ONCE = 2
"""Documents that are gone through at the same time, whoever asks: each keeps a core busy, a long one for a minute."""
_BETWEEN_SIGNS = 0.5
"""Seconds between two signs of life, at each of which it can be left."""

Drafter = Literal["quotation", "model"]
"""What drafts an answer: quotation alone, or the language model that the settings name, with what quotation adds."""


class Assistant(Runnable[Any, Answer]):
    """Answers questions from one index.

    As a Runnable it takes a question as text, as a `Question`, or as a mapping with `question` and optionally `id` and
    `history`, and gives an `Answer`; `ainvoke`, `batch` and `stream` follow from that. One object serves many threads.

    Example:
        >>> with Assistant.open() as bernard:  # doctest: +SKIP
        ...     print(bernard.ask("How long do I have to answer an FOI request?").text)
    """

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        self.settings = settings
        self.searcher = Searcher(index, settings.search)
        routing = make_routing(self.searcher, settings)
        writer = make_writer(settings)
        rewriter = ModelRewriter(writer.model) if writer and settings.generation.rewrites else None
        self._parts = Parts(self.searcher, fitted(), settings.answer, writer, routing, rewriter)
        self._going_through = threading.BoundedSemaphore(_THROUGH_AT_ONCE)

    @classmethod
    def open(cls, settings: Settings | None = None) -> Self:
        """Open the index that the settings name.

        Args:
            settings: Read from the environment and bernard.toml when not given.

        Raises:
            IndexUnusable: There is no index, or it was made otherwise.
            ModelUnavailable: The embedding model cannot be loaded, or the language model's extra is not installed.
            SettingsError: A setting cannot be used.
        """
        settings = settings or load_settings()
        return cls(Index(settings), settings)

    def close(self) -> None:
        """Let go of the index."""
        self.index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, question: str, *, history: Sequence[Turn] = (), id: str = "", filters: Filters | None = None) -> Answer:
        """Answer one question; never raises for what was asked, the answer's status says how it ended."""
        return answer(Question(question=question, id=id, history=tuple(history)), self._parts, filters=filters)

    def ask_events(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        id: str = "",
        filters: Filters | None = None,
        drafter: Drafter | None = None,
        own: Searchable | None = None,
    ) -> Generator[Event, None, None]:
        """Answer one question and tell what happens meanwhile: each claim as soon as it is checked, at last the answer.

        May be consumed from any thread and left at any time; a language model then stops writing. `drafter` chooses for
        this question; None leaves it to the settings. `own` are documents of the one who asks, searched beside the guidance.

        Raises:
            InputError: The model is to draft and none is set.
        """
        if drafter == "model" and not self.model_name:
            raise InputError("No language model is set, so none can write. Ask by quotation, or set BERNARD_MODEL.")
        parts = replace(self._parts, writer=None) if drafter == "quotation" else self._parts
        asked = Question(question=question, id=id, history=tuple(history))
        return in_a_thread(lambda: events(asked, parts, filters=filters, own=own), name="answering")

    def go_through(self, task: Task, files: Sequence[Brought], *, own: HeldIndex) -> Answer:
        """Sum up a document of the one who asks, list its duties, or compare two, by quotation.

        Raises:
            InputError: There are too few files, or one is not there any more.
        """
        return go_through(task, files, own=own, searcher=self.searcher.over(own), settings=self.settings.answer)

    def go_through_events(
        self, task: Task, files: Sequence[Brought], *, own: HeldIndex, drafter: Drafter | None = None
    ) -> Generator[Event, None, None]:
        """The same, written by the language model where one is set, told as it happens; the last event is the answer.

        Others may be gone through first. While it waits and works it says so again and again; when it is left, it stops.
        """
        writer = None if drafter == "quotation" else self._parts.writer

        def quoted() -> Answer:
            try:
                return self.go_through(task, files, own=own)
            finally:
                self._going_through.release()

        def told() -> Generator[Event, None, None]:
            yield StageStarted(Stage.SEARCH)
            while not self._going_through.acquire(timeout=_BETWEEN_SIGNS):
                yield StageStarted(Stage.SEARCH)
            answered = yield from _with_signs(patiently(quoted, every=_BETWEEN_SIGNS))
            yield from written_from(task, answered, writer, self.settings.answer)

        return in_a_thread(told, name="going through")

    @property
    def model_name(self) -> str:
        """The language model that writes, "" where answers are quoted."""
        return self._parts.writer.model.name if self._parts.writer else ""

    def around(self, source: Source, *, own: Searchable | None = None) -> tuple[Neighbour, ...]:
        """What stands around a source on its page; empty when the index, or `own` for one's own, no longer holds it."""
        if not source.uploaded:
            return around(self.searcher, source.url, source.passage_id)
        return around(self.searcher.over(own), source.url, source.passage_id) if own else ()

    def facets(self) -> Facets:
        """The organisations and types of document to which a search can be limited."""
        return facets(self.index)

    def search(
        self, question: str, *, history: Sequence[Turn] = (), id: str = "", limit: int = 10, filters: Filters | None = None
    ) -> SearchResult:
        """The passages an answer would be made from.

        Raises:
            InputError: The question is empty or too long.
        """
        message = spelt(bare(without_frame(screen(question))), self.searcher)
        readings = completed(message, history, self._parts.rewriter)
        alone = spelt(screen(readings[0].question), self.searcher)
        if len(readings) > 1:
            with self.index.steady():
                alone = best_reading(readings, self._parts, filters)[1].retrieval.question
        searched = self.searcher.search(alone, limit=limit, filters=filters, id=id)
        return searched.model_copy(update={"question": question})

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Answer one question, as a step of a LangChain chain."""
        return self._call_with_config(self._answer, input, config, **kwargs)

    def _answer(self, given: Any) -> Answer:
        asked = Question(question=given) if isinstance(given, str) else Question.model_validate(given)
        return answer(asked, self._parts)


def _with_signs(working: Generator[None, None, Answer]) -> Generator[Event, None, Answer]:
    """The result of some work, with a sign of life each time that it is not there yet."""
    with closing(working):
        while True:
            try:
                next(working)
            except StopIteration as done:
                return cast("Answer", done.value)
            yield StageStarted(Stage.SEARCH)


def make_writer(settings: Settings) -> Writer | None:
    """The language model that the settings name with what checks its claims; None where answers are quoted.

    Raises:
        SettingsError: The model's settings cannot be used.
        ModelUnavailable: The model's extra is not installed, or the checker's model cannot be loaded.
    """
    model = make_language_model(settings)
    if model is None:
        return None
    tokens = make_token_embedder(settings.embedding, cache_dir=settings.data_dir / "models")
    learned = make_learned_checker(settings.checking.model)
    return Writer(model, Checker(tokens, learned=learned, learned_weight=settings.checking.weight).verify)


def make_routing(searcher: Searcher, settings: Settings) -> Routing:
    """The fitted router, with the index's embedder where that is the one it was fitted with, else with the built-in one."""
    router = fitted_router()
    if searcher.index.embedder.name == router.embedder:
        return Routing(router, searcher.remembered.embed)
    built_in = EmbeddingSettings(threads=settings.embedding.threads)
    return Routing(router, make_embedder(built_in, cache_dir=settings.data_dir / "models").embed)
