"""Serves the parts of the application that Gradio does not make, by a real uvicorn. Knows nothing of what answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from assistant.records import Recorder
from assistant.settings import Settings, WebSettings
from assistant.web import Answers
from assistant.web.api import add_api
from assistant.web.faults import Faults, add_plain_errors
from assistant.web.files import add_files
from assistant.web.frame import frame
from assistant.web.guard import Guard
from assistant.web.lasting import Lasting
from assistant.web.pages import add_pages
from assistant.web.places import Places
from assistant.web.plain import add_plain
from assistant.web.server import address_of, take_port
from assistant.web.signin.gate import Gate
from assistant.web.signin.identity import user_of
from assistant.web.style import add_style


def make_parts(answers: Answers, settings: Settings, recorder: Recorder, *, places: Places | None = None) -> ASGIApp:
    """All parts over `answers`, behind the gate."""
    days = settings.records.days
    keeping = Lasting(recorder) if days else None
    places = places or Places()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_style(app)
    add_pages(app, settings)
    add_files(app, recorder.records, user_of=user_of)
    add_plain(app, answers, keeping, recorded_days=days, places=places, has_files=bool(days))
    add_api(app, answers, keeping, places=places, recorded_days=days)
    add_plain_errors(app, frame=frame)
    return Guard(Faults(Gate(app, frame=frame), frame=frame))


@contextmanager
def served_parts(answers: Answers, settings: Settings, *, places: Places | None = None) -> Iterator[str]:
    """The address of the parts over `answers`."""
    with Recorder(settings) as recorder, running(make_parts(answers, settings, recorder, places=places)) as address:
        yield address


@contextmanager
def running(app: ASGIApp) -> Iterator[str]:
    """The address of an application that a real uvicorn serves, in a thread of its own."""
    with take_port(WebSettings(port=0)) as taken:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started
        yield address_of(taken)
        server.should_exit = True
        thread.join(timeout=10)


def settings_with(folder: Path, **sections: Any) -> Settings:
    """Settings with a data folder of their own."""
    return Settings(data_dir=folder, **sections)
