from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.testclient import TestClient

from assistant.web import build
from assistant.web.noscript import NoScript
from assistant.web.server import make_app
from tests.web.browser import IN_A_BROWSER, served
from tests.web.sample_answers import SampleAnswers

LINE = '<noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript><meta name="description" content="Bernard '
PAGE = "<html><head><title>x</title></head><body><head></body></html>"


@pytest.mark.parametrize("reply", [HTMLResponse(PAGE), StreamingResponse(iter(PAGE.split("x")), media_type="text/html")])
def test_the_line_is_first_in_the_head_and_the_length_is_right(reply: Any) -> None:
    got = TestClient(NoScript(reply)).get("/", headers={"accept-encoding": "identity"})
    assert got.text.startswith(f"<html><head>{LINE}")
    assert got.text.count(LINE) == 1
    assert int(got.headers.get("content-length", len(got.content))) == len(got.content)


def test_the_page_is_compressed_where_the_browser_takes_that() -> None:
    client = TestClient(NoScript(HTMLResponse(PAGE * 100)))
    for _ in range(2):
        got = client.get("/", headers={"accept-encoding": "gzip, br"})
        assert (got.headers["content-encoding"], got.headers["vary"]) == ("gzip", "Accept-Encoding")
        assert int(got.headers["content-length"]) < 1000 < len(got.text)
    plain = client.get("/", headers={"accept-encoding": "identity"})
    assert plain.text == got.text
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(("method", "path"), [("GET", "/config"), ("POST", "/"), ("GET", "/plain")])
def test_nothing_else_is_touched(method: str, path: str) -> None:
    assert TestClient(NoScript(HTMLResponse(PAGE))).request(method, path).text == PAGE


def test_the_page_speaks_of_bernard_alone_and_names_no_address_elsewhere() -> None:
    with TestClient(make_app(build(SampleAnswers())), base_url="http://127.0.0.1") as client:
        page = client.get("/").text

    assert page.count('<meta name="description" content="Bernard answers questions') == 1
    for other in ("og:", "twitter:", "Click to try", "githubusercontent", "gradio.app"):
        assert other not in page
    assert set(re.findall(r"https?://[^/\s\"'<>)]+", page)) <= {"http://127.0.0.1"}


def test_a_reply_without_a_head_passes() -> None:
    assert TestClient(NoScript(PlainTextResponse("There is no such page.", 404))).get("/").text == "There is no such page."


class TestBrowser:
    pytestmark = IN_A_BROWSER

    def test_without_javascript_gradios_page_leads_to_the_plain_one_and_with_it_stays(self, chromium: Any) -> None:
        with served(SampleAnswers()) as address:
            context = chromium.new_context(java_script_enabled=False)
            page = context.new_page()
            with page.expect_request("**/plain"):
                page.goto(address)
            context.close()
            page = chromium.new_page()
            page.goto(address)
            page.locator("#question textarea").wait_for()
            assert page.url == f"{address}/"
            for place in ("/plain", "/accessibility", "/privacy"):
                assert page.locator(f'.b-foot a[href="{place}"]').is_visible()
            page.close()
