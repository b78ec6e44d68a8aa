"""Serves a page for a browser to open. Knows nothing of what answers or of what is asked."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from assistant.settings import WebSettings
from assistant.web import Answers, build
from assistant.web.files import Open

IN_A_BROWSER = [
    pytest.mark.browser,
    # Gradio leaves an event loop open for each app it makes; Python says so when it collects them.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def ask(page: Any, question: str) -> None:
    """Type a question on an open page and wait for its answer, or for the fault that it has."""
    before = page.locator("#conversation .b-exchange").count()
    page.get_by_label("Your question", exact=True).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_function(
        "before => document.querySelectorAll('#conversation .b-exchange').length > before ||"
        " document.querySelector('#fault .b-fault')",
        arg=before,
    )


@contextmanager
def served(answers: Answers, *, records: Open | None = None, **options: Any) -> Iterator[str]:
    """The address of the page over `answers`, served as `bernard serve` does, in a thread of its own.

    Args:
        answers: What answers.
        records: Gives the records, for files and documents of one's own.
        options: As `assistant.web.build` takes them.
    """
    import uvicorn

    from assistant.web.server import address_of, make_app, take_port

    with take_port(WebSettings(port=0)) as taken:
        server = uvicorn.Server(
            uvicorn.Config(
                make_app(
                    build(answers, **options),
                    records=records,
                    own=options.get("documents"),
                    limits=options.get("limits"),
                ),
                log_level="warning",
                timeout_graceful_shutdown=1,
                lifespan="on",
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.05)
        assert server.started
        yield address_of(taken)
        server.should_exit = True
        thread.join(timeout=10)
    del server, thread
    gc.collect()  # the loops go now, where the warnings about them are not heard, and not in some later test
