"""The records as the page needs them, opened when they are first needed.

An answer is kept through the recorder, which never lets a record that cannot be written cost a reader an answer; everything
else goes to the records themselves. Knows nothing of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.records import KeptConversation, ListedConversation, Recorder


class Lasting:
    """What `assistant.web.keeping.Keeping` asks for, over a recorder."""

    def __init__(self, recorder: Recorder, *, also_clear: Callable[[str, str], None] | None = None) -> None:
        """Prepare.

        Args:
            recorder: Has the records.
            also_clear: Deletes what else belongs to a conversation, given its user and its name.
        """
        self._recorder, self._also_clear = recorder, also_clear

    def begin(self, user: str) -> str:
        """The name of a new conversation."""
        return self._recorder.records().begin(user)

    def add_exchange(self, given: Sequence[Answer], *, user: str, conversation: str, replacing: str = "") -> Sequence[str]:
        """Keep the answers to one question; their names, none when they could not be kept."""
        return self._recorder.keep_exchange(given, user=user, conversation=conversation, replacing=replacing)

    def conversations(self, user: str, *, search: str = "", limit: int = 100) -> Sequence[ListedConversation]:
        """A user's conversations, newest first."""
        return self._recorder.records().conversations(user, search=search, limit=limit)

    def unasked(self, user: str) -> Sequence[ListedConversation]:
        """A user's conversations without an answer."""
        return self._recorder.records().unasked(user)

    def conversation(self, user: str, id: str) -> KeptConversation:
        """One conversation, whole."""
        return self._recorder.records().conversation(user, id)

    def rename(self, user: str, id: str, title: str) -> None:
        """Call a conversation something else."""
        self._recorder.records().rename(user, id, title)

    def delete_conversation(self, user: str, id: str) -> None:
        """Delete a conversation and its answers."""
        self._recorder.records().delete_conversation(user, id)
        if self._also_clear:
            self._also_clear(user, id)

    def give_feedback(
        self, user: str, answer_id: str, *, kinds: Sequence[Any], text: str = "", claim: int | None = None
    ) -> str:
        """Keep what a user says of an answer, or of one claim of it by position."""
        return self._recorder.records().give_feedback(user, answer_id, kinds=kinds, text=text, claim=claim)
