"""What becomes of an error that nobody expected: a page, or JSON for programs, with a reference number that is in the log.

No stack trace reaches a browser, and no message of an exception gets into the log: it could hold a question. Knows nothing
of what went wrong.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Iterator

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import BernardError
from assistant.web.guard import FOLDERS, PAGES
from assistant.web.signin.forms import Frame, plain_frame, told_page

_log = logging.getLogger(__name__)
_TITLE = "Sorry, something went wrong"


def reference_for(error: BaseException, what: str) -> str:
    """Write an error to the log with where it arose, and give the reference number under which it stands there.

    Args:
        error: What was raised.
        what: What could not be done, for the log.
    """
    reference = secrets.token_hex(4).upper()
    _log.error("%s Reference %s\n%s", what, reference, "\n".join(_told(error)))
    return reference


def words_for(reference: str) -> str:
    """What a reader is told."""
    return f"Try again. If it happens again, give reference {reference} to whoever looks after Bernard."


def _told(error: BaseException) -> Iterator[str]:
    """Kind and place of an error and of those it came from; what it says only where Bernard's own words are known."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause:
        yield from _told(cause)
        yield "which led to:"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    name = type(error).__qualname__
    yield f"{name}: {error}" if isinstance(error, BernardError) else name
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _told(inner)


class Faults:
    """ASGI middleware: whatever is raised behind it ends here.

    Starlette replies to an error with a bare line before it raises it, so the start of such a reply is held until it is
    known whether one follows.
    """

    def __init__(self, app: ASGIApp, *, frame: Frame = plain_frame) -> None:
        self._app, self._frame = app, frame

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: list[Message] = []
        is_begun = False

        async def send_unless_broken(message: Message) -> None:
            nonlocal is_begun
            if held or (message["type"] == "http.response.start" and message["status"] >= 500):
                held.append(message)
                return
            is_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_unless_broken)
        except ClientDisconnect:
            return  # nobody is there to be told
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets words and the log the rest
            reference = reference_for(error, f"{scope['method']} {_place(scope)} failed.")
            if not is_begun:  # else the reply breaks off, which tells the browser that something is missing
                reply = _reply(scope, 500, _TITLE, words_for(reference), self._frame, reference=reference)
                await reply(scope, receive, send)
        else:
            for message in held:
                await send(message)


def add_plain_errors(app: FastAPI, *, frame: Frame = plain_frame) -> None:
    """Have `HTTPException`s of the application's own routes told as pages, or as JSON with "error" for programs."""

    async def told(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        detail: object = error.detail  # FastAPI takes anything
        words = detail if isinstance(detail, str) else "This cannot be done."
        title = _TITLES.get(error.status_code, "This did not work")
        words = "There is no such page." if error.status_code == 404 and words == "Not Found" else words
        return _reply(request.scope, error.status_code, title, words, frame, headers=error.headers)

    app.add_exception_handler(HTTPException, told)


_TITLES = {401: "You have not signed in", 403: "You may not do this", 404: "Page not found", 405: "This cannot be done here"}


def _reply(
    scope: Scope,
    status: int,
    title: str,
    words: str,
    frame: Frame,
    *,
    reference: str = "",
    headers: object = None,
) -> Response:
    sent = dict(headers) if isinstance(headers, dict) else None
    is_program = scope["path"].startswith(("/api/", "/gradio_api/"))
    if is_program or "text/html" not in Headers(scope=scope).get("accept", ""):
        told = {"error": f"{title}. {words}" if reference else words} | ({"reference": reference} if reference else {})
        return JSONResponse(told, status_code=status, headers=sent)
    return HTMLResponse(told_page(frame, title, words), status_code=status, headers=sent)


def _place(scope: Scope) -> str:
    """The path, where it is one of the program's own words; what follows a folder may be anybody's."""
    path = str(scope["path"])
    return path if path in PAGES else f"/{path.lstrip('/').partition('/')[0]}/…" if path.startswith(FOLDERS) else "…"
