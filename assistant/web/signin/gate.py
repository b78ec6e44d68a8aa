"""Finds out who sent each request, before anything else sees it. Knows nothing of how users sign in."""

from __future__ import annotations

import logging
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import BernardError
from assistant.web.signin.forms import Frame, plain_frame, told_page
from assistant.web.signin.identity import KEY, NOBODY, NotLetIn
from assistant.web.signin.ways import Way

_log = logging.getLogger(__name__)

OPEN = frozenset(
    {
        "/accessibility",
        "/favicon.ico",
        "/healthz",
        "/manifest.json",  # browsers ask for these two without cookies
        "/metrics",  # which lets in whoever has its token, or an administrator
        "/privacy",
        "/readyz",
        "/robots.txt",
        "/sign-in",
        "/sign-in/return",
        "/sign-out",
        "/signed-out",
    }
)
OPEN_FOLDERS = ("/style/",)
PROGRAMS = ("/api/", "/gradio_api/", "/healthz", "/readyz", "/metrics")
"""Where it is not a person that reads the reply."""


class Gate:
    """Lets in whoever the way of signing in knows; without a way, whoever sits at this machine."""

    def __init__(self, app: ASGIApp, way: Way | None = None, *, frame: Frame = plain_frame) -> None:
        self._app, self._way, self._frame = app, way, frame

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its identity in the scope, or turn it away."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        app = await self._turned_away(scope) or self._app
        await app(scope, receive, send)

    async def _turned_away(self, scope: Scope) -> Response | None:
        """The reply to a request that is not let in; None for one that is, whose identity is then in its scope."""
        scope.pop(KEY, None)
        if self._way is None:
            scope[KEY] = NOBODY
            return None
        path, headers = scope["path"], Headers(scope=scope)
        client = (scope.get("client") or ("", 0))[0]
        refused = NotLetIn("Sign in first." if self._way.has_page else "You have not signed in.")
        try:
            found = await self._way.identify(headers, client=client, path=path)
        except NotLetIn as error:
            found, refused = None, error
        except BernardError as error:
            _log.error("Who sent a request could not be found out: %s", error)
            found, refused = None, NotLetIn("Sign-in does not work at the moment. Try again in a minute.", status=503)
        if found:
            scope[KEY] = found
        if found or is_open(path):
            return None
        return self._reply(refused, scope, headers, has_page=self._way.has_page)

    def _reply(self, refused: NotLetIn, scope: Scope, headers: Headers, *, has_page: bool) -> Response:
        path = scope["path"]
        is_page = scope["method"] in {"GET", "HEAD"} and "text/html" in headers.get("accept", "")
        if path.startswith(PROGRAMS) or not is_page:
            return JSONResponse({"error": str(refused)}, status_code=refused.status, headers=refused.headers)
        if refused.status == 401 and has_page:
            asked = path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            return RedirectResponse(f"/sign-in?next={quote(asked, safe='/')}", status_code=303)
        page = told_page(self._frame, "You cannot use Bernard at the moment", str(refused), again=local_path(path))
        return HTMLResponse(page, status_code=refused.status, headers=refused.headers)


def is_open(path: str) -> bool:
    """True for what one may see without signing in."""
    return path in OPEN or path.startswith(OPEN_FOLDERS)


def local_path(asked: str) -> str:
    r"""Where to go after signing in: `asked` when it is a path of this site, else "/".

    A browser reads "//evil" and "/\evil" as other sites, and drops tabs and line breaks before it looks.
    """
    is_local = asked.startswith("/") and not asked.startswith(("//", "/\\", "/sign-in", "/sign-out", "/signed-out"))
    return asked if is_local and asked.isprintable() and "\\" not in asked else "/"
