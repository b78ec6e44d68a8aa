"""Bernard as a Python object: open it, ask it, close it. Also a LangChain Runnable, to stand in anyone's chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from langchain_core.runnables import Runnable, RunnableConfig

from assistant.answer.flow import Parts, answer
from assistant.answer.model import Answer, Question, Turn
from assistant.answer.rewrite import standalone
from assistant.answer.weighing import fitted
from assistant.index import Index
from assistant.safety import screen
from assistant.search import Filters, Searcher, SearchResult
from assistant.settings import Settings, load_settings


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
        self._parts = Parts(self.searcher, fitted(), settings.answer)

    @classmethod
    def open(cls, settings: Settings | None = None) -> Self:
        """Open the index that the settings name.

        Args:
            settings: Read from the environment and bernard.toml when not given.

        Raises:
            IndexUnusable: There is no index, or it was made otherwise.
            ModelUnavailable: The embedding model cannot be loaded.
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

    def search(
        self, question: str, *, history: Sequence[Turn] = (), id: str = "", limit: int = 10, filters: Filters | None = None
    ) -> SearchResult:
        """The passages an answer would be made from.

        Raises:
            InputError: The question is empty or too long.
        """
        searched = self.searcher.search(standalone(screen(question), history), limit=limit, filters=filters, id=id)
        return searched.model_copy(update={"question": question})

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Answer one question, as a step of a LangChain chain."""
        return self._call_with_config(self._answer, input, config, **kwargs)

    def _answer(self, given: Any) -> Answer:
        asked = Question(question=given) if isinstance(given, str) else Question.model_validate(given)
        return answer(asked, self._parts)
