"""Serves the parts of the application that Gradio does not make, by a real uvicorn. Knows nothing of what answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from assistant.records import Recorder
from assistant.settings import Settings, WebSettings
from assistant.uploads import OwnDocuments
from assistant.web import Answers
from assistant.web.beside import beside
from assistant.web.faults import Faults, add_plain_errors
from assistant.web.figures import Figures
from assistant.web.files import add_files
from assistant.web.frame import frame
from assistant.web.guard import Guard
from assistant.web.health import Look
from assistant.web.lasting import Lasting
from assistant.web.places import Places
from assistant.web.server import address_of, longer_for_documents, take_port
from assistant.web.signin.gate import Gate
from assistant.web.signin.identity import user_of


def make_parts(
    answers: Answers,
    settings: Settings,
    recorder: Recorder,
    *,
    places: Places | None = None,
    figures: Figures | None = None,
    looks: Mapping[str, Look] | None = None,
    documents: OwnDocuments | None = None,
) -> ASGIApp:
    """All parts over `answers`, behind the guard and the gate."""
    keeping = Lasting(recorder, also_clear=documents.clear if documents else None) if settings.records.days else None
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_files(app, recorder.records, user_of=user_of)
    add = beside(
        answers,
        keeping,
        settings=settings,
        places=places or Places(),
        figures=figures or Figures(),
        looks=looks or {},
        documents=documents,
    )
    add(app)
    add_plain_errors(app, frame=frame)
    return Guard(Faults(Gate(app, frame=frame), frame=frame), longer=longer_for_documents(settings.uploads))


@contextmanager
def served_parts(answers: Answers, settings: Settings, **parts: Any) -> Iterator[str]:
    """The address of the parts over `answers`; `parts` as `make_parts` takes them."""
    with Recorder(settings) as recorder, running(make_parts(answers, settings, recorder, **parts)) as address:
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
