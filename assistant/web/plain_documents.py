"""Documents of one's own on the page without JavaScript: added by a form, removed, gone through whole.

Knows nothing of what is in a file or of what the page looks like.
"""

from __future__ import annotations

from dataclasses import replace

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response

from assistant.answer import Task
from assistant.web.adding import Adding, words
from assistant.web.conversation import Asked
from assistant.web.documents_form import FIELD, NEW, SENT_TO
from assistant.web.keeping import Session
from assistant.web.keeping import fault_of as fault_of_records
from assistant.web.own_tasks import Wanted
from assistant.web.plain import NotThere, Plain
from assistant.web.plain_page import View, address_of
from assistant.web.receiving import TooMuch
from assistant.web.sent import Form, one
from assistant.web.signin.identity import user_of


def add_plain_documents(app: FastAPI, plain: Plain, adding: Adding) -> None:
    """Add the routes.

    Args:
        app: The application; the routes must come before what answers every path.
        plain: The page.
        adding: Takes the files.
    """

    async def add(request: Request, name: str) -> Response:
        try:
            return await _added(plain, adding, request, name)
        except NotThere as error:
            return await plain.page(request, View(faults={"question": str(error)}), status=404)
        except ClientDisconnect:
            return Response(status_code=400)

    async def do(request: Request, name: str, form: Form) -> Response:
        session = await plain.opened(request, name)
        if one(form, "do") == "remove":
            try:
                await adding.remove(user_of(request), name, one(form, "file"))
            except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
                return await _told(plain, request, session, fault_of_records(error), 404)
            return RedirectResponse(f"{address_of(session)}?said=removed#said", status_code=303)
        if one(form, "do") not in set(Task):
            return await _told(plain, request, session, "This cannot be done with a document.", 422)
        files = tuple(filter(None, (one(form, field) for field in ("file", "first", "second"))))
        task = Wanted(Task(one(form, "do")), files)
        return await plain.go_through(request, session, task, Asked())

    app.add_api_route(f"{SENT_TO}/{{name}}", add, methods=["POST"], include_in_schema=False)
    app.add_api_route(f"{SENT_TO}/{{name}}/do", plain.posted(do), methods=["POST"], include_in_schema=False)


async def _added(plain: Plain, adding: Adding, request: Request, name: str) -> Response:
    user, is_new = user_of(request), name == NEW
    session = await plain.begun(request) if is_new else await plain.opened(request, name)
    status, added = 422, False
    try:
        steps = await adding.add(request, user, session.id)
        added = any(step.stage == "added" for step in steps)
        fault = " ".join(f"{step.name} {words(step)}" for step in steps if step.stage == "refused")
        fault = fault or ("" if steps else "Choose a file, then add it.")
    except ClientDisconnect:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
        fault, status = fault_of_records(error), 413 if isinstance(error, TooMuch) else 422
    finally:
        if is_new and not added:  # a conversation with nothing in it is nobody's to look after
            await run_in_threadpool(plain.forget, user, session.id)
    if is_new and not added:
        session = Session()
    if fault:
        return await _told(plain, request, session, fault, status)
    return RedirectResponse(f"{address_of(session)}?said=added#said", status_code=303)


async def _told(plain: Plain, request: Request, session: Session, fault: str, status: int) -> Response:
    view = replace(plain.view(session), faults={FIELD: fault})
    return await plain.page(request, view, status=status)
