"""The routes for programs. Whoever may use the page may use them, under the same limits, and the same records are kept.

Questions come in bodies, never in addresses, which proxies write into their logs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from assistant.errors import InputError
from assistant.search import SearchResult
from assistant.web.adding import Adding
from assistant.web.answers import Answers, Searching
from assistant.web.api.asking import Desk, Told
from assistant.web.api.bodies import AskBody, Fault, FeedbackBody, FeedbackReply, Reply, SearchBody
from assistant.web.api.documents import documents_routes
from assistant.web.api.reference import reference_page
from assistant.web.api.route import JsonRoute, fault_of
from assistant.web.brought import Brought
from assistant.web.conversation import fault_of as fault_of_question
from assistant.web.frame import frame
from assistant.web.keeping import Keeping
from assistant.web.places import Full, Places
from assistant.web.signin.identity import user_of

STREAM = "text/event-stream"
_ABOUT = (
    "Ask Bernard from a program. The limits, the checks and the records are those of the page. Where users sign in, send "
    "the session cookie or whatever else the way of signing in asks for."
)
_FAULTS: dict[int | str, dict[str, Any]] = {
    413: {"model": Fault, "description": "The body is too long."},
    415: {"model": Fault, "description": "The body is not sent as application/json."},
    422: {"model": Fault, "description": "Something in the body cannot be used; the words say what."},
    500: {"model": Fault, "description": "Something went wrong; the log has more under the reference."},
    503: {"model": Fault, "description": "Too many ask at the moment (see Retry-After), or a part does not answer."},
}
_MISSING: dict[int | str, dict[str, Any]] = {
    404: {"model": Fault, "description": "There is no such conversation or answer of yours."}
}
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Reply,
        "description": "The answer, whatever its status; as a stream of events where Accept asks for text/event-stream.",
        "content": {STREAM: {"schema": {"type": "string"}}},
    }
}


def add_api(
    app: FastAPI,
    answers: Answers,
    keeping: Keeping | None,
    *,
    places: Places,
    recorded_days: int = 0,
    can_leave: bool = False,
    brought: Brought | None = None,
    adding: Adding | None = None,
) -> None:
    """Add the routes.

    Args:
        app: The application; the routes must come before what answers every path.
        answers: What answers.
        keeping: Where answers are kept; None where they are not.
        places: Shared with whatever else answers questions.
        recorded_days: For how many days answers are recorded, which the foot of /api/docs tells.
        can_leave: There is something to sign out of.
        brought: Documents that programs brought, to be searched.
        adding: Takes them; None where there are none.
    """
    router = APIRouter(prefix="/api", route_class=JsonRoute)
    desk = Desk(answers, keeping, places, brought or Brought(None, answers))

    @router.post("/ask", response_model=Reply, responses=_STREAMED | _MISSING | _FAULTS, summary="Ask a question")
    async def ask(request: Request, body: AskBody) -> Response:
        """Answers from the guidance, each sentence checked against the passage it cites.

        The answer is kept in a conversation: the one named, whose documents are searched as well, or a new one.
        `Accept: text/event-stream` tells what happens meanwhile as events: "stage", "claim" (checked), "withheld",
        "notice", at last "answer" with the whole reply, or "error".
        """
        if fault := fault_of_question(body.question):
            raise InputError(fault)
        user = user_of(request)
        session = await desk.session_of(body, user)
        if places.is_full:
            raise Full
        if STREAM in request.headers.get("accept", ""):
            return _stream(desk.told(body, session, user))
        reply = await _unless_gone(request, _last(desk.told(body, session, user)))
        return JSONResponse(reply.model_dump(mode="json")) if reply else Response(status_code=499)

    if isinstance(answers, Searching):

        @router.post(
            "/search",
            response_model=SearchResult,
            responses=_FAULTS,
            summary="Search without an answer",
            response_description="The passages, best first.",
        )
        async def search(body: SearchBody) -> Response:
            """The passages from which an answer would be made, best first. Nothing is recorded."""
            if fault := fault_of_question(body.question):
                raise InputError(fault)
            async with places.taken():
                found = await run_in_threadpool(
                    answers.search, body.question, history=body.history, limit=body.limit, filters=body.filters
                )
            return JSONResponse(found.model_dump(mode="json"))

    if keeping is not None:

        @router.post(
            "/feedback",
            response_model=FeedbackReply,
            responses=_FAULTS,
            summary="Say what is wrong or right",
            response_description="It is kept.",
        )
        async def feedback(request: Request, body: FeedbackBody) -> FeedbackReply:
            """Kept with the answer it is about, which must be one of yours."""
            name = await run_in_threadpool(
                keeping.give_feedback,
                user_of(request),
                body.record,
                kinds=[str(kind) for kind in body.kinds],
                text=body.text,
                claim=body.claim,
            )
            return FeedbackReply(feedback=name)

    if keeping is not None and adding is not None:
        router.include_router(documents_routes(keeping, adding))

    document = get_openapi(title="Bernard", version=version("bernard-assistant"), description=_ABOUT, routes=router.routes)

    @router.get("/openapi.json", include_in_schema=False)
    async def openapi() -> JSONResponse:
        return JSONResponse(document)

    @router.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        body = reference_page(document)
        page = frame(
            "Bernard for programs",
            body,
            user=user_of(request),
            can_leave=can_leave,
            recorded_days=recorded_days,
            is_kept=bool(recorded_days),
        )
        return HTMLResponse(page)

    app.include_router(router)


async def _last(steps: AsyncIterator[Told | None]) -> Reply:
    """The answer at the end of what is told."""
    async with aclosing(steps):  # type: ignore[type-var]
        async for told in steps:
            if told and isinstance(told.data, Reply):
                return told.data
    raise AssertionError("the last event is the answer")


async def _unless_gone(request: Request, work: Any) -> Reply | None:
    """What work gives; None when whoever asked goes before that, on which it is stopped."""
    working, going = asyncio.ensure_future(work), asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({working, going}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        for task in (working, going):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _stream(steps: AsyncIterator[Told | None]) -> StreamingResponse:
    """Events as the browser's EventSource and its like read them."""

    async def lines() -> AsyncIterator[str]:
        yield ": Bernard is at it\n\n"  # sends the headers at once
        try:
            async with aclosing(steps):  # type: ignore[type-var]
                async for told in steps:
                    yield _event(told.name, told.data) if told else ": still at it\n\n"
        except Exception as error:  # noqa: BLE001 - the reply has begun: the fault is its last event
            yield _event("error", json.loads(bytes(fault_of(error).body)))

    # Proxies must not collect events, nginx for one, nor change them.
    headers = {"Cache-Control": "private, no-store, no-transform", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines(), media_type=STREAM, headers=headers)


def _event(name: str, data: Any) -> str:
    """One event; JSON holds no line breaks, so its data is one line."""
    held = data.model_dump_json() if isinstance(data, BaseModel) else json.dumps(data)
    return f"event: {name}\ndata: {held}\n\n"
