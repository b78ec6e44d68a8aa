"""Serves the page: takes the port, opens the assistant, prints the address, runs until Ctrl+C.

Knows nothing of what is on the page.
"""

from __future__ import annotations

import errno
import logging
import socket
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from starlette.routing import Match, Route
from starlette.types import ASGIApp

from assistant.errors import SettingsError
from assistant.records import Role
from assistant.settings import Settings, UploadSettings, WebSettings
from assistant.uploads import OwnDocuments
from assistant.web.addresses import origin_of
from assistant.web.assets import Assets
from assistant.web.beside import beside
from assistant.web.faults import Faults, add_plain_errors
from assistant.web.figures import Figures
from assistant.web.files import Open, add_files
from assistant.web.frame import frame
from assistant.web.guard import MOST_BYTES, OWN_FOLDERS, OWN_PAGES, Guard
from assistant.web.health import Look
from assistant.web.lasting import Lasting
from assistant.web.logs import set_up_log
from assistant.web.noscript import NoScript
from assistant.web.observed import Observed
from assistant.web.own_files import add_own
from assistant.web.page import build_page
from assistant.web.places import Places
from assistant.web.signin.gate import Gate
from assistant.web.signin.identity import identity_of, user_of
from assistant.web.signin.make import check_address, make_way
from assistant.web.signin.ways import Way
from assistant.web.sweeping import own_documents, swept
from assistant.web.tabs import Tabs
from assistant.web.theme import bernard_theme, head, style_sheets

_HERE = Path(__file__).parent
_SECONDS_TO_FINISH = 1
"""An open page holds a connection for as long as it lives; Ctrl+C gives answers under way this long."""

_log = logging.getLogger(__name__)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
Add = Callable[[FastAPI], None]
"""Adds routes to the application."""


def serve_assistant(settings: Settings, *, open_browser: bool) -> None:
    """See `assistant.web.serve`."""
    check_address(settings)
    with take_port(settings.web) as taken:
        from assistant.answer import Assistant
        from assistant.records import Recorder

        set_up_log(settings.web)
        with Assistant.open(settings) as assistant, Recorder(settings) as recorder:
            days = settings.records.days
            way = make_way(settings, recorder.records, frame=frame)
            can_leave = bool(way and way.can_leave)
            figures, places = Figures(), Places()
            figures.watch(waiting=lambda: places.waiting, documents=lambda: len(assistant.index.documents))
            own = own_documents(settings, assistant.index)
            keeping = Lasting(recorder, also_clear=own.clear if own else None) if days else None
            observed = Observed(assistant, figures, log_questions=settings.web.log_questions)
            page = build_page(
                observed,
                recorded_days=days,
                keeping=keeping,
                user_of=user_of_page,
                has_files=bool(days),
                can_leave=can_leave,
                documents=own,
                limits=settings.uploads,
                may_evaluate=may_evaluate_page,
            )
            looks: dict[str, Look] = {"index": lambda: assistant.search("How long is it kept?", limit=1)}
            if days:
                looks["records"] = lambda: recorder.records().conversations("", limit=1)
            # What stands beside the page: one line for each function that adds routes.
            routes: list[Add] = [
                beside(
                    observed,
                    keeping,
                    settings=settings,
                    places=places,
                    figures=figures,
                    looks=looks,
                    can_leave=can_leave,
                    documents=own,
                    records=recorder.records if days else None,
                    indexed=lambda: len(assistant.index.documents),
                ),
            ]
            app = make_app(
                page,
                records=recorder.records if days else None,
                own=own,
                limits=settings.uploads,
                way=way,
                public_url=settings.web.public_url,
                routes=routes,
            )
            with swept(settings, own, recorder.records):
                run(app, taken, open_browser=open_browser, web=settings.web)


def user_of_page(request: gr.Request) -> str:
    """Who sent an event of the page."""
    return user_of(request.request)


def may_evaluate_page(request: gr.Request) -> bool:
    """Whether who sent an event of the page is an evaluator or more."""
    return identity_of(request.request).may(Role.EVALUATOR)


def take_port(web: WebSettings) -> socket.socket:
    """A socket bound to the address in the settings, before the slow work of opening the assistant starts.

    Raises:
        SettingsError: The host is unknown, or the port is in use or not ours to use.
    """
    host = "127.0.0.1" if web.host.lower() == "localhost" else web.host
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, web.port))
    except OSError as error:
        taken.close()
        raise SettingsError(_why_not(error, web)) from None
    return taken


def _why_not(error: OSError, web: WebSettings) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {web.port} is already in use, perhaps by another Bernard. Stop that program, or choose another port, for "
            f"example with `bernard serve --port {web.port + 1 if web.port < 65535 else 7860}`, or for good with "
            "BERNARD_WEB__PORT."
        )
    if error.errno == errno.EACCES:
        return f"Port {web.port} is reserved for the system. Give --port, or set BERNARD_WEB__PORT, from 1024 to 65535."
    return (
        f"Bernard cannot listen on {web.host}, port {web.port}: {error.strerror}. "
        "Give another --host or --port, or change BERNARD_WEB__HOST or BERNARD_WEB__PORT."
    )


def make_app(
    page: gr.Blocks,
    *,
    records: Open | None = None,
    own: OwnDocuments | None = None,
    limits: UploadSettings | None = None,
    way: Way | None = None,
    public_url: str = "",
    routes: Sequence[Add] = (),
    longer: Mapping[str, int] | None = None,
) -> ASGIApp:
    """The whole web application: the page behind its guard, with everything that Gradio adds by default switched off.

    Args:
        page: The page.
        records: Gives the records that answers are saved from as files; None where nothing is kept.
        own: Documents of people's own; None where there are none.
        limits: How large they may be.
        way: How users sign in; None where nobody does, on this machine alone.
        public_url: The address that users type, where it is not this machine's own.
        routes: Add whatever stands beside the page.
        longer: Folders to which longer requests may be sent than elsewhere, with bytes.
    """
    app = FastAPI(title="Bernard", docs_url=None, redoc_url=None, openapi_url=None)
    if records:
        add_files(app, records, user_of=user_of)
    if records and own:
        add_own(app, own, records, limits or UploadSettings(), user_of=user_of)
    if way:
        way.add_routes(app)
    for add in routes:
        add(app)
    _end_here(app)
    add_plain_errors(app, frame=frame)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        show_error=False,
        max_file_size=0,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        favicon_path=str(_HERE / "favicon.svg"),
        theme=bernard_theme(),
        css_paths=style_sheets(),
        head=head(),
        root_path=origin_of(public_url),
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    allowed = limits or UploadSettings()  # a form's own words come on top
    longer = {**(longer or {}), "/consultations/new": MOST_BYTES + allowed.max_file_mib * 2**20}
    if own:
        longer = {**longer, **longer_for_documents(allowed)}
    # Read from the inside: a request passes the guard first.
    inside = Gate(Assets(Tabs(NoScript(app))), way, frame=frame)
    return Guard(Faults(inside, frame=frame), public_url=public_url, longer=longer)


def longer_for_documents(limits: UploadSettings) -> Mapping[str, int]:
    """Where longer requests may be sent, since they bring documents; a form's own words come on top of these."""
    return dict.fromkeys(("/own/", "/plain/own/", "/api/documents"), MOST_BYTES + limits.max_total_mib * 2**20)


def _end_here(app: FastAPI) -> None:
    """Have what is not found among Bernard's own paths told so here: Gradio, which takes every path, is not asked for it.

    A path that is there, and takes other methods, is told with those.
    """
    known = [route for route in app.routes if isinstance(route, Route)]

    def missing(request: Request) -> None:
        asked = [route for route in known if route.matches(request.scope)[0] is not Match.NONE]
        methods = sorted(set[str]().union(*(route.methods or () for route in asked)))
        if not methods:
            raise HTTPException(404, "There is no such page.")
        words = f"{request.method} is not for this address. It takes {' and '.join(methods)}."
        raise HTTPException(405, words, headers={"Allow": ", ".join(methods)})

    for path in sorted(OWN_PAGES) + [f"{folder}{{rest:path}}" for folder in OWN_FOLDERS]:
        app.add_api_route(path, missing, methods=_METHODS, include_in_schema=False)


class _Server(uvicorn.Server):
    """Says where it is once it listens."""

    def __init__(self, config: uvicorn.Config, address: str, *, open_browser: bool) -> None:
        super().__init__(config)
        self._address = address
        self._open_browser = open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"Bernard is at {self._address} (Ctrl+C to stop)", flush=True)  # noqa: T201 - for whoever started it
        if self._open_browser:
            webbrowser.open(self._address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn logs a stack trace for every open page whose connection it ends here, which is nothing out of order.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def run(app: ASGIApp, taken: socket.socket, *, open_browser: bool = False, web: WebSettings | None = None) -> None:
    """Serve `app` on `taken` until Ctrl+C."""
    web = web or WebSettings()
    config = uvicorn.Config(
        app,
        log_config=None,  # what uvicorn logs is written as all else is
        log_level="warning",
        access_log=False,
        server_header=False,
        # Where no proxy is expected, nobody is believed who says that a request came from elsewhere.
        proxy_headers=bool(web.public_url),
        forwarded_allow_ips=web.trusted_proxies,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    try:
        _Server(config, web.public_url or address_of(taken), open_browser=open_browser).run(sockets=[taken])
    except KeyboardInterrupt:
        _log.info("Stopped by Ctrl+C.")


def address_of(taken: socket.socket) -> str:
    """The address to type into a browser."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
