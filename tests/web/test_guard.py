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


@pytest.mark.parametrize(
    "path",
    [
        "/api/ask",
        "/consultation/buses/1",
        "/consultations",
        "/consultations/new",
        "/healthz",
        "/readyz",
        "/metrics",
        "/plain",
        "/plain/x",
        "/sign-in",
        "/sign-in/return",
        "/sign-out",
        "/signed-out",
    ],
)
def test_bernards_own_pages_are_let_through(path: str) -> None:
    assert allowed(path)


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/sign-in/x", "/sign-out/x", "/metrics/x", "/healthz/", "/plainx", "/apix", "/consultation"]
)
def test_nothing_beside_them_is(path: str) -> None:
    assert not allowed(path)


def client(host: str, *, public_url: str = "") -> TestClient:
    return TestClient(Guard(PlainTextResponse("page"), public_url=public_url), base_url=f"http://{host}")


PUBLIC = "https://bernard.example"


@pytest.mark.parametrize("host", ["bernard.example", "BERNARD.example", "bernard.example:443", "127.0.0.1:7860"])
def test_the_public_name_is_answered_to_beside_this_machines_own(host: str) -> None:
    assert client("127.0.0.1", public_url=PUBLIC).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "bernard.example.evil.example",
        "x.bernard.example",
        "bernard.example:80",
        "bernard.example@evil.example",
        "10.0.0.1",
    ],
)
def test_no_other_name_is_answered_to(host: str) -> None:
    reply = client("127.0.0.1", public_url=PUBLIC).get("/", headers={"host": host})
    assert reply.status_code == 421
    assert "BERNARD_WEB__PUBLIC_URL" in reply.text


def test_a_name_given_twice_is_refused() -> None:
    headers = [("host", "127.0.0.1"), ("host", "evil.example")]
    assert client("127.0.0.1").get("/", headers=headers).status_code == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": PUBLIC}, 200),
        ({"origin": PUBLIC, "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({}, 200),
        ({"origin": "http://bernard.example"}, 403),  # what somebody on the way could have put there
        ({"origin": "https://bernard.example:8443"}, 403),
        ({"origin": "https://x.bernard.example"}, 403),
        ({"origin": f"{PUBLIC}/"}, 403),
        ({"origin": PUBLIC, "sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
@pytest.mark.parametrize("host", ["bernard.example", "127.0.0.1:7860"])  # a proxy may keep the name or not
def test_pages_of_the_public_address_may_ask_and_no_others(headers: dict[str, str], status: int, host: str) -> None:
    reply = client("127.0.0.1", public_url=PUBLIC).post(JOIN, headers={"host": host, **headers})
    assert reply.status_code == status


def test_two_origins_are_refused() -> None:
    headers = [("host", "bernard.example"), ("origin", PUBLIC), ("origin", "https://evil.example")]
    assert client("127.0.0.1", public_url=PUBLIC).post(JOIN, headers=headers).status_code == 403


def test_by_https_the_browser_is_told_to_stay_with_it() -> None:
    assert "strict-transport-security" in client("127.0.0.1", public_url=PUBLIC).get("/").headers
    assert "strict-transport-security" not in client("127.0.0.1", public_url="http://127.0.0.1:80").get("/").headers


@pytest.mark.parametrize("path", ["/sign-in", "/plain/x", "/privacy"])
def test_pages_without_scripts_may_run_none(path: str) -> None:
    policy = client("127.0.0.1").get(path).headers["content-security-policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_what_is_anybodys_is_kept_by_no_browser() -> None:
    for path in ("/", "/config", "/plain", "/api/ask", "/sign-in", "/gradio_api/queue/data", "/export/x.docx"):
        assert client("127.0.0.1").get(path).headers["cache-control"] == "private, no-store"
    for path in ("/static/x.svg", "/style/x.css", "/theme.css"):
        assert "cache-control" not in client("127.0.0.1").get(path).headers


def test_a_request_must_say_its_length() -> None:
    assert client("127.0.0.1").post(JOIN, content=iter([b"x"])).status_code == 411


def test_a_folder_may_be_given_longer_requests() -> None:
    guard = Guard(PlainTextResponse("page"), longer={"/own/": 3 * MOST_BYTES})
    for path, length, status in (("/own/x", 2, 200), ("/own/x", 4, 413), ("/api/own/", 2, 413)):
        sent = TestClient(guard, base_url="http://127.0.0.1").post(path, content=b"x" * (length * MOST_BYTES))
        assert sent.status_code == status


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


def test_what_is_named_by_its_content_is_asked_for_once() -> None:
    client = TestClient(Guard(PlainTextResponse("")), base_url="http://127.0.0.1")
    immutable = "public, max-age=31536000, immutable"
    assert client.get("/assets/a.js").headers["cache-control"] == immutable
    assert client.get("/theme.css?v=0a1b").headers["cache-control"] == immutable
    assert "cache-control" not in client.get("/theme.css").headers
    assert client.get("/config?v=0a1b").headers["cache-control"] == "private, no-store"


def test_every_reply_has_what_keeps_others_off_the_page() -> None:
    client = TestClient(Guard(PlainTextResponse("")), base_url="http://127.0.0.1")
    for path in ("/", "/plain", "/sign-in", "/evaluate/runs/x/scorecard.html", "/none"):
        headers = client.get(path).headers
        policy = set(headers["content-security-policy"].split("; "))
        assert {"frame-ancestors 'none'", "form-action 'self'"} <= policy, path
        assert policy & {"base-uri 'self'", "base-uri 'none'"}, path
        assert not [one for one in policy if "*" in one or "http" in one], path
        named = ("x-content-type-options", "x-frame-options", "cross-origin-opener-policy", "referrer-policy")
        assert [headers[name] for name in named] == ["nosniff", "DENY", "same-origin", "same-origin"]
        assert headers["cross-origin-resource-policy"] == "same-origin"
