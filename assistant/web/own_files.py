"""Takes, lists and deletes documents of one's own: `/own/{conversation}`, only for whose conversation it is.

Whatever belongs to somebody else is answered as if it were not there. Knows nothing of what is in a file.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anyio
from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.errors import BernardError, InputError
from assistant.settings import UploadSettings
from assistant.uploads import NotAdded, OwnDocuments, OwnFile, Received, Step
from assistant.uploads.model import shown_name
from assistant.web.adding import LONGEST, reported, words
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

    def is_there(user: str, conversation: str) -> bool:
        try:
            records().conversation(user, conversation)
        except InputError:
            return False
        return True

    def prepared(request: Request, conversation: str, held: ExitStack) -> tuple[str, int, Path]:
        """Whose it is, how large a file may be, and the folder for what comes: before anything of it does."""
        user = whose(request, conversation)
        held.enter_context(own.place(user))
        largest = own.room(user, conversation)
        return user, largest, held.enter_context(own.shelves.unfinished(user, conversation))

    @app.post("/own/{conversation}", include_in_schema=False)
    async def take(request: Request, conversation: str) -> Response:
        held = ExitStack()
        try:
            user, largest, folder = await run_in_threadpool(prepared, request, conversation, held)
            async with asyncio.timeout(LONGEST):
                arrived = await receive(
                    request.stream(),
                    request.headers.get("content-type", ""),
                    folder,
                    largest=largest,
                    most=limits.max_files,
                    total=limits.max_total_mib * 2**20,
                )
            steps = _steps(own, user, conversation, arrived, largest, lambda: is_there(user, conversation))
            return _Told(steps, held)
        except ClientDisconnect:
            reply = Response(status_code=400)
        except TimeoutError:
            reply = PlainTextResponse("It was not added: it took more than 10 minutes to send. Try again.", status_code=408)
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets words and the log the rest
            reply = _refused(error)
        except BaseException:
            held.close()
            raise
        await run_in_threadpool(held.close)
        return reply

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


class _Told(StreamingResponse):
    """Tells how adding goes; what was sent is deleted and its place free at the end, also when nobody listens any more."""

    def __init__(self, steps: Generator[str, None, None], held: ExitStack) -> None:
        super().__init__(steps, media_type="application/x-ndjson", headers=_PRIVATE)
        self._steps, self._held = steps, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self._end)

    def _end(self) -> None:
        with self._held:
            self._steps.close()


def _steps(
    own: OwnDocuments,
    user: str,
    conversation: str,
    arrived: Sequence[Arrived],
    largest: int,
    is_there: Callable[[], bool],
) -> Generator[str, None, None]:
    """How adding each file goes, one JSON object a line."""
    for file in arrived:
        try:
            if not file.is_whole:
                raise own.too_large(largest)
            for step in own.add(user, conversation, Received(file.name, file.path), is_there=is_there):
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
