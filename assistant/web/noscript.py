"""Sends a browser without JavaScript from Gradio's page, which is empty there, to `/plain`; and sends the page compressed.

Gradio writes what a page has in its head by script, so the line that does it is put into the page as it passes. What Gradio
says there of itself to others' link previews, with addresses of its own, gives way to a description of Bernard. Knows
nothing of what else is on the page.
"""

from __future__ import annotations

import gzip
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGE = "/"
_AFTER = b"<head>"
_LINE = (
    b'<noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript>'
    b'<meta name="description" content="Bernard answers questions by quoting government guidance, and shows where it is.">'
)
_SCRIPT = b"<script"
_OF_GRADIO = re.compile(rb"""\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>""")


class NoScript:
    """ASGI middleware; stands before Gradio."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressed = (b"", b"")  # the page sent last and what became of it: it is the same for everybody

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and the page with the line in it."""
        if scope["type"] != "http" or scope["path"] != _PAGE or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        accepted = Headers(scope=scope).get("accept-encoding", "")
        start: Message = {}
        parts: list[bytes] = []

        async def send_with_line(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            head, script, rest = b"".join(parts).partition(_SCRIPT)
            page = _OF_GRADIO.sub(b"", head).replace(_AFTER, _AFTER + _LINE, 1) + script + rest
            headers = MutableHeaders(scope=start)
            if start["status"] == 200 and "content-encoding" not in headers:
                headers.add_vary_header("Accept-Encoding")
                if "gzip" in accepted:
                    page = self._compress(page)
                    headers["content-encoding"] = "gzip"
            if "content-length" in headers:
                headers["content-length"] = str(len(page))
            await send(start)
            await send({**message, "body": page})

        await self._app(_uncompressed(scope), receive, send_with_line)

    def _compress(self, page: bytes) -> bytes:
        if self._compressed[0] != page:
            self._compressed = page, gzip.compress(page, mtime=0)
        return self._compressed[1]


def _uncompressed(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"accept-encoding"]
    return {**scope, "headers": headers}
