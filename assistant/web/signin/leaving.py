"""Signing out: a button sends /sign-out, and /signed-out says that it is done. Knows nothing of how one signs in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.web.signin.forms import Frame, left_page
from assistant.web.signin.sessions import Sessions

Elsewhere = Callable[[], Awaitable[str]]
"""Where one signs out of the identity provider as well, "" for nowhere."""


async def nowhere() -> str:
    """There is no identity provider."""
    return ""


def add_leaving(app: FastAPI, sessions: Sessions, *, frame: Frame, elsewhere: Elsewhere = nowhere) -> None:
    """Add the two routes."""

    @app.post("/sign-out", include_in_schema=False)
    async def leave(request: Request) -> Response:
        reply = RedirectResponse("/signed-out", status_code=303)
        sessions.end(reply, request.headers)
        return reply

    @app.get("/signed-out", include_in_schema=False)
    async def left() -> Response:
        return HTMLResponse(left_page(frame, elsewhere=await elsewhere()))
