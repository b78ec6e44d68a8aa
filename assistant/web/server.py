"""Serves the page: takes the port, opens the assistant, prints the address, runs until Ctrl+C.

Knows nothing of what is on the page.
"""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import webbrowser
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from assistant.errors import SettingsError
from assistant.settings import Settings, UploadSettings, WebSettings
from assistant.uploads import OwnDocuments
from assistant.web.files import Open, add_files
from assistant.web.guard import Guard
from assistant.web.lasting import Lasting
from assistant.web.own_files import add_own
from assistant.web.page import build_page
from assistant.web.sweeping import own_documents, swept
from assistant.web.theme import bernard_theme, head, style_sheets

_HERE = Path(__file__).parent
_SECONDS_TO_FINISH = 1
"""An open page holds a connection for as long as it lives; Ctrl+C gives answers under way this long."""

_log = logging.getLogger(__name__)


def serve_assistant(settings: Settings, *, open_browser: bool) -> None:
    """See `assistant.web.serve`."""
    with take_port(settings.web) as taken:
        from assistant.answer import Assistant
        from assistant.records import Recorder

        with Assistant.open(settings) as assistant, Recorder(settings) as recorder:
            days = settings.records.days
            keeping = Lasting(recorder) if days else None
            own = own_documents(settings, assistant.index)
            page = build_page(
                assistant,
                recorded_days=days,
                keeping=keeping,
                has_files=bool(days),
                documents=own,
                limits=settings.uploads,
            )
            app = make_app(page, records=recorder.records if days else None, own=own, limits=settings.uploads)
            with swept(settings, own, recorder.records):
                run(app, taken, open_browser=open_browser)


def take_port(web: WebSettings) -> socket.socket:
    """A socket bound to the address in the settings, before the slow work of opening the assistant starts.

    Raises:
        SettingsError: The host is not this machine, is unknown, or the port is in use or not ours to use.
    """
    host = "127.0.0.1" if web.host.lower() == "localhost" else web.host
    if not _is_this_machine(host):
        raise SettingsError(
            f"Bernard has no sign-in yet, so it serves this machine only and cannot listen on {web.host}. "
            "Set BERNARD_WEB__HOST to 127.0.0.1, or remove it."
        )
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, web.port))
    except OSError as error:
        taken.close()
        raise SettingsError(_why_not(error, web)) from None
    return taken


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _why_not(error: OSError, web: WebSettings) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {web.port} is already in use, perhaps by another Bernard. Stop that program, or choose another port "
            f"with BERNARD_WEB__PORT, for example BERNARD_WEB__PORT={web.port + 1 if web.port < 65535 else 7860}."
        )
    if error.errno == errno.EACCES:
        return f"Port {web.port} is reserved for the system. Set BERNARD_WEB__PORT to a number from 1024 to 65535."
    return (
        f"Bernard cannot listen on {web.host}, port {web.port}: {error.strerror}. "
        "Change BERNARD_WEB__HOST or BERNARD_WEB__PORT."
    )


def make_app(
    page: gr.Blocks,
    *,
    records: Open | None = None,
    own: OwnDocuments | None = None,
    limits: UploadSettings | None = None,
) -> ASGIApp:
    """The whole web application: the page behind its guard, with everything that Gradio adds by default switched off.

    Args:
        page: The page.
        records: Gives the records that answers are saved from as files; None where nothing is kept.
        own: Documents of people's own; None where there are none.
        limits: How large they may be.
    """
    app = FastAPI(title="Bernard", docs_url=None, redoc_url=None, openapi_url=None)
    if records:
        add_files(app, records, user_of=lambda _: "")  # this machine only, so there is no sign-in
    if records and own:
        add_own(app, own, records, limits or UploadSettings(), user_of=lambda _: "")
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
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    return Guard(app, most_own_bytes=(limits or UploadSettings()).max_total_mib * 2**20 if own else 0)


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


def run(app: ASGIApp, taken: socket.socket, *, open_browser: bool = False) -> None:
    """Serve `app` on `taken` until Ctrl+C."""
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=_SECONDS_TO_FINISH
    )
    try:
        _Server(config, address_of(taken), open_browser=open_browser).run(sockets=[taken])
    except KeyboardInterrupt:
        _log.info("Stopped by Ctrl+C.")


def address_of(taken: socket.socket) -> str:
    """The address to type into a browser."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
