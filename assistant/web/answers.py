"""What the page needs of whatever answers: one method. Knows nothing of Gradio or of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assistant.answer import Answer, Turn


class Answers(Protocol):
    """Something that answers questions; several threads may ask at once."""

    def ask(self, question: str, *, history: Sequence[Turn] = (), id: str = "") -> Answer:
        """Answer `question`, which may lean on `history`, oldest message first."""
        ...
