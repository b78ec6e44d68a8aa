"""Whether a quotation still stands: word for word, whole, under its lead-in, wherever on the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents import BlockKind, Document, DocumentText
from assistant.records.standing import most_like, stands, whole_sentences

P, H, L, T, R = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW


def document(*blocks: tuple[BlockKind, str] | tuple[BlockKind, str, int]) -> Document:
    text = DocumentText()
    for kind, words, *introduced_by in blocks:
        text.add(kind, words, introduced_by=introduced_by[0] if introduced_by else None)
    return Document(location="/x", title="X", text=text.text, blocks=text.blocks)


LEAVE = "Apply at least 14 days before. The master must reply within 5 days."


@pytest.mark.parametrize(
    ("now", "quote", "holds"),
    [
        (LEAVE, LEAVE, True),
        (LEAVE, "The master must reply within 5 days.", True),
        (f"New at the start. {LEAVE} And at the end.", LEAVE, True),
        ("The master must reply within 6 days.", "The master must reply within 5 days.", False),
        ("The master must reply within 5 days, if asked.", "The master must reply within 5 days", False),
        ("Unless ill, the clerk replies.", "the clerk replies.", False),
        ("the first day of the leave", "the first day", False),
        ("Ask. ‘Reply at once.’ Then go.", "‘Reply at once.’", True),
        ("", "anything", False),
    ],
)
def test_words_stand_where_they_are_whole_sentences(now: str, quote: str, holds: bool) -> None:
    assert stands(document((P, now or "other")), quote) is holds


def test_words_stand_wherever_they_moved_to() -> None:
    before = document((H, "One"), (P, LEAVE), (H, "Two"), (P, "Other."))
    after = document((H, "Two"), (P, "Other."), (P, "More."), (H, "Renamed"), (P, LEAVE))

    assert stands(before, LEAVE)
    assert stands(after, LEAVE)


def test_an_item_stands_under_its_own_lead_in_only() -> None:
    must = document((P, "You must:"), (L, "tell the clerk", 0), (L, "wear a hat", 0), (P, "You must not:"), (L, "run", 3))
    turned = document((P, "You must:"), (L, "run", 0), (P, "You must not:"), (L, "tell the clerk", 2), (L, "wear a hat", 2))

    assert stands(must, "tell the clerk", introduced_by="You must:")
    assert stands(turned, "tell the clerk")
    assert not stands(turned, "tell the clerk", introduced_by="You must:")
    assert most_like(turned, "tell the clerk", with_introductions=True) == "You must not:\ntell the clerk"


def test_a_row_stands_under_its_headings_also_when_they_were_quoted_in_pieces() -> None:
    table = document((P, "Charges:"), (T, "Vessel | Charge", 0), (R, "Ferry | £140", 1))

    assert stands(table, "Ferry | £140", introduced_by="Charges:\nVessel |\nCharge")
    assert not stands(table, "Ferry | £140", introduced_by="Charges:\nVessel | Fine")


def test_part_of_a_very_long_sentence_stands_while_its_passage_does() -> None:
    long = document((P, "one two three four five six"))

    assert stands(long, "two three", passage_is_same=True)
    assert not stands(long, "two three")


def test_what_runs_over_several_blocks_stands_where_the_blocks_follow_each_other() -> None:
    now = document((P, "You must:"), (L, "run", 0), (L, "hide", 0))

    assert stands(now, "You must:\nrun")
    assert not stands(now, "You must:\nhide")


def test_what_the_page_says_now_is_the_block_most_like_what_it_said() -> None:
    now = document(
        (H, "The master must reply within 5 days"),
        (P, "The clerk trims the lamp."),
        (P, "The master must reply within 6 days."),
    )

    assert most_like(now, "The master must reply within 5 days.") == "The master must reply within 6 days."
    assert most_like(now, "Penguins are billed quarterly") == ""


@pytest.mark.parametrize(
    ("cited", "whole"),
    [
        ("within 5 days", "The master must reply within 5 days."),
        ("The master must reply within 5 days.", "The master must reply within 5 days."),
        ("14 days before. The master", LEAVE),
        ("a storm", "how to be reached in a storm"),
        ("who keeps", "who keeps the light"),
    ],
)
def test_a_citation_is_widened_to_whole_sentences(cited: str, whole: str) -> None:
    passage = f"{LEAVE}\n\nTell us:\nwho keeps the light\nhow to be reached in a storm"
    start = passage.index(cited)

    assert whole_sentences(passage, start=start, end=start + len(cited)) == whole


WORDS = st.text('abc é’.;:?!"()', min_size=1, max_size=30).filter(lambda text: any(c.isalnum() for c in text))


@given(st.lists(WORDS, min_size=1, max_size=6), st.data())
def test_whatever_is_quoted_stands_in_the_page_as_it_was(paragraphs: list[str], data: st.DataObject) -> None:
    page = document(*((P, words) for words in paragraphs))
    block = data.draw(st.sampled_from(page.blocks))
    start = data.draw(st.integers(block.start, block.end - 1))
    end = data.draw(st.integers(start + 1, block.end))
    quote = whole_sentences(page.text, start=start, end=end)

    assert page.text[start:end].strip() in quote
    assert stands(page, quote)
    assert stands(page, page.quote(block))
