"""For whatever looks after the server: `/healthz` (it runs), `/readyz` (it can answer), `/metrics` (figures for Prometheus).

Says nothing of where things are or why they fail: that is in the log. Knows nothing of questions.
"""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections.abc import Callable, Mapping

import anyio
from fastapi import FastAPI, Request
from prometheus_client.exposition import choose_encoder
from starlette.responses import JSONResponse, Response

from assistant.errors import BernardError
from assistant.records import Role
from assistant.web.figures import Figures
from assistant.web.signin.identity import known

Look = Callable[[], object]
"""Uses a part; raises when it does not work."""

PATIENCE = 5.0
"""Seconds that a part may take to show that it works."""

_FRESH = 2.0
"""Seconds for which a look holds: anybody may ask, and each look costs a search."""

_log = logging.getLogger(__name__)


class Part:
    """A part without which no question can be answered."""

    def __init__(self, name: str, look: Look) -> None:
        self._name, self._look = name, look
        self._turn = threading.Lock()
        self._looked_at = -_FRESH
        self._works: bool | None = None

    async def works(self) -> bool:
        """Whether it works, now or a moment ago."""
        if self._works is not None and time.monotonic() - self._looked_at < _FRESH:
            return self._works
        with anyio.move_on_after(PATIENCE) as waited:
            works = await anyio.to_thread.run_sync(self._looks, abandon_on_cancel=True)
        if waited.cancelled_caught:
            works = self._found(works=False, words=f"it did not answer within {PATIENCE:g} seconds")
        return works

    def _looks(self) -> bool:
        if not self._turn.acquire(timeout=PATIENCE):  # an earlier look hangs: no second one beside it
            return self._found(works=False, words="an earlier look at it has not ended")
        try:
            if self._works is not None and time.monotonic() - self._looked_at < _FRESH:
                return self._works  # somebody else has just looked
            self._look()
        except Exception as error:  # noqa: BLE001 - whatever it is, the part does not work
            words = str(error) if isinstance(error, BernardError) else type(error).__name__
            return self._found(works=False, words=words)
        finally:
            self._turn.release()
        return self._found(works=True)

    def _found(self, *, works: bool, words: str = "") -> bool:
        if works is not self._works:  # each change once, however often anybody asks
            if not works:
                _log.error("Not ready: the %s: %s", self._name, words)
            elif self._works is not None:
                _log.warning("The %s: ready again", self._name)
        self._works, self._looked_at = works, time.monotonic()
        return works


def add_health(app: FastAPI, *, looks: Mapping[str, Look], figures: Figures, token: str = "") -> None:
    """Add the routes.

    Args:
        app: The application; the routes must come before what answers every path.
        looks: What is needed to answer, by its name, such as "index".
        figures: Shown at /metrics.
        token: Lets a Prometheus server read them; "" for administrators alone.
    """
    parts = {name: Part(name, look) for name, look in looks.items()}

    @app.api_route("/healthz", methods=["GET", "HEAD"], include_in_schema=False)
    async def alive() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    @app.api_route("/readyz", methods=["GET", "HEAD"], include_in_schema=False)
    async def ready() -> JSONResponse:
        works = {name: await part.works() for name, part in parts.items()}
        told = {name: "works" if it_works else "does not answer" for name, it_works in works.items()}
        is_ready = all(works.values())
        return JSONResponse(
            {"status": "ready" if is_ready else "not ready", "parts": told}, status_code=200 if is_ready else 503
        )

    @app.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        if not _may_read(request, token):
            words = "Send the token of the setting web.metrics_token as Authorization: Bearer, or sign in as administrator."
            return JSONResponse({"error": words}, status_code=401, headers={"WWW-Authenticate": "Bearer"})
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(figures.registry), headers={"Content-Type": kind})


def _may_read(request: Request, token: str) -> bool:
    found = known(request)
    if found and found.may(Role.ADMINISTRATOR):
        return True
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
