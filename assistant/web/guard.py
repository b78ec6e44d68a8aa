"""Stands before the page: lets through only what the page needs, and tells the browser to fetch nothing from elsewhere.

Gradio also serves file, upload, proxy, API, monitoring and editing routes; Bernard uses none of them, so none is reachable.
Knows nothing of Gradio beyond the paths its page asks for.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1024 * 1024
"""The longest question makes a request of some tens of kilobytes; nothing else that the page sends is longer."""

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
OWN = "/own/"
"""Documents of people's own are sent here: longer requests than any other."""

FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/", "/export/", OWN)

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
    # As private towards other sites as "no-referrer", under which a browser may hide from us that our own page is asking.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, most_own_bytes: int = 0) -> None:
        """Stand before `app`.

        Args:
            app: What is guarded.
            most_own_bytes: The longest request that brings documents; a form's own words may come on top.
        """
        self._app = app
        self._most_own_bytes = most_own_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it; `refusal` says why."""
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

        app = refusal(scope["method"], scope["path"], Headers(scope=scope), most=self._most(scope)) or self._app
        await app(scope, receive, send_with_headers)

    def _most(self, scope: Scope) -> int:
        brings = scope["method"] == "POST" and scope["path"].startswith(OWN)
        return MOST_BYTES + (self._most_own_bytes if brings else 0)


def refusal(method: str, path: str, headers: Headers, *, most: int = MOST_BYTES) -> PlainTextResponse | None:
    """The answer to a request that is not let through, None for one that is.

    421: asked for under another machine's name. 404: no such page. 403: sent by a page of another site. 413: too long.
    """
    if not _named_locally(headers.get("host", "")):
        return PlainTextResponse("Bernard answers to this machine's own names only.", status_code=421)
    if not allowed(path):
        return PlainTextResponse("There is no such page.", status_code=404)
    if method != "GET" and not _sent_from_here(headers):
        return PlainTextResponse("Bernard takes questions from its own page only.", status_code=403)
    if _length(headers) > most:
        return PlainTextResponse(f"A request may have {most:,} bytes.", status_code=413)
    return None


def allowed(path: str) -> bool:
    """True when the page needs `path`."""
    return path in PAGES or path.startswith(FOLDERS)


def _named_locally(host: str) -> bool:
    """True for this machine's own names: a page elsewhere cannot reach Bernard by pointing its name at 127.0.0.1."""
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return name.lower() in LOCAL_NAMES


def _sent_from_here(headers: Headers) -> bool:
    """False when a browser says that a page of another site, or of another port, sent the request."""
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == headers["host"].lower()
    except ValueError:
        return False


def _length(headers: Headers) -> int:
    """The bytes that the request says follow; what is no number is left for the server to refuse."""
    try:
        return int(headers.get("content-length", "0"))
    except ValueError:
        return 0
