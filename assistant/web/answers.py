"""What the page needs of whatever answers. Knows nothing of Gradio or of HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assistant.answer import Answer, Event, Turn


class Answers(Protocol):
    """Something that answers questions; several threads may ask at once."""

    def ask(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Answer:
        """Answer `question`, which may lean on `history`, oldest message first."""
        ...

    def ask_events(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Iterator[Event]:
        """The same, told as it happens; the last event is the answer."""
        ...
