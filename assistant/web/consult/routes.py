"""The addresses of the pages of consultations, and who answers each.

Knows nothing of what the answers are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.responses import Response

from assistant.web.consult import looks
from assistant.web.consult.arrivals import Arrivals
from assistant.web.consult.asking import Ask
from assistant.web.consult.common import Common
from assistant.web.consult.forming import Forming
from assistant.web.consult.pieces import LIST
from assistant.web.consult.routes_end import End
from assistant.web.consult.routes_queue import Queue
from assistant.web.consult.routes_read import Read
from assistant.web.consult.routes_responses import Responses
from assistant.web.consult.routes_start import Start
from assistant.web.consult.routes_themes import Themes
from assistant.web.consult.shelf import Shelf

if TYPE_CHECKING:
    from assistant.index import Embedder
    from assistant.settings import Settings


def add_routes(
    app: FastAPI, settings: Settings, embedder: Callable[[], Embedder], *, signs_in: bool, can_leave: bool
) -> None:
    """Add all of them to an application, before what answers every path.

    Args:
        app: The application.
        settings: Where consultations are, and how large files may be.
        embedder: Gives the embedder.
        signs_in: Users sign in.
        can_leave: There is something to sign out of.
    """
    shelf, forming = Shelf(settings, embedder), Forming(settings)
    arrivals = Arrivals(settings)
    common = Common(settings, shelf, can_leave=can_leave)
    start = Start(common, settings, arrivals, signs_in=signs_in)
    whole = Read(common, settings, shelf, forming, signs_in=signs_in)
    themes = Themes(common, forming, model=settings.model)
    responses, queue, end = Responses(common, themes), Queue(common, themes), End(common, themes)

    looks.add_looks(app)
    one_ = "/consultation/{name}"
    question = f"{one_}/{{number:int}}"
    shown: tuple[tuple[str, Callable[[Ask], Response]], ...] = (
        (LIST, start.listed),
        (f"{LIST}/new/{{token}}", start.confirm),
        (one_, whole.opened),
        (question, whole.read),
        (f"{question}/progress", whole.progress),
        (f"{question}/themes", themes.themes),
        (f"{question}/themes/{{theme}}", themes.theme),
        (f"{question}/merge", themes.merging),
        (f"{question}/responses", responses.responses),
        (f"{question}/responses/{{place:int}}", responses.response),
        (f"{question}/queue", queue.queue),
        (f"{question}/history", end.history),
        (f"{question}/report", end.report),
    )
    sent: tuple[tuple[str, Callable[[Ask], Response]], ...] = (
        (f"{LIST}/new/{{token}}", start.keep),
        (f"{LIST}/demonstration", start.demonstration),
        (f"{LIST}/name", start.named),
        (f"{one_}/people", whole.people),
        (f"{one_}/delete", whole.delete),
        (f"{question}/form", whole.form),
        (f"{question}/stop", whole.stop),
        (f"{question}/themes", themes.on_themes),
        (f"{question}/themes/{{theme}}", themes.on_theme),
        (f"{question}/merge", themes.merge),
        (f"{question}/responses/{{place:int}}", responses.on_response),
        (f"{question}/responses/{{place:int}}/unmask", responses.unmask),
        (f"{question}/queue", queue.on_queue),
        (f"{question}/undo", end.undo),
        (f"{question}/sign", end.sign),
        (f"{question}/export", end.export),
    )
    app.add_api_route(f"{LIST}/new", start.sent, methods=["POST"], include_in_schema=False)
    for path, act in shown:
        app.add_api_route(path, common.get(act), methods=["GET"], include_in_schema=False)
    for path, act in sent:
        app.add_api_route(path, common.post(act), methods=["POST"], include_in_schema=False)
