from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from assistant.web.guard import Guard, allowed


@pytest.mark.parametrize("path", ["/", "/config", "/assets/index.js", "/gradio_api/queue/join"])
def test_what_the_page_needs_is_let_through(path: str) -> None:
    assert allowed(path)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://evil.example",
        "/gradio_api/call/respond",
        "/gradio_api/run/respond",
        "/gradio_api/deep_link",
        "/gradio_api/runs",
        "/gradio_api/vibe-code",
        "/monitoring",
        "/login",
        "/docs",
    ],
)
def test_everything_else_is_not_there(path: str) -> None:
    assert not allowed(path)


def client(host: str) -> TestClient:
    return TestClient(Guard(PlainTextResponse("page")), base_url=f"http://{host}")


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "LOCALHOST", "[::1]:7860"])
def test_this_machine_may_ask_and_may_load_nothing_from_elsewhere(host: str) -> None:
    response = client("127.0.0.1").get("/", headers={"host": host})
    assert response.status_code == 200
    assert "default-src 'self'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1:7860"])
def test_another_name_for_this_machine_is_refused(host: str) -> None:
    assert client("127.0.0.1").get("/", headers={"host": host}).status_code == 421
