from __future__ import annotations

from assistant.web.frame import error_summary, frame
from tests.web.sample_answers import HOSTILE
from tests.web.test_render import Page


def test_a_page_has_a_language_a_title_landmarks_and_a_link_past_the_header() -> None:
    page = frame("Privacy notice", "<h1>Privacy notice</h1>")
    assert page.startswith('<!DOCTYPE html><html lang="en-GB">')
    assert "<title>Privacy notice – Bernard</title>" in page
    assert '<a class="b-skip" href="#main">' in page
    assert page.count("<main ") == page.count("<footer ") == page.count("<header ") == 1
    assert "This is not an official government service." in page
    for address in ("/", "/plain", "/accessibility", "/privacy"):
        assert f'href="{address}"' in page


def test_it_has_no_script_and_loads_nothing_from_elsewhere() -> None:
    page = frame("x", "")
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_fault_is_said_first_in_the_title() -> None:
    assert "<title>Error: Ask a question – Bernard</title>" in frame("Ask a question", "", is_fault=True)


def test_who_is_signed_in_can_leave_where_there_is_something_to_leave() -> None:
    assert "Signed in" not in frame("x", "")
    assert "Signed in as <strong>ada</strong>" in frame("x", "", user="ada")
    assert "Sign out" not in frame("x", "", user="ada")
    assert 'method="post" action="/sign-out">' in frame("x", "", user="ada", can_leave=True)


def test_nothing_given_as_text_becomes_markup() -> None:
    page = Page(frame(HOSTILE, error_summary({'a"b': HOSTILE}), user=HOSTILE))
    assert not {"script", "img"} & set(page.tags)


def test_each_fault_leads_to_its_place() -> None:
    assert '<a href="#question">Nothing was asked.</a>' in error_summary({"question": "Nothing was asked."})
    assert error_summary({}) == ""
