"""A route for programs: takes JSON of a limited length, and tells every fault as JSON, `{"error": …, "reference": …}`.

Knows nothing of what is asked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from assistant.errors import BernardError, InputError
from assistant.web.faults import reference_for, words_for
from assistant.web.places import BUSY, RETRY_AFTER, Full
from assistant.web.receiving import TooMuch
from assistant.web.sent import TooLong, body_of

_log = logging.getLogger(__name__)
_GONE = 499
"""The status of a request whose sender has gone, as nginx has it; nobody reads it."""

_UNREADABLE = "The body cannot be read: send JSON in UTF-8, nested no deeper than the documented fields are."


class NotThere(Exception):
    """What a request names is not there, or another's; the words for whoever sent it."""


class Failed(Exception):
    """A request cannot be served, for no fault of its own; the words are for whoever sent it, with the reference."""

    def __init__(self, words: str, reference: str, *, status: int) -> None:
        super().__init__(words)
        self.reference, self.status = reference, status


class JsonRoute(APIRoute):
    """See the module."""

    takes_files = False

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with what is told instead of what it raises."""
        handler = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                if request.method == "POST" and not self.takes_files:
                    if not _is_json(request):
                        return fault("Send JSON, with the header Content-Type: application/json.", 415)
                    request._body = await body_of(request)  # where Starlette looks for it first
                return await handler(request)
            except RequestValidationError as error:
                return fault(_words(error.errors()), 422)
            except ClientDisconnect:
                return Response(status_code=_GONE)
            except Exception as error:  # noqa: BLE001 - whatever it is, the program gets words and the log the rest
                return fault_of(error)

        return handled


class FilesRoute(JsonRoute):
    """The same for a route that takes a form with files, whose length its handler sees to."""

    takes_files = True


def fault(words: str, status: int, *, reference: str = "", headers: dict[str, str] | None = None) -> JSONResponse:
    """A fault as JSON."""
    told = {"error": words} | ({"reference": reference} if reference else {})
    return JSONResponse(told, status_code=status, headers=headers)


def fault_of(error: Exception) -> JSONResponse:
    """What is told of an error; one that is no fault of the request is in the log under the reference that is told."""
    if isinstance(error, TooLong | TooMuch):
        return fault(str(error), 413)
    if isinstance(error, NotThere):
        return fault(str(error), 404)
    if isinstance(error, InputError):
        return fault(str(error), 422)
    if isinstance(error, Full):
        return fault(BUSY, 503, headers={"Retry-After": str(RETRY_AFTER)})
    if isinstance(error, HTTPException):
        return fault(_UNREADABLE if error.status_code == 400 else str(error.detail), error.status_code)
    failed = failure(error)
    return fault(str(failed), failed.status, reference=failed.reference)


def failure(error: Exception) -> Failed:
    """An error that is no fault of the request, written to the log."""
    if isinstance(error, Failed):
        return error
    reference = reference_for(error, "A request of a program could not be served.")
    if isinstance(error, BernardError):
        return Failed(str(error), reference, status=503)
    return Failed(f"Something went wrong. {words_for(reference)}", reference, status=500)


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json"


def _words(faults: Sequence[Any]) -> str:
    """What is wrong with a body, without what stands in it."""
    told = []
    for one in faults:
        place = ".".join(str(part) for part in one["loc"] if part != "body")
        if one["type"] == "json_invalid":
            return f"The body is no JSON: {one.get('ctx', {}).get('error', 'it cannot be read')}."
        words = str(one["msg"]).removeprefix("Value error, ")
        told.append(f"{place or 'the body'}: {words[:1].lower()}{words[1:]}")
    return f"This cannot be used: {'; '.join(dict.fromkeys(told))}. /api/docs says what may be sent."
