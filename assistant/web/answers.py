"""What the page needs of whatever answers, and what it makes use of where that is offered.

Knows nothing of Gradio or of HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from assistant.answer import Answer, Brought, Event, Source, Task, Turn
    from assistant.index import HeldIndex
    from assistant.search import Facets, Filters, Neighbour, SearchResult


class Answers(Protocol):
    """Something that answers questions; several threads may ask at once.

    One that also has `facets` takes `filters=` in `ask_events`; one that has a `model_name` takes `drafter=`.
    """

    def ask(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Answer:
        """Answer `question`, which may lean on `history`, oldest message first."""
        ...

    def ask_events(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Iterator[Event]:
        """The same, told as it happens; the last event is the answer."""
        ...


@runtime_checkable
class Limited(Protocol):
    """Answers that can be limited to a part of the guidance."""

    def facets(self) -> Facets:
        """The organisations and types of document there are."""
        ...


@runtime_checkable
class Surrounded(Protocol):
    """Answers that know what stands around a source."""

    def around(self, source: Source) -> Sequence[Neighbour]:
        """The passages around a source on its page, its own included."""
        ...


@runtime_checkable
class Searching(Protocol):
    """Answers that also give what they would be made from."""

    def search(
        self, question: str, *, history: Sequence[Turn] = (), limit: int = 10, filters: Filters | None = None
    ) -> SearchResult:
        """The passages an answer would be made from."""
        ...


@runtime_checkable
class Thorough(Protocol):
    """Answers that also search documents of the one who asks (`own=` in `ask_events`), and go through them whole."""

    def go_through(self, task: Task, files: Sequence[Brought], *, own: HeldIndex) -> Answer:
        """Sum up a document, list its duties, or compare two."""
        ...

    def go_through_events(
        self, task: Task, files: Sequence[Brought], *, own: HeldIndex, drafter: Literal["quotation", "model"] | None = None
    ) -> Iterator[Event]:
        """The same, written where there is a model, told as it happens."""
        ...

    def around(self, source: Source, *, own: HeldIndex | None = None) -> Sequence[Neighbour]:
        """The passages around a source, also where it is one's own."""
        ...


def model_of(answers: Answers) -> str:
    """The language model that writes, "" where there is none or it is not told."""
    return str(getattr(answers, "model_name", ""))
