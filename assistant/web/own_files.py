"""Takes, lists and deletes documents of one's own: `/own/{conversation}`, only for whose conversation it is.

Whatever belongs to somebody else is answered as if it were not there. Knows nothing of what is in a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from assistant.errors import BernardError, InputError
from assistant.settings import UploadSettings
from assistant.uploads import NotAdded, OwnDocuments, OwnFile, Received, Step
from assistant.uploads.model import shown_name
from assistant.web.adding import reported, words
from assistant.web.files import Open
from assistant.web.receiving import Arrived, BrokenForm, TooMuch, receive

_PRIVATE = {"Cache-Control": "private, no-store"}


def add_own(
    app: FastAPI, own: OwnDocuments, records: Open, limits: UploadSettings, *, user_of: Callable[[Request], str]
) -> None:
    """Add the routes.

    Args:
        app: The application; the routes must come before what answers every path.
        own: The documents.
        records: Gives the records, which know whose a conversation is.
        limits: How large files may be.
        user_of: Who asks, "" where there is no sign-in.
    """

    def whose(request: Request, conversation: str) -> str:
        user = user_of(request)
        records().conversation(user, conversation)
        return user

    @app.post("/own/{conversation}", include_in_schema=False)
    async def take(request: Request, conversation: str) -> Response:
        with ExitStack() as held:
            try:
                user = await run_in_threadpool(whose, request, conversation)
                largest = own.room(user, conversation)
                folder = held.enter_context(own.shelves.unfinished(user, conversation))
                arrived = await receive(
                    request.stream(),
                    request.headers.get("content-type", ""),
                    folder,
                    largest=largest,
                    most=limits.max_files,
                    total=limits.max_total_mib * 2**20,
                )
                keep = held.pop_all()
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets words and the log the rest
                return _refused(error)
        steps = _steps(own, user, conversation, arrived, largest, keep)
        return StreamingResponse(steps, media_type="application/x-ndjson", headers=_PRIVATE)

    @app.get("/own/{conversation}", include_in_schema=False)
    def listed(request: Request, conversation: str) -> Response:
        try:
            user = whose(request, conversation)
            files = [_described(file) for file in own.listed(user, conversation)]
        except Exception as error:  # noqa: BLE001 - as above
            return _refused(error)
        return JSONResponse({"files": files}, headers=_PRIVATE)

    @app.delete("/own/{conversation}", include_in_schema=False)
    def clear(request: Request, conversation: str) -> Response:
        try:
            own.clear(whose(request, conversation), conversation)
        except Exception as error:  # noqa: BLE001 - as above
            return _refused(error)
        return Response(status_code=204)

    @app.delete("/own/{conversation}/{file}", include_in_schema=False)
    def remove(request: Request, conversation: str, file: str) -> Response:
        try:
            if not own.remove(whose(request, conversation), conversation, file):
                raise InputError("There is no such document. It was removed, or has expired.")
        except Exception as error:  # noqa: BLE001 - as above
            return _refused(error)
        return Response(status_code=204)


def _steps(
    own: OwnDocuments, user: str, conversation: str, arrived: Sequence[Arrived], largest: int, keep: ExitStack
) -> Iterator[str]:
    """How adding each file goes, one JSON object a line; what was sent is deleted at the end, however it comes."""
    with keep:
        for file in arrived:
            try:
                if not file.is_whole:
                    raise own.too_large(largest)
                for step in own.add(user, conversation, Received(file.name, file.path)):
                    yield _line(step)
            except NotAdded as error:
                yield _line(Step(shown_name(file.name), "refused", reason=str(error)))
            except Exception as error:  # noqa: BLE001 - as above
                yield _line(Step(shown_name(file.name), "refused", reason=reported(error)))
        if not arrived:
            yield _line(Step("Nothing", "refused", reason="was sent. Choose a file"))


def _line(step: Step) -> str:
    told: dict[str, Any] = {"name": step.name, "stage": step.stage, "words": words(step)}
    if step.of:
        told |= {"done": step.done, "of": step.of}
    if step.file:
        told["file"] = _described(step.file)
    return json.dumps(told, ensure_ascii=False) + "\n"


def _described(file: OwnFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "words": file.words,
        "remarks": list(file.remarks),
        "added_at": file.added_at.isoformat(),
        "expires_at": file.expires_at.isoformat(),
    }


def _refused(error: Exception) -> Response:
    if isinstance(error, TooMuch):
        return PlainTextResponse(str(error), status_code=413)
    if isinstance(error, NotAdded):
        return PlainTextResponse(f"It {str(error).rstrip('.')}.", status_code=409)
    if isinstance(error, BrokenForm):
        return PlainTextResponse(str(error), status_code=400)
    if isinstance(error, InputError):
        return PlainTextResponse(str(error), status_code=404)
    if isinstance(error, BernardError):
        return PlainTextResponse(str(error), status_code=503)
    return PlainTextResponse(f"It {reported(error)}.", status_code=500)
