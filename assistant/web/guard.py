"""Stands before everything: lets through only what Bernard's pages need, and has the browser fetch nothing from elsewhere.

Gradio also serves file, upload, proxy, API, monitoring and editing routes; Bernard uses none of them, so none is reachable.
Knows nothing of Gradio beyond the paths its page asks for.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.addresses import origin_of

MOST_BYTES = 1024 * 1024
"""The longest question makes a request of some tens of kilobytes; nothing else that the page sends is longer."""

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})

OWN_PAGES = frozenset(
    {
        "/accessibility",
        "/consultations",
        "/evaluate",
        "/healthz",
        "/metrics",
        "/plain",
        "/privacy",
        "/readyz",
        "/sign-in",
        "/sign-in/return",
        "/sign-out",
        "/signed-out",
    }
)
PAGES = OWN_PAGES | {
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
OWN_FOLDERS = (
    "/api/",
    "/consultation/",
    "/consultations/",
    "/evaluate/",
    "/export/",
    "/own/",
    "/plain/",
    "/style/",
)
"""Bernard's own; what is not found in them is not looked for in Gradio."""
FOLDERS = (*OWN_FOLDERS, "/assets/", "/static/", "/gradio_api/heartbeat/")

NAMED_BY_CONTENT = "/assets/"
"""Files whose names change with their content: a browser need not ask for them twice."""
_THEME = "/theme.css"
"""Gradio's page asks for it with a digest of its content, as ?v=…"""
LOOKS = ("/assets/", "/static/", "/style/", "/theme.css", "/favicon.ico")
"""Holds nothing of anybody's; all else is kept by no browser, so that nobody finds it there after signing out."""

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
    "Cross-Origin-Resource-Policy": "same-origin",
}
PLAIN_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
PLAIN = ("/accessibility", "/evaluate", "/plain", "/privacy", "/sign-in", "/sign-out", "/signed-out")
"""Pages without scripts, to which the stricter policy goes."""
CONSULT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
CONSULT = ("/consultation/", "/consultations")
"""Pages with a script of their own, and nothing inline."""
_HSTS = "max-age=31536000"


class Guard:
    """ASGI middleware; the outermost one, so that every reply has its headers."""

    def __init__(self, app: ASGIApp, *, public_url: str = "", longer: Mapping[str, int] | None = None) -> None:
        """Prepare.

        Args:
            app: What stands behind it.
            public_url: The address that users type, where it is not this machine's own.
            longer: Folders to which longer requests may be sent than elsewhere, such as "/own/", with bytes.
        """
        self._app = app
        self._public = origin_of(public_url)
        self._longer = longer or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it; `refusal` says why."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"], scope["query_string"])
            await send(message)

        path = scope["path"]
        most = next((most for folder, most in self._longer.items() if path.startswith(folder)), MOST_BYTES)
        app = refusal(scope["method"], path, Headers(scope=scope), public=self._public, most=most) or self._app
        await app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, path: str, query: bytes) -> None:
        headers.update(HEADERS)
        if path.startswith(PLAIN):
            headers["Content-Security-Policy"] = PLAIN_POLICY
        if path.startswith(CONSULT):
            headers["Content-Security-Policy"] = CONSULT_POLICY
        if path.startswith(NAMED_BY_CONTENT) or (path == _THEME and query.startswith(b"v=")):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif not path.startswith(LOOKS):
            headers["Cache-Control"] = "private, no-store"
        if self._public.startswith("https://"):
            headers["Strict-Transport-Security"] = _HSTS


def refusal(
    method: str, path: str, headers: Headers, *, public: str = "", most: int = MOST_BYTES
) -> PlainTextResponse | None:
    """The answer to a request that is not let through, None for one that is.

    421: asked for under another machine's name. 404: no such page. 403: sent by a page of another site. 411: does not say
    how long it is. 413: too long.
    """
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not (_named_locally(hosts[0]) or _named_publicly(hosts[0], public)):
        words = "Bernard answers to its own address only. If this is it, set BERNARD_WEB__PUBLIC_URL to it."
        return PlainTextResponse(words, status_code=421)
    if not allowed(path):
        return PlainTextResponse("There is no such page.", status_code=404)
    if method not in {"GET", "HEAD"} and not _sent_from_here(headers, public):
        return PlainTextResponse("Bernard takes questions from its own page only.", status_code=403)
    if "transfer-encoding" in headers:
        return PlainTextResponse("A request must say its length (Content-Length).", status_code=411)
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


def _named_publicly(host: str, public: str) -> bool:
    """True for the public address, with its port or without the usual one."""
    scheme = public.partition("://")[0]
    return bool(public) and origin_of(f"{scheme}://{host}") == public


def _sent_from_here(headers: Headers, public: str) -> bool:
    """False when a browser says that a page of another site, or of another port or scheme, sent the request."""
    if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return False
    origins = headers.getlist("origin")
    if not origins:
        return True
    origin = origins[0].lower()
    if len(origins) != 1 or not origin or origin_of(origin) != origin:  # also "null", and what only looks like one
        return False
    if origin == public:
        return True
    return _named_locally(headers["host"]) and origin == origin_of(f"http://{headers['host']}")


def _length(headers: Headers) -> int:
    """The bytes that the request says follow; what is no number is left for the server to refuse."""
    try:
        return int(headers.get("content-length", "0"))
    except ValueError:
        return 0
