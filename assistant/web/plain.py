"""The page without JavaScript, `/plain`: the same questions, checks and records as Gradio's page, by forms and links alone.

A question that was answered and kept is shown under its own address, which a reload does not ask again. Knows nothing of how
answers come about or of what a page looks like.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.records import Role
from assistant.settings import UploadSettings
from assistant.uploads import OwnDocuments
from assistant.web import filters
from assistant.web.answers import Answers, Limited, model_of
from assistant.web.brought import Brought
from assistant.web.conversation import Asked, Outcome, fault_of, follow
from assistant.web.frame import frame
from assistant.web.keeping import Keeping, Session, kept
from assistant.web.keeping import fault_of as fault_of_records
from assistant.web.keeping import opened as opened_in_records
from assistant.web.own_tasks import Wanted
from assistant.web.places import BUSY, RETRY_AFTER, Full, Places
from assistant.web.plain_page import HOME, View, address_of, plain_page
from assistant.web.sent import Form, TooLong, form_of, one
from assistant.web.signin.identity import identity_of, user_of

Value = TypeVar("Value")
Act = Callable[[Request, str, Form], Awaitable[Response]]


def add_plain(
    app: FastAPI,
    answers: Answers,
    keeping: Keeping | None,
    *,
    recorded_days: int,
    places: Places,
    has_files: bool = False,
    can_leave: bool = False,
    documents: OwnDocuments | None = None,
    limits: UploadSettings | None = None,
) -> Plain:
    """Add the routes; returns the page, to which others may be added.

    Args:
        app: The application; the routes must come before what answers every path.
        answers: What answers.
        keeping: Records of conversations; None where each question stands by itself.
        recorded_days: For how many days answers are recorded, of which the reader is told; 0 for none.
        places: Shared with whatever else answers questions.
        has_files: The server answers /export/… with files of what is kept.
        can_leave: There is something to sign out of.
        documents: Documents of people's own; None where there are none.
        limits: How many and how large they may be.
    """
    brought = Brought(documents if keeping else None, answers)
    plain = Plain(answers, keeping, recorded_days, places, has_files, can_leave, brought, limits or UploadSettings())
    get = {"methods": ["GET"], "include_in_schema": False}
    post = {"methods": ["POST"], "include_in_schema": False}
    app.add_api_route(HOME, plain.begin, **get)  # type: ignore[arg-type]
    app.add_api_route(HOME, plain.posted(plain.ask), **post)  # type: ignore[arg-type]
    app.add_api_route(f"{HOME}/find", plain.posted(plain.find), **post)  # type: ignore[arg-type]
    app.add_api_route(f"{HOME}/{{name}}", plain.open, **get)  # type: ignore[arg-type]
    for path, act in (
        ("", plain.ask),
        ("/change", plain.change),
        ("/feedback", plain.feedback),
        ("/rename", plain.rename),
        ("/delete", plain.delete),
    ):
        app.add_api_route(f"{HOME}/{{name}}{path}", plain.posted(act), **post)  # type: ignore[arg-type]
    return plain


class NotThere(Exception):
    """A conversation is not there, or another's; the words for the reader."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Answers the requests of the page."""

    answers: Answers
    keeping: Keeping | None
    recorded_days: int
    places: Places
    has_files: bool
    can_leave: bool
    brought: Brought
    limits: UploadSettings

    def view(self, session: Session, said: str = "") -> View:
        """What is shown of a conversation."""
        return View(session, chosen=_as_before(session), said=said)

    async def begun(self, request: Request) -> Session:
        """A new conversation, in the records before its first question.

        Raises:
            NotThere: None are kept, or the records do not answer.
        """
        keeping = self._kept()
        try:
            return Session(id=await run_in_threadpool(keeping.begin, user_of(request)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            raise NotThere(fault_of_records(error)) from None

    def forget(self, user: str, name: str) -> None:
        """Delete a conversation in which nothing is; where that fails, it expires."""
        try:
            self._kept().delete_conversation(user, name)
        except Exception as error:  # noqa: BLE001 - as above
            fault_of_records(error)

    async def begin(self, request: Request, said: str = "") -> Response:
        """The page before the first question."""
        return await self.page(request, View(said=said))

    async def open(self, request: Request, name: str, said: str = "") -> Response:
        """A conversation."""
        try:
            session = await self.opened(request, name)
        except NotThere as error:
            return await self.page(request, View(faults={"question": str(error)}), status=404)
        return await self.page(request, self.view(session, said))

    def posted(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """A route that reads a form and acts on it."""

        async def route(request: Request) -> Response:
            try:
                form = await form_of(request)
                return await act(request, str(request.path_params.get("name", "")), form)
            except TooLong as error:
                return await self.page(request, View(faults={"question": str(error)}), status=413)
            except NotThere as error:
                return await self.page(request, View(faults={"question": str(error)}), status=404)

        return route

    async def ask(self, request: Request, name: str, form: Form) -> Response:
        """Ask a question, in a conversation or as the first of one."""
        return await self._ask(request, await self.opened(request, name), form)

    async def change(self, request: Request, name: str, form: Form) -> Response:
        """Ask a changed question in place of the exchange it stood in and of all after it."""
        session = await self.opened(request, name)
        turn = one(form, "turn")
        at = int(turn) if turn.isascii() and turn.isdecimal() and len(turn) < 9 else 0
        if not 1 <= at <= len(session.exchanges):
            raise NotThere("This answer is no longer in the conversation.")
        stood = session.exchanges[at - 1]
        held = filters.held_by(
            Asked(stood.answer.filters, is_quoted=_is_quoted(session, at), is_both=stood.beside is not None)
        )
        return await self._ask(request, session, {**held, "question": [one(form, "question")]}, at=at)

    async def _ask(self, request: Request, session: Session, form: filters.Fields, *, at: int | None = None) -> Response:
        question = next(iter(form.get("question", ())), "")
        fields = {field: list(values) for field, values in form.items() if field != "question"}
        choice = filters.read(json.dumps(fields))
        user = user_of(request)
        own = await run_in_threadpool(self.brought.search, user, session.id, choice)
        asking = fault_of(question) or own.fault
        faults = {"question": asking} if asking else {}
        faults |= {"f-day": choice.fault} if choice.fault else {}
        view = View(session, question, fields, faults)
        if faults:
            return await self.page(request, view, status=422)
        if task := await run_in_threadpool(self.brought.wanted, question, user, session.id):
            return await self.go_through(request, session, task, choice.asked, view=view, at=at)
        return await self._answered(request, self.answers, own.asked, view, at)

    async def go_through(
        self,
        request: Request,
        session: Session,
        task: Wanted,
        asked: Asked,
        *,
        view: View | None = None,
        at: int | None = None,
    ) -> Response:
        """Go through one or two whole documents, as a question of the conversation.

        Args:
            request: Whose documents they are.
            session: The conversation.
            task: What to do with which documents.
            asked: How to answer.
            view: What stays on the page when it cannot be done.
            at: The exchange in whose place it stands, as in `change`.
        """
        view = view or self.view(session)
        try:
            through = await run_in_threadpool(self.brought.through, task, user_of(request), session.id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            return await self.page(request, replace(view, faults={"question": fault_of_records(error)}), status=422)
        asked = Asked(is_quoted=asked.is_quoted, is_both=asked.is_both and bool(through.model_name))
        view = replace(view, question=through.question or "Compare two documents")
        return await self._answered(request, through, asked, view, at)

    async def _answered(
        self, request: Request, answers: Answers, asked: Asked, view: View, at: int | None = None
    ) -> Response:
        session = view.session
        before = replace(session, exchanges=session.exchanges if at is None else session.exchanges[: at - 1])
        try:
            async with self.places.taken():
                outcome = await run_in_threadpool(_outcome, answers, view.question, before, asked)
        except Full:
            busy = replace(view, faults={"question": BUSY})
            return await self.page(request, busy, status=503, headers={"Retry-After": str(RETRY_AFTER)})
        if outcome.fault:
            return await self.page(request, replace(view, faults={"question": outcome.fault}), status=422)
        replaced = session.exchanges[at - 1] if at is not None else None
        replacing = (replaced.beside_id or replaced.id) if replaced else ""
        after = replace(before, exchanges=outcome.conversation)
        after = await run_in_threadpool(kept, self.keeping, user_of(request), after, replacing=replacing)
        if not after.exchanges[-1].id:
            return await self.page(request, View(after, chosen=view.chosen, is_unkept=True))
        return RedirectResponse(f"{address_of(after)}#t{len(after.exchanges)}-question", status_code=303)

    async def find(self, request: Request, _: str, form: Form) -> Response:
        """Conversations that hold the words searched for; a form, so that the words stand in no address."""
        return await self.page(request, View(search=one(form, "search").strip()))

    async def feedback(self, request: Request, name: str, form: Form) -> Response:
        """Keep what a reader says of an answer."""
        session, keeping = await self.opened(request, name), self._kept()
        claim = one(form, "claim")
        place = next((n for n, held in enumerate(session.exchanges, 1) if held.id == one(form, "record")), 1)
        kinds = form.get("kinds", [])
        fault = "" if kinds else "Tick what you want to say of the answer, then send it again."
        if not fault:
            fault = await self._fault(
                lambda: keeping.give_feedback(
                    user_of(request),
                    one(form, "record"),
                    kinds=kinds,
                    text=one(form, "text"),
                    claim=int(claim) if claim.isascii() and claim.isdecimal() and len(claim) < 9 else None,
                )
            )
        if fault:
            faults = {f"t{place}-feedback-kind-0": fault}
            return await self.page(request, View(session, chosen=_as_before(session), faults=faults), status=422)
        return RedirectResponse(f"{address_of(session)}?said=thanks#said", status_code=303)

    async def rename(self, request: Request, name: str, form: Form) -> Response:
        """Call a conversation something else."""
        session, keeping = await self.opened(request, name), self._kept()
        fault = await self._fault(lambda: keeping.rename(user_of(request), name, one(form, "title")))
        if fault:
            view = View(session, chosen=_as_before(session), faults={"title": fault})
            return await self.page(request, view, status=422)
        return RedirectResponse(f"{address_of(session)}?said=renamed#said", status_code=303)

    async def delete(self, request: Request, name: str, form: Form) -> Response:
        """Delete a conversation, if the reader is sure."""
        session, keeping = await self.opened(request, name), self._kept()
        fault = "" if one(form, "sure") else "Tick the box if you want to delete the conversation for good."
        fault = fault or await self._fault(lambda: keeping.delete_conversation(user_of(request), name))
        if fault:
            view = View(session, chosen=_as_before(session), faults={"sure": fault})
            return await self.page(request, view, status=422)
        return RedirectResponse(f"{HOME}?said=deleted#said", status_code=303)

    def _kept(self) -> Keeping:
        if self.keeping is None:
            raise NotThere("Conversations are not kept here.")
        return self.keeping

    async def opened(self, request: Request, name: str) -> Session:
        """A conversation of this user's; an empty one for no name.

        Raises:
            NotThere: There is none by this name.
        """
        if not name:
            return Session()
        keeping = self._kept()
        try:
            return await run_in_threadpool(opened_in_records, keeping, user_of(request), name)
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            raise NotThere(fault_of_records(error)) from None

    async def _fault(self, act: Callable[[], object]) -> str:
        """What went wrong with something that was to be done in the records, "" for nothing."""
        try:
            await run_in_threadpool(act)
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            return fault_of_records(error)
        return ""

    async def page(
        self, request: Request, view: View, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> HTMLResponse:
        """The page with a view on it."""
        body, title = await run_in_threadpool(self._written, view, user_of(request))
        page = frame(
            title,
            body,
            user=user_of(request),
            can_leave=self.can_leave,
            may_evaluate=identity_of(request).may(Role.EVALUATOR),
            recorded_days=self.recorded_days,
            is_kept=self.keeping is not None,
            skip=("question", "Skip to the question box"),
            is_fault=bool(view.faults),
        )
        return HTMLResponse(page, status_code=status, headers={"Cache-Control": "private, no-store", **(headers or {})})

    def _written(self, view: View, user: str) -> tuple[str, str]:
        """The page's body and title."""
        if self.keeping is not None:
            view = _with_list(view, self.keeping, user)
        if self.brought.is_on:
            view = replace(view, files=self.brought.files(user, view.session.id), limits=self.limits)
        facets = self.answers.facets() if isinstance(self.answers, Limited) else None
        now, model = dt.datetime.now(dt.UTC), model_of(self.answers)
        body = plain_page(view, facets=facets, model=model, has_files=self.has_files, now=now)
        return body, view.session.exchanges[-1].answer.question[:80] if view.session.exchanges else "Ask a question"


def _outcome(answers: Answers, question: str, session: Session, asked: Asked) -> Outcome:
    *_, last = follow(answers, question, session.exchanges, asked=asked)
    assert isinstance(last, Outcome)
    return last


def _with_list(view: View, keeping: Keeping, user: str) -> View:
    try:
        return replace(view, listed=keeping.conversations(user, search=view.search))
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
        return replace(view, faults={"question": fault_of_records(error), **view.faults})


def _is_quoted(session: Session, at: int) -> bool:
    return session.exchanges[at - 1].answer.model == "quotation"


def _as_before(session: Session) -> filters.Fields:
    """The fields as they were when the latest question of a conversation was asked."""
    if not session.exchanges:
        return {}
    latest = session.exchanges[-1]
    return filters.held_by(Asked(latest.answer.filters, is_both=latest.beside is not None))
