from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from assistant.web.guard import MOST_BYTES, Guard, allowed


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


JOIN = "/gradio_api/queue/join"


@pytest.mark.parametrize("origin", [{}, {"origin": "http://127.0.0.1:7860"}, {"origin": "HTTP://127.0.0.1:7860"}])
def test_the_page_itself_and_programs_may_ask(origin: dict[str, str]) -> None:
    assert client("127.0.0.1:7860").post(JOIN, headers=origin).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1:8000",
        "http://127.0.0.1",
        "http://localhost:7860",
        "http://127.0.0.1:7860@evil.example",
        "http://127.0.0.1:7860.evil.example",
        "http://[broken",
        "null",
        "",
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_page_of_another_site_may_not_ask(origin: str, method: str) -> None:
    response = client("127.0.0.1:7860").request(method, JOIN, headers={"origin": origin})
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers


def test_a_link_from_another_site_may_be_followed() -> None:
    assert client("127.0.0.1:7860").get("/", headers={"origin": "https://other.example"}).status_code == 200


@pytest.mark.parametrize(("length", "status"), [(MOST_BYTES, 200), (MOST_BYTES + 1, 413)])
def test_a_request_may_have_so_many_bytes_and_no_more(length: int, status: int) -> None:
    assert client("127.0.0.1").post(JOIN, content=b"x" * length).status_code == status


@pytest.mark.parametrize(("length", "status"), [("9" * 30, 413), ("many", 200)])
def test_the_length_is_read_from_the_header(length: str, status: int) -> None:
    assert client("127.0.0.1").post(JOIN, content=b"", headers={"content-length": length}).status_code == status
