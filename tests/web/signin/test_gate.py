from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.errors import RecordsUnusable
from assistant.records import Role
from assistant.web.signin.gate import Gate, is_open, local_path
from assistant.web.signin.identity import KEY, Identity, NotLetIn, identity_of, known
from assistant.web.signin.proxy import Proxy
from tests.web.signin.test_proxy import SECRET, SETTINGS

PAGE = {"accept": "text/html,*/*"}


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that says who asked."""
    found = known(Request(scope))
    await JSONResponse({"name": found.name if found else None})(scope, receive, send)


class Stub:
    """A way that answers as a test says."""

    can_leave = True

    def __init__(self, found: Any, *, has_page: bool = True) -> None:
        self.has_page, self._found = has_page, found

    async def identify(self, headers: Headers, *, client: str, path: str) -> Identity | None:
        if isinstance(self._found, Exception):
            raise self._found
        found: Identity | None = self._found
        return found

    def add_routes(self, app: FastAPI) -> None: ...


def client(found: Any, **options: Any) -> TestClient:
    return TestClient(Gate(told, Stub(found, **options)), follow_redirects=False)


def test_without_a_way_it_is_whoever_sits_at_this_machine() -> None:
    assert TestClient(Gate(told)).get("/").json() == {"name": ""}


def test_whoever_is_known_is_let_through_by_name() -> None:
    assert client(Identity("ada", Role.OFFICIAL)).get("/").json() == {"name": "ada"}


def test_a_reader_of_pages_is_sent_to_sign_in_and_a_program_is_told() -> None:
    reply = client(None).get("/a b?c=d&e=/f", headers=PAGE)
    assert (reply.status_code, reply.headers["location"]) == (303, "/sign-in?next=/a%20b%3Fc%3Dd%26e%3D/f")
    for method, path, headers in (
        ("GET", "/", {}),
        ("POST", "/", PAGE),
        ("GET", "/api/ask", PAGE),
        ("GET", "/gradio_api/queue/data", PAGE),
        ("PUT", "/plain", PAGE),
    ):
        reply = client(None).request(method, path, headers=headers)
        assert (reply.status_code, reply.json()) == (401, {"error": "Sign in first."})


@pytest.mark.parametrize(
    "path",
    ["/healthz", "/readyz", "/metrics", "/sign-in", "/sign-out", "/signed-out", "/style/x.css", "/privacy", "/favicon.ico"],
)
def test_open_pages_are_seen_by_anybody_and_by_nobody_in_particular(path: str) -> None:
    for found in (None, NotLetIn("no"), RecordsUnusable("no")):
        assert client(found).get(path).json() == {"name": None}
    assert client(Identity("ada", Role.OFFICIAL)).get(path).json() == {"name": "ada"}


@pytest.mark.parametrize(
    "path", ["/", "/sign-in/x", "/sign-ins", "/metrics/", "/healthz2", "/config", "/assets/a", "/own/a", "/style"]
)
def test_nothing_else_is_open(path: str) -> None:
    assert not is_open(path)
    assert client(None).get(path).status_code == 401


def test_who_claims_to_be_somebody_in_vain_is_told_why() -> None:
    fault = NotLetIn("Because <of> this.", status=429, headers={"Retry-After": "9"})
    reply = client(fault).get("/", headers=PAGE)
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "9")
    assert "Because &lt;of&gt; this." in reply.text
    assert client(fault).get("/api/x").json() == {"error": "Because <of> this."}


def test_where_there_is_no_form_a_reader_is_told_on_a_page() -> None:
    reply = client(None, has_page=False).get("/", headers=PAGE)
    assert (reply.status_code, "You have not signed in." in reply.text) == (401, True)


def test_records_that_cannot_be_reached_let_nobody_in_and_say_so() -> None:
    reply = client(RecordsUnusable("The disk is full.")).get("/", headers=PAGE)
    assert reply.status_code == 503
    assert "Sign-in does not work at the moment." in reply.text
    assert "disk" not in reply.text


def test_an_identity_in_the_scope_is_the_gates_alone() -> None:
    async def forger(scope: Scope, receive: Receive, send: Send) -> None:
        await Gate(told, Stub(None))(dict(scope) | {KEY: Identity("max", Role.ADMINISTRATOR)}, receive, send)

    assert TestClient(forger).get("/metrics").json() == {"name": None}


def test_a_request_that_went_round_the_gate_is_a_fault_of_the_program() -> None:
    with pytest.raises(LookupError):
        identity_of(Request({"type": "http"}))


@pytest.mark.parametrize(
    "path", ["/", "/plain", "/plain?a=//b", "/export/a.docx?marking=OFFICIAL", "/%2F%2Fevil", "/.//x", "/@evil"]
)
def test_a_path_of_this_site_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "asked",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        " /plain",
        "/plain\\..\\evil",
        "",
        "/sign-out",
        "/sign-in?next=/sign-in",
        "/%2e%2e//evil.example\r\nSet-Cookie: a=b",
    ],
)
def test_whatever_a_browser_might_take_for_another_site_is_not(asked: str) -> None:
    assert local_path(asked) == "/"


def test_a_request_of_a_proxy_carries_its_name_through() -> None:
    reply = TestClient(Gate(told, Proxy(SETTINGS))).get("/", headers={**SECRET, "x-forwarded-user": "Ada"})
    assert reply.json() == {"name": "ada"}
