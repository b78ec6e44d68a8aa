"""One question of a conversation: what is asked, what comes back, and what the reader is told when nothing does.

Knows nothing of Gradio or of HTML.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answer import Answer, Reason, Status, Turn
from assistant.errors import BernardError, InputError
from assistant.safety import screen
from assistant.web.answers import Answers

Conversation = tuple[Answer, ...]

_log = logging.getLogger(__name__)
_UNUSABLE = {Reason.EMPTY_QUESTION, Reason.QUESTION_TOO_LONG}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question did to a conversation.

    Attributes:
        conversation: The answers so far, with the new one last if there is one.
        fault: What to put right or what went wrong, "" if nothing; plain text, shown by the question box.
        question: What stays in the question box.
    """

    conversation: Conversation
    fault: str = ""
    question: str = ""


def fault_of(question: str) -> str:
    """Why `question` cannot be asked, "" if it can."""
    try:
        screen(question)
    except InputError as error:
        return str(error)
    return ""


def ask(answers: Answers, question: str, conversation: Conversation) -> Outcome:
    """Ask one question; every failure becomes a message, never an exception."""
    if fault := fault_of(question):
        return Outcome(conversation, fault, question)
    try:
        answer = answers.ask(question.strip(), history=tuple(_history(conversation)))
    except InputError as error:
        return Outcome(conversation, str(error), question)
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message and the log the rest
        return Outcome(conversation, _failure(error), question)
    if answer.status is Status.FAILED:
        return Outcome(conversation, _failure(None), question)
    if answer.reason in _UNUSABLE:
        return Outcome(conversation, answer.text, question)
    return Outcome((*conversation, answer))


def _history(conversation: Conversation) -> Iterator[Turn]:
    for answer in conversation:
        yield Turn(role="user", content=answer.question)
        yield Turn(role="assistant", content=answer.text)


def _failure(error: Exception | None) -> str:
    """Write the failure to the log under a reference number, and say what the reader can do about it."""
    reference = secrets.token_hex(4).upper()
    _log.error("A question could not be answered. Reference %s", reference, exc_info=error)
    what = str(error).rstrip(".") if isinstance(error, BernardError) else "Something went wrong and there is no answer"
    return (
        f"{what}. Your question is still in the box: try again. "
        f"If it happens again, give reference {reference} to whoever looks after Bernard."
    )
