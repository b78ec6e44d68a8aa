"""Stands before the page: lets through only what the page needs, and tells the browser to fetch nothing from elsewhere.

Gradio also serves file, upload, proxy, API, monitoring and editing routes; Bernard uses none of them, so none is reachable.
Knows nothing of Gradio beyond the paths its page asks for.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})

PAGES = frozenset(
    {
        "/",
        "/config",
        "/favicon.ico",
        "/manifest.json",
        "/robots.txt",
        "/theme.css",
        "/gradio_api/cancel",
        "/gradio_api/info",
        "/gradio_api/queue/data",
        "/gradio_api/queue/join",
        "/gradio_api/reset",
        "/gradio_api/startup-events",
    }
)
FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/")

NAMED_BY_CONTENT = "/assets/"
"""Files whose names change with their content: a browser need not ask for them twice."""

# Gradio compiles its components' templates in the browser and writes styles and scripts into the page, hence the two
# "unsafe" words. They do not weaken what matters here: nothing is loaded from, or sent to, any other place.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 404 (no such page) or 421 (asked for under another machine's name)."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if scope["path"].startswith(NAMED_BY_CONTENT):
                    headers["Cache-Control"] = "public, max-age=31536000, immutable"
            await send(message)

        app = self._app
        if not _named_locally(Headers(scope=scope).get("host", "")):
            app = PlainTextResponse("Bernard answers to this machine's own names only.", status_code=421)
        elif not allowed(scope["path"]):
            app = PlainTextResponse("There is no such page.", status_code=404)
        await app(scope, receive, send_with_headers)


def allowed(path: str) -> bool:
    """True when the page needs `path`."""
    return path in PAGES or path.startswith(FOLDERS)


def _named_locally(host: str) -> bool:
    """True for this machine's own names: a page elsewhere cannot reach Bernard by pointing its name at 127.0.0.1."""
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return name.lower() in LOCAL_NAMES
