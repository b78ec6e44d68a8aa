"""One question of a program, as a series of events: stages, claims, what was withheld, notices, and at last the answer.

A claim is told only when it passed its check; of one that failed, only that it did and why. The answer is in the records
before it is told. Knows nothing of HTTP.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from assistant.answer import (
    Answer,
    AnswerNotice,
    Claim,
    ClaimShown,
    ClaimWithheld,
    Event,
    Finished,
    NoticeGiven,
    Source,
    StageStarted,
    Status,
)
from assistant.errors import InputError
from assistant.web.answers import Answers, Limited, model_of
from assistant.web.api.bodies import AskBody, Reply
from assistant.web.api.route import Failed, NotThere
from assistant.web.brought import Brought
from assistant.web.conversation import Asked, Exchange, history_of
from assistant.web.faults import words_for
from assistant.web.filters import Choice
from assistant.web.keeping import Keeping, Session, fault_of, kept, opened
from assistant.web.places import Places
from assistant.web.stopping import until_stopped

_log = logging.getLogger(__name__)
BEAT = 15.0
"""Seconds without an event after which a sign of life is sent: proxies cut connections on which nothing comes."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event for a program: its name, and what it says as JSON can hold it."""

    name: str
    data: Any


class ClaimTold(BaseModel):
    """The data of a "claim" event: a claim that passed its check, and those of its sources not told before."""

    claim: Claim
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes the questions of programs."""

    answers: Answers
    keeping: Keeping | None
    places: Places
    brought: Brought

    async def session_of(self, body: AskBody, user: str) -> Session:
        """The conversation that a question goes on with.

        Raises:
            NotThere: There is none by this id, or it is another user's.
        """
        if not body.conversation:
            return Session()
        if self.keeping is None:
            raise NotThere("Conversations are not kept here. Send what was said before as history.")
        try:
            return await run_in_threadpool(opened, self.keeping, user, body.conversation)
        except InputError as error:
            raise NotThere(str(error)) from None
        except Exception as error:  # noqa: BLE001 - the records do not answer, which `fault_of` writes to the log
            raise Failed(fault_of(error), "", status=503) from None

    async def told(self, body: AskBody, session: Session, user: str) -> AsyncIterator[Told | None]:
        """What is told of one question, the answer last; None when there was nothing for a while.

        Leaving the iterator stops the work.

        Raises:
            Full: Too many wait.
            Exception: Whatever answering raises.
        """
        queue: asyncio.Queue[Told | BaseException | None] = asyncio.Queue()
        job = asyncio.create_task(self._job(body, session, user, queue.put_nowait))
        try:
            while True:
                try:
                    told = await asyncio.wait_for(queue.get(), BEAT)
                except TimeoutError:
                    yield None
                    continue
                if isinstance(told, BaseException):
                    raise told
                yield told
                if told and told.name == "answer":
                    return
        finally:
            job.cancel()
            with suppress(asyncio.CancelledError):
                await job

    async def _job(self, body: AskBody, session: Session, user: str, put: Callable[[Told | BaseException], None]) -> None:
        try:
            async with self.places.taken():
                async for event in _events(lambda: self._ask(body, session, user)):
                    if isinstance(event, Finished):
                        put(Told("answer", await self._kept(event.answer, session, user)))
                    else:
                        put(_told(event))
        except Exception as error:  # noqa: BLE001 - raised again where the events are waited for
            put(error)

    def _ask(self, body: AskBody, session: Session, user: str) -> Iterator[Event]:
        if body.drafter == "model" and not model_of(self.answers):
            raise InputError("No language model is set, so none can write. Ask by quotation, or leave out the drafter.")
        own = self.brought.search(user, session.id, Choice(Asked(body.filters)))
        if own.fault:
            raise InputError(own.fault)
        options: dict[str, Any] = {}
        if body.drafter and model_of(self.answers):
            options["drafter"] = body.drafter
        question = body.question.strip()
        if task := self.brought.wanted(question, user, session.id):
            through = self.brought.through(task, user, session.id)
            return through.ask_events(question, **options)
        if own.asked.filters and isinstance(self.answers, Limited):
            options["filters"] = own.asked.filters
        if own.asked.own is not None:
            options["own"] = own.asked.own
        history = body.history or tuple(history_of(session.exchanges))
        return self.answers.ask_events(question, history=history, **options)

    async def _kept(self, answer: Answer, session: Session, user: str) -> Reply:
        if answer.status is Status.FAILED:
            reference = secrets.token_hex(4).upper()
            _log.error("A question of a program could not be answered. Reference %s", reference)
            raise Failed(f"Something went wrong and there is no answer. {words_for(reference)}", reference, status=500)
        session = replace(session, exchanges=(*session.exchanges, Exchange(answer)))
        session = await run_in_threadpool(kept, self.keeping, user, session)
        record = session.exchanges[-1].id
        return Reply(**dict(answer), record=record, conversation=session.id if record else "")


def _told(event: Event) -> Told:
    match event:
        case StageStarted(stage):
            return Told("stage", {"stage": stage.value})
        case ClaimShown(claim, sources):
            return Told("claim", ClaimTold(claim=claim, sources=sources))
        case ClaimWithheld(claim):
            return Told("withheld", {"verdict": claim.verdict.value, "reasons": list(claim.reasons)})
        case NoticeGiven(notice):
            told: AnswerNotice = notice
            return Told("notice", told)
        case _:
            raise AssertionError("the answer is told otherwise")


async def _events(start: Callable[[], Iterator[Event]]) -> AsyncIterator[Event]:
    """The events of an iterator that runs in a thread of its own; leaving this stops it.

    Raises:
        Exception: Whatever the iterator raises.
    """
    loop, stop = asyncio.get_running_loop(), threading.Event()
    queue: asyncio.Queue[Event | BaseException | None] = asyncio.Queue()

    def put(item: Event | BaseException | None) -> None:
        with suppress(RuntimeError):  # the loop has ended, and nobody listens
            loop.call_soon_threadsafe(queue.put_nowait, item)

    def run() -> None:
        try:
            for event in until_stopped(start, stop):
                put(event)
            put(None)
        except BaseException as error:  # noqa: BLE001 - raised again in the loop
            put(error)

    threading.Thread(target=run, name="asked by a program", daemon=True).start()
    try:
        while (item := await queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
