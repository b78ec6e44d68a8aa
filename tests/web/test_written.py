"""A written answer in the browser: claims come one by one, and what was left out stands apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant.answer import Verdict
from assistant.web import render
from assistant.web.conversation import Outcome, Progress, follow
from tests.web.browser import IN_A_BROWSER, served
from tests.web.sample_answers import FOI_TEXT, HOSTILE, SampleAnswers, answer, cite, claim, source


def in_a_browser(test: Callable[..., None]) -> Callable[..., None]:
    for mark in IN_A_BROWSER:
        test = mark(test)
    return test


WRITTEN_FOI = "A written freedom of information question"
WRITTEN_RULES = "A written question of grade"


def test_a_written_answer_grows_claim_by_claim() -> None:
    *steps, last = follow(SampleAnswers(), WRITTEN_RULES, ())

    assert all(isinstance(step, Progress) for step in steps)
    assert [len(step.claims) for step in steps if isinstance(step, Progress)] == [0, 1, 2, 3, 4, 4]
    assert isinstance(last, Outcome)
    assert last.conversation[0].answer.model == "openai:sample"


def test_a_quoted_answer_comes_whole() -> None:
    assert [type(step) for step in follow(SampleAnswers(), "freedom", ())] == [Outcome]


def test_what_is_being_written_is_escaped_and_carries_its_verdict() -> None:
    written = Progress(
        HOSTILE,
        (claim(HOSTILE, cite(1, FOI_TEXT, "You must reply"), verdict=Verdict.SUPPORTED),),
        (source(1, FOI_TEXT, title=HOSTILE),),
        is_written=True,
    )

    markup = render.progress(written)

    assert "<script" not in markup
    assert "<img" not in markup
    assert 'aria-busy="true"' in markup
    assert "Supported</span>" in markup
    assert "href" not in markup  # its sources are not on the page yet


def test_who_wrote_and_why_a_claim_is_only_partly_supported_is_said() -> None:
    reason = "The guidance adds: <only> if you are ill."
    partly = claim("You can.", cite(1, FOI_TEXT, "You must reply"), verdict=Verdict.PARTLY_SUPPORTED)
    out = claim("You cannot.", verdict=Verdict.UNSUPPORTED).model_copy(update={"reasons": ("The guidance says 20.",)})
    given = answer(
        "How?",
        claims=(partly.model_copy(update={"reasons": (reason,)}),),
        withheld=(out,),
        sources=(source(1, FOI_TEXT),),
        model="openai:<b>",
    )

    markup = render.exchange(given, turn=1)

    assert "The guidance adds: &lt;only&gt; if you are ill." in markup
    assert "Written by the language model openai:&lt;b&gt;; each sentence was checked against its source." in markup
    left_out = markup[markup.index('<details class="b-withheld">') :]
    assert "Left out: could not be matched to the guidance" in left_out
    assert left_out.index("You cannot.") < left_out.index("The guidance says 20.")
    assert "Written by" not in render.exchange(given.model_copy(update={"model": "quotation"}), turn=1)


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    with served(SampleAnswers()) as address:
        context = chromium.new_context()
        opened = context.new_page()
        opened.set_default_timeout(15_000)
        opened.goto(address)
        opened.locator("#question textarea").wait_for()
        yield opened
        context.close()


@in_a_browser
def test_the_reader_sees_each_claim_before_the_answer_is_done(page: Any) -> None:
    page.get_by_label("Your question", exact=True).fill(WRITTEN_FOI)
    page.get_by_role("button", name="Ask", exact=True).click()

    page.locator("#progress .b-claim").first.wait_for()
    assert page.locator("#conversation .b-exchange").count() == 0
    assert "checking each sentence" in page.locator("#status").inner_text()
    page.locator("#conversation .b-exchange").wait_for()
    assert page.locator("#progress .b-exchange").count() == 0
    assert "openai:sample" in page.locator(".b-drafted").inner_text()


@in_a_browser
def test_what_was_left_out_is_one_click_away(page: Any) -> None:
    page.get_by_label("Your question", exact=True).fill(WRITTEN_RULES)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#conversation .b-exchange").wait_for()
    out = page.get_by_text("Ministers decide.")

    assert not out.is_visible()
    page.get_by_text("Left out: could not be matched to the guidance").click()
    assert out.is_visible()
