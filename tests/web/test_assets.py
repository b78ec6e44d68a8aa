"""What the page is built from is read and compressed once."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.web.assets import Assets
from assistant.web.guard import Guard


class Files:
    """Gives files under /assets/, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        way = dict(scope["headers"]).get(b"accept-encoding", b"").decode()
        found = Response(f"{scope['path']} as {way}", headers={"x-way": way}, media_type="text/javascript")
        missing = PlainTextResponse("no", status_code=404)
        await (missing if "missing" in scope["path"] else found)(scope, receive, send)


def test_a_file_is_asked_for_once_for_each_way_of_compressing() -> None:
    files = Files()
    client = TestClient(Guard(Assets(files)), base_url="http://127.0.0.1")
    for _ in range(3):
        for way, sent in (("gzip, deflate, br", "gzip, deflate, br"), ("gzip", "gzip"), ("identity", "identity")):
            got = client.get("/assets/a.js", headers={"accept-encoding": way})
            assert (got.text, got.headers["x-way"]) == (f"/assets/a.js as {sent}", sent)
            assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert got.headers.get_list("x-frame-options") == ["DENY"]
            assert int(got.headers["content-length"]) == len(got.content)
    assert files.asked == ["/assets/a.js"] * 3


def test_nothing_else_is_kept() -> None:
    files = Files()
    client = TestClient(Assets(files, most=100))
    sent = [
        ("GET", "/assets/missing.js", {}),
        ("GET", "/plain/x", {}),
        ("POST", "/assets/b.js", {}),
        ("GET", "/assets/b.js?a=1", {}),
        ("GET", "/assets/b.js", {"range": "bytes=0-1"}),
        ("GET", f"/assets/{'long' * 30}.js", {}),
    ]
    for method, path, headers in sent * 2:
        client.request(method, path, headers=headers)
    assert len(files.asked) == 2 * len(sent)
