"""Keeps the files that the page is built from in memory, compressed: Gradio reads and compresses each anew for each browser.

Their names change with their content, so what was sent once is right for as long as the process lives. Knows nothing of what
is in them.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.guard import NAMED_BY_CONTENT

_MOST_BYTES = 32 * 1024 * 1024
"""All files of Gradio's page have some 3 MiB compressed."""

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    start: Message
    body: bytes


class Assets:
    """ASGI middleware; stands behind the gate."""

    def __init__(self, app: ASGIApp, *, most: int = _MOST_BYTES) -> None:
        self._app, self._left = app, most
        self._kept: dict[_Key, _Kept] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reply with what is kept, or pass the request on and keep the reply."""
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
        elif kept := self._kept.get(key):
            await send({**kept.start, "headers": list(kept.start["headers"])})  # others write into it
            await send({"type": "http.response.body", "body": kept.body})
        else:
            await self._passed_on(key, scope, receive, send)

    async def _passed_on(self, key: _Key, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        parts: list[bytes] = []

        async def send_and_keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": list(message["headers"])}
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body") and start.get("status") == 200:
                    self._keep(key, start, b"".join(parts))
            await send(message)

        await self._app(scope, receive, send_and_keep)

    def _keep(self, key: _Key, start: Message, body: bytes) -> None:
        if len(body) > self._left or key in self._kept:
            return
        self._left -= len(body)
        length = (b"content-length", str(len(body)).encode())
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        self._kept[key] = _Kept({**start, "headers": [*headers, length]}, body)


def _key(scope: Scope) -> _Key | None:
    """What a file is kept under: its path and how it may be compressed; None for what is passed on."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(NAMED_BY_CONTENT):
        return None
    headers = Headers(scope=scope)
    if scope["query_string"] or {"range", "if-none-match", "if-modified-since"} & set(headers.keys()):
        return None
    accepted = headers.get("accept-encoding", "")
    return str(scope["path"]), next((way for way in ("br", "gzip") if way in accepted), "")
