"""From the question box to the index and back: the real assistant over the dozen notes, asked in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from assistant.answer import Assistant
from tests.answer.notes import NOTES
from tests.web.browser import IN_A_BROWSER, served

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def address(bernard: Assistant) -> Iterator[str]:
    with served(bernard) as address:
        yield address


@pytest.fixture
def page(address: str, chromium: Any) -> Iterator[Any]:
    """The first page; afterwards nothing may have been asked of another machine."""
    page = chromium.new_page()
    page.set_default_timeout(20_000)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    page.locator("#question textarea").wait_for()
    yield page
    page.close()
    assert {urlsplit(url).netloc for url in requests if not url.startswith(("data:", "blob:"))} == {urlsplit(address).netloc}


def ask(page: Any, question: str) -> None:
    page.get_by_label("Your question", exact=True).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".b-exchange").wait_for()


def test_a_question_that_the_notes_answer_is_answered_in_their_words(page: Any) -> None:
    ask(page, "How many days of paid leave do lighthouse keepers have?")

    assert page.locator(".b-status").inner_text() == "What the guidance says"
    assert "31 days of paid leave" in page.locator(".b-claim").first.inner_text()
    assert set(page.locator(".b-answer .b-verdict").all_inner_texts()) == {"Quoted"}
    marked = page.locator(".b-passage mark").all_inner_texts()
    assert "Lighthouse keepers have 31 days of paid leave in each leave year." in marked
    assert all(any(words in note for note in NOTES.values()) for words in marked)
    links = [link.get_attribute("href") for link in page.locator(".b-source a.b-link").all()]
    assert any(link.startswith("https://www.gov.uk/guidance/lighthouse-leave") and ":~:text=" in link for link in links)


def test_a_question_about_something_else_is_not_answered(page: Any) -> None:
    ask(page, "What is a good recipe for chocolate cake?")

    assert page.locator(".b-status").inner_text() == "Not in the guidance"
    assert page.locator(".b-claim, .b-source, mark").count() == 0
