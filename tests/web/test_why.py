from __future__ import annotations

import pytest

from assistant.answer import Considered, Drafting, Usage
from assistant.search import Filters, Scope
from assistant.web.render import exchange
from assistant.web.why import why
from tests.web.sample_answers import HOSTILE, answer, foi, rules
from tests.web.test_render import Page


def test_it_says_what_was_searched_for_and_in_what() -> None:
    text = Page(why(rules("And for a Grade 6?").model_copy(update={"filters": Filters(folder="rules")}))).text
    assert "Searched forHow long do the Business Appointment Rules last for a Grade 6?" in text
    assert "Searched inin rules" in text
    assert "Left out by the check1 sentence" in text


def test_it_lists_what_was_found_with_rank_score_and_use() -> None:
    text = Page(why(foi("?"))).text
    assert "1Answering a freedom of information requestTime limits › You must reply…0.5000Yes" in text
    assert "3Fees for requestsTime limits › You must reply…0.1667No" in text


def test_it_says_how_long_each_stage_took() -> None:
    text = Page(why(foi("?"))).text
    assert "Searching30 ms" in text
    assert "Everything151 ms" in text


def test_it_says_what_became_of_a_models_draft() -> None:
    drafting = Drafting(offered=("a", "b"), claims=3, forged=1, addresses=2, declined=True)
    given = foi("?").model_copy(update={"model": "openai:x", "drafting": drafting, "prompt_version": "7"})
    text = Page(why(given)).text
    assert "The language model openai:x" in text
    assert "3 sentences from 2 passages; 1 reference to sources that do not exist, removed" in text
    assert "2 web addresses, removed" in text
    assert "it said that the sources do not answer" in text


@pytest.mark.parametrize(
    ("usage", "told"),
    [
        (Usage(read=1234, written=1, is_told=True), "1,234 tokens read, 1 token written"),
        (
            Usage(read=2000, written=90, is_told=False, pounds=0.00123),
            "about 2,000 tokens read, about 90 tokens written; cost about £0.0012 at the prices set",
        ),
    ],
)
def test_it_says_what_a_model_used(usage: Usage, told: str) -> None:
    given = foi("?").model_copy(update={"model": "openai:x", "drafting": Drafting(claims=1, usage=usage)})
    assert f"What the model used{told}" in Page(why(given)).text


def test_nothing_becomes_markup() -> None:
    found = Considered(
        passage_id="p", title=HOSTILE, url=HOSTILE, opening=HOSTILE, headings=(HOSTILE,), rank=1, score=1.0, used=True
    )
    given = answer(HOSTILE, considered=(found,), timings_ms={HOSTILE: 1.0}, model=HOSTILE, filters=Filters(folder=HOSTILE))
    markup = why(given)
    assert "<script" not in markup
    assert "<img" not in markup


@pytest.mark.parametrize(
    ("filters", "timings", "told"),
    [
        (None, {"search": 1.0}, "All the guidance, and 2 documents of yours (a.md, <b>.md)"),
        (Filters(folder="rules"), {"search": 1.0}, "Guidance (in rules), and 2 documents of yours (a.md, <b>.md)"),
        (Filters(scope=Scope.OWN), {"search": 1.0}, "Only 2 documents of yours (a.md, <b>.md)"),
        (Filters(scope=Scope.OWN), {"total": 1.0}, "Nothing: “a.md” and “<b>.md” from beginning to end"),
    ],
)
def test_it_says_which_documents_of_ones_own_were_searched(
    filters: Filters | None, timings: dict[str, float], told: str
) -> None:
    changed = {"own_documents": ("a.md", "<b>.md"), "filters": filters, "timings_ms": timings, "confidence": 0.5}
    given = foi("?").model_copy(update=changed)
    text = Page(why(given)).text
    assert f"Searched in{told}" in text
    assert "Likely to be answered by what was searched" in text
    assert "the guidance50%" not in text
    limits = Page(exchange(given, turn=1)).text
    if filters is None:
        assert "Searched only" not in limits
    elif "search" not in timings:
        assert "Gone through: “a.md” and “<b>.md”" in limits
        assert "Searched forNothing" in text


def test_it_marks_passages_of_ones_own_with_the_name_of_their_file() -> None:
    found = foi("?").considered[0].model_copy(update={"passage_id": "own-0123456789ab-0", "url": "file:a%20%3Cb%3E.md"})
    text = Page(why(foi("?").model_copy(update={"considered": (found,)}))).text
    assert "Your document: a <b>.md" in text
    assert "Your document" not in Page(why(foi("?"))).text
