"""Reading in a real Chromium: stopping, asking again, more of a page, what to search, two answers side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from assistant.search import Filters
from tests.web.browser import IN_A_BROWSER, ask, served
from tests.web.sample_answers import FIRST, HOSTILE, FullAnswers

pytestmark = IN_A_BROWSER


@dataclass
class Site:
    """A served page and what it was asked."""

    address: str
    answers: FullAnswers


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    answers = FullAnswers()
    with served(answers) as address:
        yield Site(address, answers)


@pytest.fixture(scope="module")
def window(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def page(site: Site, window: Any) -> Iterator[Any]:
    """The first page; afterwards nothing may have gone wrong in the browser."""
    page = window.new_page()
    page.set_default_timeout(20_000)
    wrong: list[str] = []
    page.on("console", lambda entry: wrong.append(entry.text) if entry.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    site.answers.options.clear()
    page.goto(site.address)
    page.locator("#question textarea").wait_for()
    yield page
    page.close()
    assert wrong == []


def test_stop_ends_the_writing_and_keeps_what_is_shown(page: Any) -> None:
    page.get_by_label("Your question", exact=True).fill("endless freedom")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#progress .b-claim").wait_for()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.locator("#conversation .b-exchange").wait_for()
    assert page.locator("#conversation .b-claim").inner_text().startswith(FIRST)
    assert "You stopped this answer." in page.locator("#conversation .b-inset").inner_text()
    assert page.locator("#t1-source-1").is_visible()
    assert page.get_by_role("button", name="Ask", exact=True).is_enabled()
    assert not page.get_by_role("button", name="Stop", exact=True).is_visible()


def test_stop_before_there_is_anything_keeps_the_question(page: Any) -> None:
    page.get_by_label("Your question", exact=True).fill("endless empty")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.locator(".b-stopped").wait_for()
    assert page.get_by_label("Your question", exact=True).input_value() == "endless empty"
    assert page.locator("#conversation .b-exchange").count() == 0


def test_a_changed_question_replaces_its_answer_and_those_after_it(page: Any, site: Site) -> None:
    for question in ("freedom", "grade", "parking"):
        ask(page, question)
    article = page.locator(".b-exchange").nth(1)
    article.get_by_text("Change the question and ask again").click()
    article.get_by_label("The question, changed").fill("grade of senior staff")
    article.get_by_role("button", name="Ask again").click()
    page.wait_for_function("document.querySelectorAll('#conversation .b-exchange').length == 2")
    assert page.locator(".b-question").last.inner_text().endswith("grade of senior staff")
    assert [turn.content for turn in site.answers.asked[-1][1] if turn.role == "user"] == ["freedom"]


def test_a_changed_question_that_cannot_be_asked_leaves_everything(page: Any) -> None:
    ask(page, "freedom")
    page.get_by_text("Change the question and ask again").click()
    page.get_by_label("The question, changed").fill(" ")
    page.get_by_role("button", name="Ask again").click()
    page.locator("#fault .b-fault").wait_for()
    assert page.locator("#conversation .b-exchange").count() == 1


def test_more_of_a_page_is_fetched_when_it_is_asked_for(page: Any) -> None:
    for _ in range(2):  # the second time the same words come for another conversation
        ask(page, "freedom")
        latest = page.locator(".b-exchange").last
        latest.get_by_text("Show more of this page").first.click()
        latest.get_by_text("What stands before the passage quoted.").wait_for()
        assert HOSTILE in latest.locator(".b-more").first.inner_text()
        assert page.locator("#conversation img").count() == 0


def test_why_an_answer_is_as_it_is_is_one_click_away(page: Any) -> None:
    ask(page, "freedom")
    why = page.locator(".b-why")
    assert not why.get_by_text("Fees for requests").is_visible()
    why.get_by_text("Why this answer?").click()
    assert why.get_by_text("Fees for requests").is_visible()


def test_what_to_search_is_chosen_sent_and_told_with_the_answer(page: Any, site: Site) -> None:
    page.get_by_text("Choose what to search").click()
    page.get_by_label("HM Treasury").check()
    page.get_by_label("Year").fill("2024")
    page.get_by_label("Year").press("Tab")
    assert "(2 chosen)" in page.locator(".b-filters summary").inner_text()
    ask(page, "freedom")
    chosen, _ = site.answers.options[-1]
    assert chosen
    assert chosen.organisations == ("HM Treasury",)
    assert "Searched only: HM Treasury; updated since 1 January 2024" in page.locator(".b-limits").inner_text()
    ask(page, "parking")
    assert "You searched only" in page.locator(".b-rephrase").inner_text()
    page.get_by_role("button", name="Clear these choices").click()
    ask(page, "grade")
    assert site.answers.options[-1] == (None, None)


def test_a_date_that_is_none_is_said_by_the_question(page: Any) -> None:
    page.get_by_text("Choose what to search").click()
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2024")
    ask(page, "freedom")
    assert "31 2 2024 is not" in page.locator("#fault").inner_text()
    assert page.get_by_label("Your question", exact=True).input_value() == "freedom"


def test_quotation_and_the_model_answer_side_by_side(page: Any, site: Site) -> None:
    page.get_by_text("Choose what to search and how to answer").click()
    page.get_by_label("Both, side by side").check()
    ask(page, "written freedom")
    assert site.answers.options == [(None, "quotation"), (None, None)]
    left, right = page.locator(".b-side").all()
    assert left.bounding_box()["x"] + left.bounding_box()["width"] <= right.bounding_box()["x"]
    assert "openai:sample" in right.inner_text()
    assert "openai:sample" not in left.inner_text()
    left.locator("a.b-cite").first.click()
    page.wait_for_function("document.activeElement.id.startsWith('t1q-source-')")


def test_an_answer_is_copied_as_plain_text_and_with_formatting(page: Any) -> None:
    ask(page, "freedom")
    page.get_by_text("Copy this answer").click()
    page.get_by_role("button", name="Copy as plain text").click()
    page.get_by_text("Copied.").wait_for()
    assert f"{FIRST} [1]" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Copy with formatting").click()
    page.wait_for_function("navigator.clipboard.read().then(items => items[0].types.includes('text/html'))", polling=200)


def test_the_panels_work_from_the_keyboard(page: Any, site: Site) -> None:
    page.get_by_role("button", name="Ask", exact=True).focus()
    page.keyboard.press("Tab")
    assert "Choose what to search" in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the radios
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_label("Your question", exact=True).focus()
    page.keyboard.type("freedom")
    page.keyboard.press("Enter")
    page.locator("#conversation .b-exchange").wait_for()
    assert site.answers.options[-1] == (Filters(organisations=("Cabinet Office",)), "quotation")
