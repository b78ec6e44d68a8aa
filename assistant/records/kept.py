"""Conversations as they are kept, and what readers said of the answers in them. Knows nothing of databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from assistant.answer import Answer
from assistant.records.model import as_text


@dataclass(frozen=True, slots=True)
class ListedConversation:
    """One conversation in a list.

    Attributes:
        id: Names it, and cannot be guessed.
        title: As given by its owner, else the opening of its first question.
        begun_at: When it was begun, in UTC.
        changed_at: When an answer last came to it or left it, in UTC.
        answers: How many answers it holds.
        expires_at: When it goes by itself, with its answers; None where nothing does.
    """

    id: str
    title: str
    begun_at: dt.datetime
    changed_at: dt.datetime
    answers: int
    expires_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer: the answer's id in the records, when it was given, in UTC, and itself."""

    id: str
    given_at: dt.datetime
    answer: Answer


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A conversation with its exchanges, oldest first; otherwise as in `ListedConversation`."""

    id: str
    title: str
    begun_at: dt.datetime
    changed_at: dt.datetime
    expires_at: dt.datetime | None
    exchanges: tuple[Exchange, ...]


class FeedbackKind(StrEnum):
    """What a reader may say of an answer, or of one of its claims."""

    WRONG = "wrong"
    OUT_OF_DATE = "out of date"
    INCOMPLETE = "incomplete"
    UNCLEAR = "unclear"
    HELPFUL = "helpful"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of an answer.

    Attributes:
        id: Names it within the records.
        given_at: When it was given, in UTC.
        user: Who gave it, "" where nobody signs in.
        answer_id: The answer it is about.
        question: What had been asked.
        status: How the answer ended.
        kinds: What is said of it, each once.
        text: In the reader's own words, may be "".
        claim: Position of the claim it is about among the answer's claims, from 0; None when it is about the whole.
    """

    id: str
    given_at: dt.datetime
    user: str
    answer_id: str
    question: str
    status: str
    kinds: tuple[FeedbackKind, ...]
    text: str
    claim: int | None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {**asdict(self), "given_at": as_text(self.given_at), "kinds": [str(kind) for kind in self.kinds]}
