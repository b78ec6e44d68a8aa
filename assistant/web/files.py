"""Gives answers and conversations as files: `/export/{id}.{form}?marking=…`, only to whom they belong.

Knows nothing of what is in a file (`exports`) or of how a page asks for one.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from assistant.errors import BernardError, InputError
from assistant.exports import Exported, export
from assistant.records import Records

_log = logging.getLogger(__name__)
Open = Callable[[], Records]
"""Gives the records, open; raises `RecordsUnusable` when they cannot be reached."""


def add_files(app: FastAPI, records: Open, *, user_of: Callable[[Request], str]) -> None:
    """Add the route.

    Args:
        app: The application; the route must come before what answers every path.
        records: Gives the records.
        user_of: Who asks, "" where there is no sign-in.
    """

    @app.get("/export/{name}.{form}", include_in_schema=False)
    async def file(request: Request, name: str, form: str, marking: str = "") -> Response:
        try:
            made = await run_in_threadpool(_made, records, user_of(request), name, form, marking)
        except InputError as error:
            return PlainTextResponse(str(error), status_code=404)
        except BernardError as error:
            return PlainTextResponse(str(error), status_code=503)
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets words and the log the rest
            reference = secrets.token_hex(4).upper()
            _log.exception("A file could not be made. Reference %s", reference, exc_info=error)
            words = f"The file could not be made. Give reference {reference} to whoever looks after Bernard."
            return PlainTextResponse(words, status_code=500)
        return Response(
            made.content,
            media_type=made.media_type,
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}",
                "Cache-Control": "private, no-store",
            },
        )


def _made(records: Open, user: str, name: str, form: str, marking: str) -> Exported:
    """The file of a conversation, or of an answer, of this user's.

    Raises:
        InputError: There is none by this name, or the form or marking is unknown.
        RecordsUnusable: The records cannot be reached.
    """
    kept = records()
    try:
        conversation = kept.conversation(user, name)
    except InputError:
        return export([kept.answer_of(user, name)], form, marking=marking)
    return export(conversation, form, marking=marking)
