"""Serves Bernard with a way of signing in, over real records, as `bernard serve` does."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import gradio as gr
import httpx
from fastapi import Depends, FastAPI, Request

from assistant.records import Recorder, Records, Role
from assistant.settings import Settings, SignInSettings, WebSettings
from assistant.web import Answers, build
from assistant.web.lasting import Lasting
from assistant.web.signin import Identity, identity_of, require
from tests.web.loops import close_loop


def who(app: FastAPI) -> None:
    """Adds routes that say who asked, for people and for programs, and one for administrators alone."""

    def told(request: Request) -> dict[str, str]:
        identity = identity_of(request)
        return {"name": identity.name, "role": str(identity.role)}

    def ruled(identity: Annotated[Identity, Depends(require(Role.ADMINISTRATOR))]) -> dict[str, str]:
        return {"name": identity.name}

    app.add_api_route("/plain/who", told, methods=["GET"])
    app.add_api_route("/api/who", told, methods=["GET", "POST"])
    app.add_api_route("/api/rule", ruled, methods=["GET"])


PASSWORD = "correct-horse-battery"
"""Of every user in these tests."""


@dataclass(frozen=True)
class Site:
    """A site that is up: its address and the records behind it."""

    address: str
    records: Records
    settings: Settings

    def client(self, **options: Any) -> httpx.Client:
        """A browser without eyes: keeps cookies, follows no redirects."""
        return httpx.Client(base_url=self.address, trust_env=False, **options)

    @contextmanager
    def signed_in(self, name: str) -> Iterator[httpx.Client]:
        """The same, signed in with a password."""
        with self.client() as client:
            reply = client.post("/sign-in", data={"name": name, "password": PASSWORD})
            assert reply.status_code == 303, reply.text
            yield client


@contextmanager
def serving(
    data_dir: Path,
    *,
    sign_in: dict[str, Any],
    answers: Answers | None = None,
    routes: Sequence[Callable[..., None]] = (),
    **users: str,
) -> Iterator[Site]:
    """Serve over records in `data_dir`.

    Args:
        data_dir: A new folder.
        sign_in: As `SignInSettings` takes them.
        answers: What answers on the page; None for an empty page, which is up sooner.
        routes: Add what stands beside the page.
        users: Names with their roles, to be added.
    """
    import uvicorn

    from assistant.web.server import address_of, make_app, take_port, user_of_page
    from assistant.web.signin import make_way

    with take_port(WebSettings(port=0)) as taken:
        address = address_of(taken)
        settings = Settings(data_dir=data_dir, web=WebSettings(public_url=address), sign_in=SignInSettings(**sign_in))
        with Recorder(settings) as recorder:
            for name, role in users.items():
                recorder.records().users().add(name, PASSWORD, role=Role(role))
            way = make_way(settings, recorder.records)
            assert way
            if answers:
                page = build(
                    answers,
                    recorded_days=90,
                    keeping=Lasting(recorder),
                    user_of=user_of_page,
                    has_files=True,
                    can_leave=way.can_leave,
                )
            else:
                with gr.Blocks() as page:
                    gr.HTML("An empty page")
            app = make_app(page, records=recorder.records, way=way, public_url=address, routes=routes)
            server = uvicorn.Server(
                uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, lifespan="on", proxy_headers=False)
            )
            thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
            thread.start()
            deadline = time.monotonic() + 20
            while not server.started and time.monotonic() < deadline:
                time.sleep(0.05)
            assert server.started
            yield Site(address, recorder.records(), settings)
            server.should_exit = True
            thread.join(timeout=10)
    del server, thread, page, app
    close_loop()
    gc.collect()  # what is left goes now, where warnings about it are not heard, and not in some later test
