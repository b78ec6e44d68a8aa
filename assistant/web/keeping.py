"""What the page asks of the records, and a conversation's life in them; without records everything here does nothing.

A record that cannot be written never costs the reader an answer. Knows nothing of Gradio, HTML or databases.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from assistant.answer import Answer
from assistant.errors import BernardError, InputError
from assistant.web.conversation import Conversation, Exchange

_log = logging.getLogger(__name__)
NOT_KEPT = "This could not be done: the records do not answer. Try again later."


class ListedConversation(Protocol):
    """One conversation in a list."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def changed_at(self) -> dt.datetime:
        """When its last answer was given."""

    @property
    def answers(self) -> int:
        """How many it has."""

    @property
    def expires_at(self) -> dt.datetime | None:
        """When the records let go of it; None for never."""


class KeptExchange(Protocol):
    """One answer of a conversation."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def answer(self) -> Answer:
        """What came back."""


class KeptConversation(Protocol):
    """A conversation with its answers."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def expires_at(self) -> dt.datetime | None:
        """When the records let go of it; None for never."""

    @property
    def exchanges(self) -> Sequence[KeptExchange]:
        """Oldest first."""


class Keeping(Protocol):
    """Records of conversations, each user's own; raises InputError for what is not this user's."""

    def begin(self, user: str) -> str:
        """The name of a new conversation."""

    def add_exchange(self, given: Sequence[Answer], *, user: str, conversation: str, replacing: str = "") -> Sequence[str]:
        """Keep the answers to one question, all or none, in place of an answer and those after it; their names."""

    def conversations(self, user: str, *, search: str = "", limit: int = 100) -> Sequence[ListedConversation]:
        """A user's conversations, newest first."""

    def unasked(self, user: str) -> Sequence[ListedConversation]:
        """A user's conversations without an answer, newest first, with the titles that were given."""

    def conversation(self, user: str, id: str) -> KeptConversation:
        """One conversation, whole."""

    def rename(self, user: str, id: str, title: str) -> None:
        """Call a conversation something else."""

    def delete_conversation(self, user: str, id: str) -> None:
        """Delete a conversation and its answers."""

    def give_feedback(
        self, user: str, answer_id: str, *, kinds: Sequence[Any], text: str = "", claim: int | None = None
    ) -> str:
        """Keep what a user says of an answer, or of one claim of it by position."""


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation as one page holds it.

    Attributes:
        exchanges: Oldest first.
        id: Its name in the records, "" while it has none.
        expires_at: When the records let go of it.
    """

    exchanges: Conversation = ()
    id: str = ""
    expires_at: dt.datetime | None = None


def kept(keeping: Keeping | None, user: str, session: Session, *, replacing: str = "") -> Session:
    """The session with its latest exchange in the records.

    Args:
        keeping: The records.
        user: Whose conversation.
        session: Its last exchange is new.
        replacing: Name of the answer from which on the new exchange stands in place of the old ones.
    """
    if keeping is None or not session.exchanges:
        return session
    latest = session.exchanges[-1]
    try:
        name = session.id or keeping.begin(user)
        given = [latest.beside, latest.answer] if latest.beside else [latest.answer]
        ids = keeping.add_exchange(given, user=user, conversation=name, replacing=replacing)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer goes to the reader
        # No stack trace: it could hold the question.
        _log.error("An answer was not recorded (%s): %s", type(error).__name__, _words(error))
        return session
    record, beside = next(reversed(ids), ""), ids[0] if len(ids) > 1 else ""
    return replace(session, exchanges=(*session.exchanges[:-1], replace(latest, id=record, beside_id=beside)), id=name)


def opened(keeping: Keeping, user: str, id: str) -> Session:
    """A conversation from the records.

    Raises:
        InputError: It is not there, or another's.
    """
    found = keeping.conversation(user, id)
    exchanges: list[Exchange] = []
    for one in found.exchanges:
        last = exchanges[-1] if exchanges else None
        if last and not last.beside and _is_pair(last.answer, one.answer):
            exchanges[-1] = Exchange(one.answer, one.id, last.answer, last.id)
        else:
            exchanges.append(Exchange(one.answer, one.id))
    return Session(tuple(exchanges), found.id, found.expires_at)


def _is_pair(first: Answer, second: Answer) -> bool:
    """The same question, by quotation and then by a model: asked side by side."""
    return first.question == second.question and first.model == "quotation" and second.model != "quotation"


def fault_of(error: Exception) -> str:
    """What the reader is told when the records fail."""
    if isinstance(error, InputError):
        return str(error)
    _log.error("The records do not answer (%s): %s", type(error).__name__, _words(error))
    return NOT_KEPT


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, BernardError) else "please report it"
