from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI, HTTPException
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from assistant.errors import InputError
from assistant.web import build
from assistant.web.faults import Faults, add_plain_errors, reference_for
from assistant.web.server import make_app
from tests.web.loops import close_loop
from tests.web.sample_answers import SampleAnswers
from tests.web.signin.tab import Tab

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
PAGE = {"accept": "text/html"}
QUESTION = "what about my salary"


@pytest.fixture(autouse=True)
def _no_loops() -> Iterator[None]:
    yield
    close_loop()


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    def broken() -> None:
        try:
            raise KeyError(QUESTION)
        except KeyError as error:
            raise ValueError(QUESTION) from error

    def refused() -> None:
        raise HTTPException(403, "Not <for> you.", headers={"x-more": "1"})

    def half() -> StreamingResponse:
        def parts() -> Any:
            yield "one"
            raise ValueError(QUESTION)

        return StreamingResponse(parts())

    for path in ("/export/x", "/api/x"):
        app.add_api_route(path, broken, methods=["GET", "POST"])
    app.add_api_route("/refused", refused)
    app.add_api_route("/api/refused", refused)
    app.add_api_route("/half", half)
    add_plain_errors(app)
    return TestClient(Faults(app), raise_server_exceptions=False)


def reference_in(text: str) -> str:
    found = re.search(r"reference ([0-9A-F]{8})", text)
    assert found, text
    return found.group(1)


def test_a_reader_gets_a_page_with_a_reference_that_is_in_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    reply = client.get("/export/x", headers=PAGE)
    assert reply.status_code == 500
    assert "Sorry, something went wrong" in reply.text
    assert reference_in(reply.text) in caplog.text
    assert "Traceback" not in reply.text
    assert "ValueError" not in reply.text


def test_a_program_gets_json(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    told = client.post("/api/x", headers=PAGE).json()
    assert told["reference"] == reference_in(told["error"])
    assert told["reference"] in caplog.text


def test_the_log_says_where_it_arose_and_not_what_was_asked(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/export/x?q=salary")
    assert "GET /export/… failed. Reference" in caplog.text
    assert "in broken" in caplog.text
    assert caplog.text.index("KeyError") < caplog.text.index("which led to:") < caplog.text.index("ValueError")
    assert "salary" not in caplog.text


def test_bernards_own_words_are_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    reference_for(ExceptionGroup("g", [InputError("There is no such page.")]), "It failed.")
    assert "InputError: There is no such page." in caplog.text


def test_a_reply_that_breaks_off_in_the_middle_is_in_the_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    assert client.get("/half").text == "one"
    assert "… failed. Reference" in caplog.text
    assert "salary" not in caplog.text


def test_what_a_route_refuses_is_told_plainly(client: TestClient) -> None:
    reply = client.get("/refused", headers=PAGE)
    assert (reply.status_code, reply.headers["x-more"]) == (403, "1")
    assert "<h1" in reply.text
    assert "Not &lt;for&gt; you." in reply.text
    assert client.get("/api/refused").json() == {"error": "Not <for> you."}
    assert client.get("/api/nothing").json() == {"error": "There is no such page."}


def test_an_event_of_the_page_that_fails_tells_the_reader_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: gr.Request) -> str:
        raise RuntimeError(QUESTION)

    app = make_app(build(SampleAnswers(), user_of=broken))
    with caplog.at_level(logging.ERROR), TestClient(app, base_url="http://127.0.0.1") as client:
        for told in (
            Tab(cast(httpx.Client, client)).open_page(),
            Tab(cast(httpx.Client, client)).act("ask", "click", [QUESTION, None, ""]),
        ):
            assert reference_in(told) in caplog.text
            assert "RuntimeError" not in told
    assert "in broken" in caplog.text
    assert "salary" not in caplog.text


def test_what_gradio_cannot_take_shows_no_stack_trace(capfd: pytest.CaptureFixture[str]) -> None:
    app = make_app(build(SampleAnswers()))
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        for body in ({}, {"data": [], "session_hash": "a"}, {"data": [1], "fn_index": 10**6, "session_hash": "a"}):
            reply = client.post("/gradio_api/queue/join", json=body)
            assert reply.status_code >= 400
            assert "Traceback" not in reply.text
            assert str(Path(__file__).parents[2]) not in reply.text
