"""What is quoted: the likeliest blocks, each once, with what they need, and never more than allowed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.evidence import Candidate
from assistant.answer.expected import Fact, Wanted
from assistant.answer.selection import Limits, select
from assistant.documents import BlockKind, Document, DocumentText
from assistant.index import Span, split
from assistant.search import Hit
from assistant.settings import PassageSettings

RULE = [
    "You may refuse when:",
    "the cost is too high",
    "except where the law says otherwise",
    "nobody asked",
    "However, ask first.",
]


def blocks(lines: list[str]) -> list[Candidate]:
    """The candidates of one passage: the first line, its list, and a last paragraph."""
    text = DocumentText()
    for number, line in enumerate(lines):
        item = 0 < number < len(lines) - 1
        text.add(BlockKind.LIST_ITEM if item else BlockKind.PARAGRAPH, line, introduced_by=0 if item else None)
    document = Document("here", "Rules", text.text, text.blocks)
    passage = split(document, PassageSettings())[0]
    hit = Hit(0, 1.0, 0.5, 1.0)
    return [candidate(hit, document, span, passage) for span in passage.spans]


def candidate(hit: Hit, document: Document, span: Span, passage: object) -> Candidate:
    """One block of the passage."""
    lead_in = "" if span.introduced_by is None else document.quote(document.blocks[span.introduced_by])
    return Candidate(hit, 0, passage, document, span, document.text[span.start : span.end], lead_in)  # type: ignore[arg-type]


def test_a_lead_in_brings_its_items_and_their_exception_each_once() -> None:
    chosen = select(blocks(RULE), np.array([0.9, 0.1, 0.1, 0.1, 0.0]), Limits(0.5, 0.0, 6))

    assert chosen == [0, 1, 2, 3, 4]


def test_an_exception_that_follows_comes_along() -> None:
    chosen = select(blocks(RULE), np.array([0.0, 0.1, 0.1, 0.9, 0.0]), Limits(0.9, 0.0, 6))

    assert chosen == [3, 4]


def test_a_lead_in_whose_list_was_not_found_is_left_out() -> None:
    lead, *_, last = blocks(RULE)

    assert select([lead, last], np.array([0.8, 0.9]), Limits(0.5, 0.0, 6)) == [1], "“You may refuse when:” says nothing"
    assert select([lead], np.array([0.8]), Limits(0.5, 0.0, 6)) == [0], "there is nothing else"


def test_a_question_of_time_gets_a_block_with_one() -> None:
    lines = ["Anyone may ask.", "Reply within 20 working days."]
    chosen = select(blocks(lines), np.array([0.9, 0.1]), Limits(0.9, 0.0, 6), wanted=Wanted(Fact.DURATION))

    assert chosen == [0, 1]


@given(
    st.lists(
        st.sampled_from(["You may:", "if asked", "unless it is late", "within two days", "Never."]), min_size=2, max_size=9
    ),
    st.data(),
)
def test_never_more_than_allowed_and_nothing_twice(lines: list[str], data: st.DataObject) -> None:
    given_blocks = blocks(lines)
    likely = np.array(data.draw(st.lists(st.floats(0, 1), min_size=len(given_blocks), max_size=len(given_blocks))))
    most = data.draw(st.integers(1, 8))

    chosen = select(given_blocks, likely, Limits(0.5, 0.0, most), wanted=Wanted(data.draw(st.sampled_from(Fact)), "day"))

    assert 1 <= len(chosen) <= most
    assert len(set(chosen)) == len(chosen)
