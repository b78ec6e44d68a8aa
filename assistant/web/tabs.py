"""Keeps each open page to the user who opened it.

Gradio holds what a page shows under a name that the browser made up, and asks nobody whose it is: who knows the name could
read along. Here the first user to use a name has it, and others are refused. Knows nothing of conversations.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.signin.identity import known

_GRADIO = "/gradio_api/"
_HEARTBEAT = "/gradio_api/heartbeat/"
_MOST = 100_000
_LONGEST, _MOST_NAMED = 64, 4
"""Characters of a name, of which Gradio's page uses some ten, and names in one request."""


class Tabs:
    """ASGI middleware; stands behind the gate and the guard, which has seen to the length of requests."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it names a page of another user's."""
        if scope["type"] != "http" or not scope["path"].startswith(_GRADIO):
            await self._app(scope, receive, send)
            return
        user = known(HTTPConnection(scope))
        names = _named_in_address(scope)
        if scope["method"] == "POST":
            body = await _body(receive)
            receive = _again(body, receive)
            try:
                names |= _named_in_body(body)
            except (ValueError, RecursionError):
                await JSONResponse({"error": "This is no JSON."}, status_code=400)(scope, receive, send)
                return
        if len(names) > _MOST_NAMED or any(len(name) > _LONGEST for name in names):
            await JSONResponse({"error": "This names no page."}, status_code=400)(scope, receive, send)
            return
        if user is None or not all(self._is_of(user.name, name) for name in names):
            reply = JSONResponse({"error": "This page was opened by another user. Reload it."}, status_code=403)
            await reply(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_of(self, user: str, name: str) -> bool:
        with self._lock:
            owner = self._owners.setdefault(name, user)
            self._owners.move_to_end(name)
            while len(self._owners) > _MOST:
                self._owners.popitem(last=False)
        return owner == user


def _named_in_address(scope: Scope) -> set[str]:
    """Every page that the address names, however often it does."""
    path = str(scope["path"])
    named = {path.removeprefix(_HEARTBEAT)} if path.startswith(_HEARTBEAT) else set()
    return named | set(parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True).get("session_hash", []))


def _named_in_body(body: bytes) -> set[str]:
    """Every page that a body names, also where it does so twice, of which readers of JSON take one or the other.

    Raises:
        ValueError: It cannot be read; what might be read otherwise by Gradio is not passed on.
    """
    found: set[str] = set()

    def look(pairs: list[tuple[str, Any]]) -> None:
        found.update(str(value) for key, value in pairs if key == "session_hash" and value is not None)

    json.loads(body, object_pairs_hook=look)
    return found


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body once more, then whatever follows."""
    is_given = False

    async def given() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return given
