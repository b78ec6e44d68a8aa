"""One question of a conversation: what is asked, what comes back, and what the reader is told when nothing does.

Knows nothing of Gradio or of HTML.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.answer import (
    Answer,
    Claim,
    ClaimShown,
    ClaimWithheld,
    Event,
    Finished,
    Reason,
    Source,
    Stage,
    StageStarted,
    Status,
    Turn,
)
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


@dataclass(frozen=True, slots=True)
class Progress:
    """What there is of an answer that is still being written.

    Attributes:
        question: As asked.
        claims: What is shown so far, each checked.
        sources: What they cite.
        withheld: How many claims failed.
        is_written: A language model writes.
    """

    question: str
    claims: tuple[Claim, ...] = ()
    sources: tuple[Source, ...] = ()
    withheld: int = 0
    is_written: bool = False


def fault_of(question: str) -> str:
    """Why `question` cannot be asked, "" if it can."""
    try:
        screen(question)
    except InputError as error:
        return str(error)
    return ""


def follow(answers: Answers, question: str, conversation: Conversation) -> Iterator[Progress | Outcome]:
    """Ask one question; each step of a written answer, then what it did. Every failure becomes a message, no exception."""
    if fault := fault_of(question):
        yield Outcome(conversation, fault, question)
        return
    progress = Progress(question.strip())
    try:
        for event in answers.ask_events(question.strip(), history=tuple(_history(conversation))):
            if isinstance(event, Finished):
                yield _outcome(event.answer, question, conversation)
                return
            stepped = _stepped(progress, event)
            if stepped != progress and stepped.is_written:
                yield stepped
            progress = stepped
        raise AssertionError("the last event is the answer")
    except InputError as error:
        yield Outcome(conversation, str(error), question)
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message and the log the rest
        yield Outcome(conversation, _failure(error), question)


def ask(answers: Answers, question: str, conversation: Conversation) -> Outcome:
    """Ask one question and wait for what it did."""
    *_, last = follow(answers, question, conversation)
    assert isinstance(last, Outcome)
    return last


def _stepped(progress: Progress, event: Event) -> Progress:
    if isinstance(event, StageStarted) and event.stage is Stage.WRITE:
        return replace(progress, is_written=True)
    if isinstance(event, ClaimShown):
        return replace(progress, claims=(*progress.claims, event.claim), sources=(*progress.sources, *event.sources))
    if isinstance(event, ClaimWithheld):
        return replace(progress, withheld=progress.withheld + 1)
    return progress


def _outcome(answer: Answer, question: str, conversation: Conversation) -> Outcome:
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
