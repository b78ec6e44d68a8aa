from __future__ import annotations

import datetime as dt
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, AnswerNotice, Notice, Status, Verdict
from assistant.answer.notices import OWN_NOTE
from assistant.web import render
from assistant.web.claims import verdict_mark
from assistant.web.conversation import Exchange, Progress
from assistant.web.sources import Mark, highlighted
from tests.web.sample_answers import FIRST, HOSTILE, SampleAnswers, answer, cite, claim, foi, hostile, parking, rules, source

VOID = {"br", "input", "img", "rect", "circle", "path", "link", "meta"}


class Page(HTMLParser):
    """Tags, addresses, ids and text of some markup; fails when a tag is not closed in order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.ids: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        if tag == "a":
            self.links.append(found)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        assert not any(name.startswith("on") for name in found)
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_long_question_has_its_beginning_for_a_heading_and_is_whole_below() -> None:
    question = "How long do we have to answer a freedom of information request? " * 80
    shown = render.conversation([Exchange(SampleAnswers().ask(question))])
    heading = re.search(r"<h2[^>]*>(.*?)</h2>", shown, re.DOTALL)

    assert heading
    assert len(heading[1]) < 350
    assert heading[1].endswith("…")
    assert f"<summary>Your whole question</summary><p>{question}</p></details>" in shown
    assert len(re.findall("<h2.*?</h2>", render.progress(Progress(question)))[0]) < 450


def test_a_question_of_usual_length_is_shown_once() -> None:
    assert "Your whole question" not in render.conversation([Exchange(SampleAnswers().ask("What may we claim?"))])


def page(question: str) -> Page:
    return Page(render.conversation([Exchange(SampleAnswers().ask(question))]))


@pytest.mark.parametrize("question", ["freedom", "grade", "parking", "hostile", "clarify", "poem", "ignore", "failed"])
def test_every_state_is_sound_markup_with_unique_ids(question: str) -> None:
    shown = page(question)
    assert len(shown.ids) == len(set(shown.ids))
    for link in shown.links:
        href = link["href"] or ""
        assert href.startswith("https://") or href.removeprefix("#") in shown.ids


def test_hostile_text_never_becomes_markup() -> None:
    shown = page("hostile")
    assert "script" not in shown.tags
    assert "img" not in shown.tags
    assert all((link["href"] or "").startswith("#") for link in shown.links)
    assert shown.text.count(HOSTILE) >= 8


def test_a_hostile_question_is_shown_as_text() -> None:
    assert HOSTILE in Page(render.exchange(parking(HOSTILE), turn=1)).text


def test_each_claim_has_its_citation_number_and_verdict() -> None:
    markup = render.exchange(rules("?"), turn=1)
    assert markup.count("b-verdict-quoted") == 2
    assert markup.count("Partly supported") == 1
    assert markup.count("data-claim=") == 4
    assert len({*re.findall(r'data-claim="([^"]+)"', markup)}) == 4


def test_verdicts_differ_in_word_and_in_shape() -> None:
    shown = {verdict_mark(verdict) for verdict in Verdict}
    shapes = {re.sub(r".*<svg[^>]*>(.*)</svg>.*", r"\1", markup) for markup in shown}
    assert len(shapes) == len(Verdict)
    assert {Page(markup).text for markup in shown} == {"Quoted", "Supported", "Partly supported", "Unsupported"}


def test_the_list_is_a_list_under_one_lead_in() -> None:
    markup = render.exchange(foi("?"), turn=1)
    answer_part = markup.partition("<aside")[0]
    assert answer_part.count("The clock stops while you wait for the requester to:") == 1
    assert answer_part.count("<li>") == 2


def test_the_quoted_words_are_marked_for_the_claim_that_quotes_them() -> None:
    markup = render.exchange(foi("?"), turn=3)
    assert f'<mark data-claims="t3-claim-1">{FIRST}</mark>' in markup
    assert '<mark data-claims="t3-claim-2 t3-claim-3">The clock stops' in markup
    assert '<mark data-claims="t3-claim-2">clarify what they want</mark>' in markup
    assert "<p>Schools and armed forces units have different limits.</p>" in markup


def test_the_link_to_the_page_is_safe_and_jumps_to_the_quote() -> None:
    (link,) = [link for link in page("freedom").links if "#time-limits" in (link["href"] or "")]
    assert link["target"] == "_blank"
    assert link["rel"] == "noopener noreferrer"
    assert (link["href"] or "").endswith("#time-limits:~:text=You%20must%20reply%20promptly%2C%20and%20no%20later%20than")


def test_a_file_is_named_and_not_linked() -> None:
    shown = page("grade")
    assert "File: Business rules.docx" in shown.text
    assert all((link["href"] or "").startswith("#") for link in shown.links)


def test_a_source_says_where_and_when_it_is_from() -> None:
    text = page("freedom").text
    assert "Cabinet Office" in text
    assert "Updated 3 April 2024" in text
    assert "Applies to England, Wales and Northern Ireland" in text
    assert "No date on the page" in text
    assert "This guidance was withdrawn on 1 January 2005" in text


def test_a_claim_from_withdrawn_guidance_says_so_beside_it() -> None:
    assert render.exchange(foi("?"), turn=1).partition("<aside")[0].count("No longer current") == 1


NOTE = "Ask the permanent secretary."


def own(*, beside: bool = False, **fields: object) -> Answer:
    """An answer from a note of Bernard's own, `beside` one from the publisher's own page."""
    note = source(1, NOTE, document_type=OWN_NOTE, title="Directions", updated=dt.date(2026, 11, 1), **fields)
    page = source(2, FIRST)
    claims = (claim(NOTE, cite(1, NOTE, NOTE)), claim(FIRST, cite(2, FIRST, FIRST)))
    return answer("?", claims=claims if beside else claims[:1], sources=(note, page) if beside else (note,))


def test_bernards_own_note_is_marked_beside_the_claim_and_on_its_card() -> None:
    shown, _, cards = render.exchange(own(beside=True), turn=1).partition("<aside")
    for part in (shown, cards):
        assert part.count('<span class="b-tag">Bernard\'s summary</span>') == 1
    assert shown.index(NOTE) < shown.index("b-tag") < shown.index(FIRST)
    assert "b-tag" not in render.exchange(foi("?"), turn=1).replace("b-tag-warning", "")


def test_a_link_from_bernards_own_note_opens_the_page_and_looks_for_no_words_there() -> None:
    shown = Page(render.exchange(own(), turn=1))
    (link,) = [link for link in shown.links if link["class"] == "b-link"]
    assert link["href"] == "https://www.gov.uk/guidance/foi"
    assert "Open the official page on www.gov.uk" in shown.text


def test_bernards_own_note_says_as_at_and_not_updated() -> None:
    text = Page(render.exchange(own(), turn=1)).text
    assert "As at 1 November 2026" in text
    assert "Updated" not in text


def test_bernards_own_notes_are_not_called_pages_of_guidance() -> None:
    assert render.announcement(own()) == (
        "Answer ready. What Bernard's summaries say: 1 quotation from 1 of Bernard's summaries."
    )
    assert render.announcement(own(beside=True)) == (
        "Answer ready. What the guidance says: 2 quotations from 1 page of guidance and 1 of Bernard's summaries."
    )


@pytest.mark.parametrize("kind", list(Notice))
def test_only_what_can_mislead_gives_a_warning(kind: Notice) -> None:
    notices = (AnswerNotice(kind=kind, text="Mind this.", sources=(1,)),)
    shown = answer("?", claims=(claim(FIRST, cite(1, FIRST, FIRST)),), sources=(source(1, FIRST),), notices=notices)
    markup = render.exchange(shown, turn=1)
    misleads = {Notice.WITHDRAWN, Notice.SUPERSEDED, Notice.CONFLICT, Notice.OTHER_NATION, Notice.RECOGNISED}
    assert ("b-warning" in markup) == (kind in misleads)
    assert ('<div class="b-inset">Mind this.' in markup) == (kind not in misleads)


def test_withheld_claims_are_counted_and_stand_apart_in_a_closed_list() -> None:
    text = page("grade").text
    assert "1 sentence was withheld" in text
    assert "Left out: could not be matched to the guidance" in text
    assert text.index("Left out") < text.index("Ministers decide.")
    assert '<details class="b-withheld"><summary>' in render.exchange(rules("grade"), turn=1)


def test_not_in_the_guidance_offers_pages_without_calling_them_an_answer() -> None:
    shown = page("parking")
    assert "Not in the guidance" in shown.text
    assert "You may want to look at" in shown.text
    assert "They are not an answer to your question." in shown.text
    assert "mark" not in shown.tags
    assert "Local notes notes.md" in shown.text


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_heading_and_an_announcement(status: Status) -> None:
    shown = answer("?", status, text="Reply.")
    assert "<h3" in render.exchange(shown, turn=1)
    assert render.announcement(shown)


def test_the_announcement_is_plain_text() -> None:
    assert render.announcement(foi("?")) == "Answer ready. What the guidance says: 4 quotations from 2 pages of guidance."
    assert render.announcement(parking("?")) == "Not in the guidance."
    assert "<" not in render.announcement(hostile(HOSTILE))


def test_only_the_sources_of_the_latest_answer_are_open() -> None:
    assert render.conversation([Exchange(foi("a")), Exchange(foi("b"))]).count("<details open>") == 1


def test_a_fault_is_announced_and_escaped() -> None:
    assert render.fault("") == ""
    assert 'role="alert"' in render.fault("<b>")
    assert "&lt;b&gt;" in render.fault("<b>")


def test_two_citations_of_one_source_show_its_number_once() -> None:
    text = "First: second."
    shown = answer("?", claims=(claim(text, cite(1, text, "First:"), cite(1, text, "second.")),), sources=(source(1, text),))
    assert render.exchange(shown, turn=1).count('href="#t1-source-1"') == 1


@st.composite
def texts_with_marks(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(st.text(st.sampled_from("ab<&\n \"'"), min_size=1, max_size=40))
    offsets = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(offsets, offsets), max_size=5))
    return text, [Mark(min(span), max(span), f"c{number}") for number, span in enumerate(spans)]


@given(texts_with_marks())
def test_highlighting_keeps_every_character_and_marks_exactly_the_spans(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    markup = highlighted(text, marks)
    lines = [line for line in text.splitlines() if line.strip()]
    assert Page(markup).text == "".join(lines)
    marked = "".join(unescape(words) for words in re.findall(r"<mark[^>]*>(.*?)</mark>", markup))
    covered = {place for mark in marks for place in range(mark.start, mark.end)}
    start, expected = 0, ""
    for line in text.splitlines(keepends=True):
        if line.strip():
            expected += "".join(c for place, c in enumerate(line.rstrip("\n"), start) if place in covered)
        start += len(line)
    assert marked == expected
