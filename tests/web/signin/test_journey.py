"""Signing in and out in a real Chromium, with axe; nothing leaves the machine, and nothing stays behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.web.access import barriers
from tests.web.browser import IN_A_BROWSER, ask
from tests.web.sample_answers import FullAnswers
from tests.web.signin.provider import honest_provider
from tests.web.signin.site import PASSWORD, Site, serving

pytestmark = [*IN_A_BROWSER, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


CLIENT = {"way": "openid", "client_id": "b", "client_secret": "s"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("journey") / "data"
    with serving(folder, sign_in={"way": "passwords"}, answers=FullAnswers(), ada="official", eve="official") as site:
        yield site


@pytest.fixture
def page(chromium: Any, site: Site) -> Iterator[Any]:
    """A tab of a browser of its own; whatever is asked for elsewhere fails the test."""
    with_browser = chromium.new_context(viewport={"width": 1200, "height": 800})
    page = with_browser.new_page()
    page.set_default_timeout(8000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if urlsplit(page.url).hostname == "127.0.0.1" else None)
    yield page
    with_browser.close()
    # An identity provider, which is at "localhost" here, has pages of its own.
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))} <= {"127.0.0.1", "localhost"}


def sign_in(page: Any, name: str = "ada") -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def signed_in(page: Any, site: Site, name: str = "ada") -> None:
    page.goto(site.address)
    sign_in(page, name)
    page.get_by_text(f"Signed in as {name}").wait_for()


def test_one_signs_in_asks_and_signs_out_and_leaves_nothing_behind(page: Any, site: Site) -> None:
    page.goto(site.address)
    assert page.title() == "Sign in – Bernard"
    assert barriers(page) == []
    page.get_by_role("button", name="Sign in").click()
    assert page.title().startswith("Error: Sign in")
    assert page.evaluate("document.activeElement.className") == "b-summary"
    assert barriers(page) == []
    page.get_by_role("link", name="Enter your user name").click()
    assert page.evaluate("document.activeElement.id") == "name"
    sign_in(page)
    page.get_by_text("Signed in as ada").wait_for()
    ask(page, "freedom")
    assert barriers(page) == []
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You have signed out").wait_for()
    assert barriers(page) == []
    page.go_back()
    page.get_by_role("button", name="Sign in").wait_for()
    assert "freedom" not in page.locator("body").inner_text()


def test_the_next_user_of_the_same_browser_finds_nothing_of_the_last(page: Any, site: Site) -> None:
    signed_in(page, site)
    ask(page, "freedom")
    address = page.url
    assert "#conversation=" in address
    page.get_by_role("button", name="Sign out").click()
    signed_in(page, site, "eve")
    page.goto(address)
    page.reload()
    page.locator(".b-fault-text").wait_for()
    assert page.locator(".b-exchange").count() == 0
    assert "freedom" not in page.locator("#own").inner_text() + page.locator("#conversation").inner_text()


def test_who_is_signed_out_meanwhile_is_told_and_loses_no_question(page: Any, site: Site) -> None:
    signed_in(page, site)
    ask(page, "freedom")
    page.context.clear_cookies()
    page.get_by_label("Your question", exact=True).fill("parking")
    page.get_by_role("button", name="Ask", exact=True).click()
    told = page.locator(".b-signed-out")
    told.wait_for()
    assert barriers(page) == []
    assert page.get_by_label("Your question", exact=True).input_value() == "parking"
    with page.context.expect_page() as opened:
        told.get_by_role("link").click()
    sign_in(opened.value)
    opened.value.get_by_text("Signed in as ada").wait_for()
    ask(page, "parking")
    assert told.is_hidden()
    assert page.locator(".b-exchange").count() == 2


def test_a_page_that_another_user_took_over_is_told(page: Any, site: Site) -> None:
    signed_in(page, site)
    other = page.context.new_page()
    other.goto(site.address)
    other.get_by_role("button", name="Sign out").click()
    signed_in(other, site, "eve")
    page.get_by_label("Your question", exact=True).fill("freedom")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".b-signed-out").wait_for()
    assert "another user" in page.locator(".b-signed-out").inner_text()
    assert not site.records.conversations("eve")


def test_it_works_at_320_pixels_and_in_dark(page: Any, site: Site) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site.address}/sign-in")
    page.get_by_role("button", name="Sign in").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert barriers(page) == []
    sign_in(page)
    page.get_by_text("Signed in as ada").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert barriers(page) == []


def test_one_signs_in_at_an_identity_provider(page: Any, tmp_path: Path) -> None:
    with (
        honest_provider(u1={"email": "ada@example.gov.uk", "email_verified": True}) as issuer,
        serving(tmp_path / "data", sign_in=CLIENT | {"issuer": issuer}, answers=FullAnswers()) as site,
    ):
        page.goto(site.address)
        assert page.url.startswith(issuer)
        page.get_by_role("textbox").first.fill("u1")
        page.keyboard.press("Enter")
        page.get_by_text("Signed in as ada@example.gov.uk").wait_for()
        ask(page, "freedom")
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="sign out of your organisation as well").wait_for()
        assert barriers(page) == []
