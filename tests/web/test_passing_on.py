from __future__ import annotations

import datetime as dt

import pytest

from assistant.answer import Answer
from assistant.web import passing_on, render
from assistant.web.conversation import Exchange
from assistant.web.copying import plain, rich
from assistant.web.listing import expiry, panel, warning
from tests.web.sample_answers import FIRST, HOSTILE, foi, hostile, parking
from tests.web.test_render import Page

NOW = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)


def test_a_copy_has_the_question_the_claims_with_numbers_the_notices_and_the_sources() -> None:
    text = plain(foi("How long?"))
    assert text.startswith("How long?\n\n")
    assert f"{FIRST} [1]" in text
    assert "Note: Source 2 is not current guidance." in text
    assert (
        "[1] Answering a freedom of information request, Cabinet Office, updated 3 April 2024: "
        "https://www.gov.uk/guidance/foi#time-limits" in text
    )
    assert "not an official service" in text
    assert "AI" not in text


def test_a_copy_of_a_written_answer_says_who_drafted_it() -> None:
    assert "Drafted with AI assistance" in plain(foi("?").model_copy(update={"model": "openai:x"}))


def test_the_formatted_copy_links_to_web_pages_only_and_holds_no_foreign_markup() -> None:
    assert '<a href="https://www.gov.uk/guidance/foi#time-limits">' in rich(foi("?"))
    markup = rich(hostile(HOSTILE))
    assert "<script" not in markup
    assert "<img" not in markup
    assert "href" not in markup


def test_files_are_offered_only_of_what_is_in_the_records() -> None:
    assert "/export/" not in passing_on.pass_on(foi("?"), 1, record="")
    kept = passing_on.pass_on(foi("?"), 1, record='a"b')
    assert 'formaction="/export/a&quot;b.docx"' in kept
    assert kept.count('name="marking"') == 3


@pytest.mark.parametrize("shown", [foi("?"), hostile(HOSTILE), parking("?")])
def test_every_form_is_sound_and_escaped(shown: Answer) -> None:
    for markup in (
        passing_on.pass_on(shown, 1, record="r"),
        passing_on.feedback(shown, 1, record="r"),
        passing_on.change(shown, 1),
    ):
        page = Page(markup)
        assert "img" not in page.tags
        assert len(set(page.ids)) == len(page.ids)


def test_feedback_can_be_about_the_answer_or_about_one_statement() -> None:
    markup = passing_on.feedback(foi("?"), 1, record="r")
    assert markup.count('name="claim"') == 1 + len(foi("?").claims)
    assert markup.count('name="kinds"') == 5
    assert 'name="claim"' not in passing_on.feedback(parking("?"), 1, record="r")


@pytest.mark.parametrize(("days", "warned"), [(6, True), (0, True), (7, False), (30, False)])
def test_a_conversation_that_ends_within_a_week_says_so(days: int, warned: bool) -> None:
    ends = NOW + dt.timedelta(days=days, hours=1)
    assert bool(expiry(ends, now=NOW)) is warned
    assert bool(warning(ends.replace(tzinfo=None), now=NOW)) is warned


def test_one_that_never_ends_does_not_warn() -> None:
    assert expiry(None, now=NOW) == ""


def test_an_empty_list_says_why_it_is_empty() -> None:
    assert "There are none yet" in panel((), now=NOW)
    assert "No conversation has these words" in panel((), search="<oil>", now=NOW)
    assert "<oil>" not in panel((), search="<oil>", now=NOW)


def test_a_page_whose_server_gives_no_files_offers_none() -> None:
    kept = [Exchange(foi("?"), id="r")]
    assert "/export/r.docx" in render.conversation(kept, has_files=True)
    assert "/export/" not in render.conversation(kept)
    assert "Copy as plain text" in render.conversation(kept)
