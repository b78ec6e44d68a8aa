"""Documents of one's own for programs: sent as a form with files, listed, removed. Each belongs to a conversation.

Knows nothing of what is in a file.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from assistant.errors import InputError
from assistant.uploads import OwnFile, Step
from assistant.web.adding import Adding, words
from assistant.web.api.bodies import DocumentsReply, DocumentTold, Fault
from assistant.web.api.route import FilesRoute, NotThere
from assistant.web.keeping import Keeping
from assistant.web.signin.identity import user_of

_FAULTS: dict[int | str, dict[str, Any]] = {
    404: {"model": Fault, "description": "There is no such conversation or document of yours."},
    413: {"model": Fault, "description": "More was sent than a conversation may hold; nothing was added."},
    422: {"model": Fault, "description": "No form with files was sent, or none can be added; the words say why."},
    500: {"model": Fault, "description": "Something went wrong; the log has more under the reference."},
    503: {"model": Fault, "description": "A part does not answer."},
}
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            }
        },
    }
}


def documents_routes(keeping: Keeping, adding: Adding) -> APIRouter:
    """The routes.

    Args:
        keeping: Begins conversations.
        adding: Takes the files.
    """
    router = APIRouter(prefix="/documents", route_class=FilesRoute)
    told: dict[str, Any] = {"response_model": DocumentsReply, "responses": _FAULTS}
    sent: dict[str, Any] = {**told, "openapi_extra": _FORM, "response_description": "What became of each file."}

    async def added(request: Request, conversation: str) -> DocumentsReply:
        try:
            steps = await adding.add(request, user_of(request), conversation)
        except InputError as error:
            raise await _not_there(keeping, user_of(request), conversation) or error from None
        if not steps:
            raise InputError("No file was sent. Send at least one, in a field named “file”.")
        return DocumentsReply(conversation=conversation, documents=tuple(map(_become, steps)))

    @router.post("", summary="Begin a conversation with documents", **sent)
    async def begin(request: Request) -> DocumentsReply:
        """Files, as `multipart/form-data`, become documents of a new conversation, which questions then search.

        Where none could be added, there is no conversation either, and `conversation` is empty.
        """
        user = user_of(request)
        conversation, reply = await run_in_threadpool(keeping.begin, user), None
        try:
            reply = await added(request, conversation)
        finally:
            if reply is None or not any(one.id for one in reply.documents):
                await run_in_threadpool(keeping.delete_conversation, user, conversation)
        return reply if any(one.id for one in reply.documents) else reply.model_copy(update={"conversation": ""})

    @router.post("/{conversation}", summary="Add documents to a conversation", **sent)
    async def add(request: Request, conversation: str) -> DocumentsReply:
        """The same in a conversation that there is."""
        return await added(request, conversation)

    @router.get(
        "/{conversation}", summary="List the documents of a conversation", response_description="Those there are.", **told
    )
    async def listed(request: Request, conversation: str) -> DocumentsReply:
        """Oldest first; those that have expired are gone."""
        try:
            files = await adding.listed(user_of(request), conversation)
        except InputError as error:
            raise NotThere(str(error)) from None
        return DocumentsReply(conversation=conversation, documents=tuple(_described(file) for file in files))

    @router.delete(
        "/{conversation}/{document}",
        status_code=204,
        responses=_FAULTS,
        summary="Remove a document",
        response_description="It is gone.",
    )
    async def remove(request: Request, conversation: str, document: str) -> Response:
        """What answers quoted of it stays with the answers."""
        try:
            await adding.remove(user_of(request), conversation, document)
        except InputError as error:
            raise NotThere(str(error)) from None
        return Response(status_code=204)

    return router


async def _not_there(keeping: Keeping, user: str, conversation: str) -> NotThere | None:
    try:
        await run_in_threadpool(keeping.conversation, user, conversation)
    except InputError as error:
        return NotThere(str(error))
    return None


def _become(step: Step) -> DocumentTold:
    return _described(step.file) if step.file else DocumentTold(name=step.name, error=f"It {words(step)}")


def _described(file: OwnFile) -> DocumentTold:
    return DocumentTold(name=file.name, id=file.id, words=file.words, remarks=file.remarks, expires_at=file.expires_at)
