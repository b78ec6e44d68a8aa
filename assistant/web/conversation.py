"""One question of a conversation: what is asked, what comes back, and what the reader is told when nothing does.

Knows nothing of Gradio or of HTML.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

from assistant.answer import (
    Answer,
    AnswerNotice,
    Claim,
    ClaimShown,
    ClaimWithheld,
    Event,
    Finished,
    Notice,
    Reason,
    Source,
    Stage,
    StageStarted,
    Status,
    Turn,
)
from assistant.errors import BernardError, InputError
from assistant.index import HeldIndex
from assistant.safety import screen
from assistant.search import Filters
from assistant.web.answers import Answers, model_of
from assistant.web.stopping import until_stopped


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer.

    Attributes:
        answer: What came back.
        id: Name of the answer in the records, "" when it is not kept.
        beside: The same question answered by quotation alone, when both were asked for.
        beside_id: Name of that answer in the records, which comes before the other.
    """

    answer: Answer
    id: str = ""
    beside: Answer | None = None
    beside_id: str = ""


Conversation = tuple[Exchange, ...]

_log = logging.getLogger(__name__)
_UNUSABLE = {Reason.EMPTY_QUESTION, Reason.QUESTION_TOO_LONG}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a question is to be answered.

    Attributes:
        filters: What to search; None for everything.
        is_quoted: By quotation alone, also where a language model is set.
        is_both: By quotation and by the language model, side by side.
        own: Documents of the one who asks.
    """

    filters: Filters | None = None
    is_quoted: bool = False
    is_both: bool = False
    own: HeldIndex | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question did to a conversation.

    Attributes:
        conversation: The exchanges so far, with the new one last if there is one.
        fault: What to put right or what went wrong, "" if nothing; plain text, shown by the question box.
        question: What stays in the question box.
        is_stopped: The reader stopped it before there was anything to show.
    """

    conversation: Conversation
    fault: str = ""
    question: str = ""
    is_stopped: bool = False


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


def follow(
    answers: Answers,
    question: str,
    conversation: Conversation,
    *,
    asked: Asked = Asked(),
    stop: threading.Event | None = None,
) -> Iterator[Progress | Outcome]:
    """Ask one question; each step of a written answer, then what it did. Every failure becomes a message, no exception.

    Args:
        answers: What answers.
        question: As typed.
        conversation: What was said before.
        asked: How the question is to be answered.
        stop: When set, what there is by then is the answer.
    """
    if fault := fault_of(question):
        yield Outcome(conversation, fault, question)
        return
    stop = stop or threading.Event()
    try:
        yield from _followed(answers, question, conversation, asked, stop)
    except InputError as error:
        yield Outcome(conversation, str(error), question)
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message and the log the rest
        yield Outcome(conversation, _failure(error), question)


def _followed(
    answers: Answers, question: str, conversation: Conversation, asked: Asked, stop: threading.Event
) -> Iterator[Progress | Outcome]:
    beside = None
    if asked.is_both:
        quoted = yield from _steps(answers, question, conversation, replace(asked, is_quoted=True), stop)
        beside = quoted if isinstance(quoted, Answer) and quoted.claims else None
        if isinstance(quoted, Answer) and not quoted.claims:  # the guidance does not answer: nothing to write from
            yield _outcome(quoted, question, conversation)
            return
    ended = yield from _steps(answers, question, conversation, asked, stop)
    if isinstance(ended, Answer):
        yield _outcome(ended, question, conversation, beside=beside)
    elif ended.claims:
        yield Outcome((*conversation, Exchange(_stopped(ended, model_of(answers), asked.filters), beside=beside)))
    elif beside:
        yield Outcome((*conversation, Exchange(beside)))
    else:
        yield Outcome(conversation, question=question, is_stopped=True)


def _steps(
    answers: Answers, question: str, conversation: Conversation, asked: Asked, stop: threading.Event
) -> Generator[Progress, None, Answer | Progress]:
    """Each step of one answer; at the end the answer, or as far as it came when it was stopped."""
    options: dict[str, Any] = {"filters": asked.filters} if asked.filters else {}
    if asked.own is not None:
        options["own"] = asked.own
    if asked.is_quoted and model_of(answers):
        options["drafter"] = "quotation"
    history = tuple(history_of(conversation))
    progress, is_searching = Progress(question.strip()), False
    for event in until_stopped(lambda: answers.ask_events(question.strip(), history=history, **options), stop):
        if isinstance(event, Finished):
            return event.answer
        stepped = _stepped(progress, event)
        # To begin to search says nothing; to say it again is a sign of life, at which a reader who has left can be noticed.
        is_sign = isinstance(event, StageStarted) and event.stage is Stage.SEARCH and is_searching
        is_searching = is_searching or isinstance(event, StageStarted)
        if is_sign or (stepped != progress and stepped.is_written):
            yield stepped
        progress = stepped
    if not stop.is_set():
        raise AssertionError("the last event is the answer")
    return progress


def _stopped(progress: Progress, model: str, filters: Filters | None) -> Answer:
    """What there is of an answer that the reader stopped, as an answer."""
    notice = AnswerNotice(
        kind=Notice.STOPPED,
        text="You stopped this answer. What is shown was checked; conditions and exceptions may be missing.",
    )
    return Answer(
        question=progress.question,
        standalone_question=progress.question,
        status=Status.PARTLY_ANSWERED,
        reason=Reason.EVIDENCE_FOUND,
        text="\n\n".join(claim.text for claim in progress.claims),
        claims=progress.claims,
        sources=tuple(sorted(progress.sources, key=lambda source: source.number)),
        notices=(notice,),
        model=model or "quotation",
        filters=filters,
    )


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


def _outcome(answer: Answer, question: str, conversation: Conversation, *, beside: Answer | None = None) -> Outcome:
    if answer.status is Status.FAILED:
        return Outcome(conversation, _failure(None), question)
    if answer.reason in _UNUSABLE:
        return Outcome(conversation, answer.text, question)
    return Outcome((*conversation, Exchange(answer, beside=beside)))


def history_of(conversation: Conversation) -> Iterator[Turn]:
    """The messages of a conversation, oldest first."""
    for exchange in conversation:
        yield Turn(role="user", content=exchange.answer.question)
        yield Turn(role="assistant", content=exchange.answer.text)


def _failure(error: Exception | None) -> str:
    """Write the failure to the log under a reference number, and say what the reader can do about it."""
    reference = secrets.token_hex(4).upper()
    _log.error("A question could not be answered. Reference %s", reference, exc_info=error)
    what = str(error).rstrip(".") if isinstance(error, BernardError) else "Something went wrong and there is no answer"
    return (
        f"{what}. Your question is still in the box: try again. "
        f"If it happens again, give reference {reference} to whoever looks after Bernard."
    )
