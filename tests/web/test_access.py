"""Every screen and state looked over with axe-core: nothing serious or critical, in light, in dark and at 400 %."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.records import Recorder
from assistant.settings import Settings
from assistant.web.lasting import Lasting
from tests.web.access import barriers
from tests.web.browser import IN_A_BROWSER, ask, served
from tests.web.sample_answers import FullAnswers

pytestmark = IN_A_BROWSER

WINDOWS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1366, "height": 768}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1366, "height": 768}},
    "400 %": {"color_scheme": "light", "viewport": {"width": 320, "height": 256}},  # of a window of 1280 × 1024
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("kept")
    with (
        Recorder(Settings(data_dir=folder)) as recorder,
        served(FullAnswers(), keeping=Lasting(recorder), has_files=True) as address,
    ):
        yield address


@pytest.fixture(params=WINDOWS)
def page(request: pytest.FixtureRequest, address: str, chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(**WINDOWS[request.param])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(address)
    page.locator("#question textarea").wait_for()
    yield page
    context.close()


def look_over(page: Any) -> None:
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def open_all(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    page.wait_for_function("![...document.querySelectorAll('.b-more')].some(m => m.innerText.includes('Fetching…'))")


def test_the_checker_sees_a_barrier(page: Any) -> None:
    page.evaluate("document.querySelector('#question textarea').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input type=text><img src=x>')")
    assert {line.partition(":")[0] for line in barriers(page)} >= {"label", "image-alt"}


def test_the_first_page_and_its_panels(page: Any) -> None:
    look_over(page)
    open_all(page)
    look_over(page)
    ask(page, "  ")
    look_over(page)


def test_an_answer_with_everything_open(page: Any) -> None:
    ask(page, "freedom of information")
    look_over(page)
    page.locator("a.b-cite").first.click()
    open_all(page)
    look_over(page)
    page.locator(".b-feedback").get_by_role("button", name="Send").click()
    page.locator(".b-feedback .b-fault").wait_for()
    look_over(page)


def test_two_answers_side_by_side_and_one_under_way(page: Any) -> None:
    page.locator(".b-filters > summary").click()
    page.get_by_label("Both, side by side").check()
    ask(page, "written grade")
    look_over(page)
    page.get_by_label("Your question", exact=True).fill("endless freedom")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#progress .b-claim").wait_for()
    look_over(page)
    page.get_by_role("button", name="Stop", exact=True).click()
    page.locator("#progress .b-claim").wait_for(state="detached")
    look_over(page)


def test_every_other_way_to_end(page: Any) -> None:
    for question in ("parking", "several topics", "grade", "ignore", "crash"):
        ask(page, question)
    open_all(page)
    look_over(page)
