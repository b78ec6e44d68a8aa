"""Finds out who sent each request, before anything else sees it. Knows nothing of how users sign in."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.signin.identity import KEY, NOBODY
from assistant.web.signin.ways import Way


class Gate:
    """Lets in whoever the way of signing in knows; without a way, whoever sits at this machine."""

    def __init__(self, app: ASGIApp, way: Way | None = None) -> None:
        self._app, self._way = app, way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[KEY] = NOBODY
        await self._app(scope, receive, send)
