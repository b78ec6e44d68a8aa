"""Serves Bernard with a way of signing in, over real records, as `bernard serve` does."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from assistant.records import Recorder, Records, Role
from assistant.settings import Settings, SignInSettings, WebSettings
from assistant.web import build
from assistant.web.lasting import Lasting
from tests.web.sample_answers import FullAnswers

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

    def signed_in(self, name: str) -> httpx.Client:
        """The same, signed in with a password."""
        client = self.client()
        reply = client.post("/sign-in", data={"name": name, "password": PASSWORD})
        assert reply.status_code == 303, reply.text
        return client


@contextmanager
def serving(
    data_dir: Path,
    *,
    sign_in: dict[str, Any],
    answers: Any = None,
    routes: Sequence[Callable[..., None]] = (),
    **users: str,
) -> Iterator[Site]:
    """Serve over records in `data_dir`.

    Args:
        data_dir: A new folder.
        sign_in: As `SignInSettings` takes them.
        answers: What answers.
        routes: Add what stands beside the page.
        users: Names with their roles, to be added.
    """
    import uvicorn

    from assistant.web.server import address_of, make_app, make_way, take_port, user_of_page

    with take_port(WebSettings(port=0)) as taken:
        address = address_of(taken)
        settings = Settings(data_dir=data_dir, web=WebSettings(public_url=address), sign_in=SignInSettings(**sign_in))
        with Recorder(settings) as recorder:
            for name, role in users.items():
                recorder.records().users().add(name, PASSWORD, role=Role(role))
            way = make_way(settings, recorder.records)
            assert way
            page = build(
                answers or FullAnswers(),
                recorded_days=90,
                keeping=Lasting(recorder),
                user_of=user_of_page,
                has_files=True,
                can_leave=way.can_leave,
            )
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
    gc.collect()  # the loops go now, where the warnings about them are not heard, and not in some later test
