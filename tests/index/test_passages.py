"""Passages: exact slices of a document, cut where a reader would cut, each with what it needs to be understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents import Block, BlockKind, Document, DocumentText
from assistant.index import Passage, Span, context_of, embedded_text, split
from assistant.index.passages import splitter_fingerprint, vector_id
from assistant.settings import PassageSettings

PARAGRAPH, ITEM, HEADING = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.HEADING
HEAD, ROW = BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW


def document_of(text: DocumentText) -> Document:
    return Document(
        location="/guidance/page", title="Page", text=text.text, blocks=text.blocks, url="https://www.gov.uk/page"
    )


def words(count: int, *, sentence: int = 12) -> str:
    """A paragraph of `count` words in sentences of at most `sentence`."""
    made = [f"word{number}" for number in range(count)]
    return " ".join(f"{' '.join(made[start : start + sentence]).capitalize()}." for start in range(0, count, sentence))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Documents of headings, paragraphs, lists (nested, and broken by a paragraph) and tables, of any length."""
    text = DocumentText()
    size = st.integers(1, 30) | st.integers(30, 250)
    sentence = st.sampled_from([7, 12, 400])
    for _ in range(draw(st.integers(1, 8))):
        match draw(st.sampled_from(["heading", "paragraph", "list", "table"])):
            case "heading":
                text.add(HEADING, words(2), level=draw(st.integers(1, 4)), anchor=draw(st.sampled_from(["", "#a", "#b"])))
            case "paragraph":
                text.add(PARAGRAPH, words(draw(size), sentence=draw(sentence)), page=draw(st.sampled_from([None, 1, 2])))
            case "list":
                lead = text.add(PARAGRAPH, words(draw(size)) + " You must:")
                for _ in range(draw(st.integers(1, 6))):
                    item = text.add(ITEM, words(draw(size), sentence=draw(sentence)), level=1, introduced_by=lead)
                    if draw(st.booleans()):
                        text.add(ITEM, words(draw(st.integers(1, 40))), level=2, introduced_by=item)
                    if draw(st.integers(0, 4)) == 0:
                        text.add(PARAGRAPH, words(draw(size)))
            case "table":
                lead = text.add(PARAGRAPH, "These are the charges:")
                head = text.add(HEAD, "Vessel | Charge", introduced_by=lead)
                for _ in range(draw(st.integers(1, 8))):
                    text.add(ROW, f"Boat {draw(st.integers(1, 9))} | {words(draw(size))}", introduced_by=head)
    return document_of(text)


settings_of_any_size = st.builds(
    PassageSettings, target_words=st.sampled_from([10, 60, 100]), max_words=st.sampled_from([20, 100, 150])
)


def introducers(document: Document, span: Span) -> Iterator[Block]:
    position = span.introduced_by
    while position is not None:
        yield document.blocks[position]
        position = document.blocks[position].introduced_by


@given(documents(), settings_of_any_size)
def test_passages_are_exact_in_order_and_apart(document: Document, settings: PassageSettings) -> None:
    passages = split(document, settings)

    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    end = 0
    for passage in passages:
        assert end <= passage.start < passage.end
        assert passage.text == document.text[passage.start : passage.end] == passage.text.strip()
        end = passage.end


@given(documents(), settings_of_any_size)
def test_spans_lie_in_their_passage_and_together_hold_every_block_that_is_no_heading(
    document: Document, settings: PassageSettings
) -> None:
    pieces: dict[int, list[str]] = {}
    for passage in split(document, settings):
        assert (passage.spans[0].start, passage.spans[-1].end) == (passage.start, passage.end)
        end = passage.start
        for span in passage.spans:
            block = document.blocks[span.block]
            assert end <= span.start < span.end <= passage.end
            assert block.start <= span.start < span.end <= block.end
            assert (span.kind, span.level, span.introduced_by) == (block.kind, block.level, block.introduced_by)
            pieces.setdefault(span.block, []).append(document.text[span.start : span.end])
            end = span.end

    assert {position: " ".join(found) for position, found in pieces.items()} == {
        position: document.quote(block) for position, block in enumerate(document.blocks) if block.kind is not HEADING
    }


@given(documents(), settings_of_any_size)
def test_nothing_is_in_a_passage_without_what_introduces_it(document: Document, settings: PassageSettings) -> None:
    for passage in split(document, settings):
        context = passage.context.splitlines()
        for span in passage.spans:
            for block in introducers(document, span):
                assert block.start >= passage.start or document.quote(block) in context


@given(documents(), settings_of_any_size)
def test_no_passage_is_longer_than_the_most_words(document: Document, settings: PassageSettings) -> None:
    assert all(len(passage.text.split()) <= settings.max_words for passage in split(document, settings))


@given(documents(), settings_of_any_size)
def test_a_passage_stays_under_its_heading(document: Document, settings: PassageSettings) -> None:
    headings = [block for block in document.blocks if block.kind is HEADING]
    for passage in split(document, settings):
        assert not any(passage.start <= heading.start < passage.end for heading in headings)
        above = [heading for heading in headings if heading.start < passage.start]
        assert passage.headings[-1:] == tuple(document.quote(heading) for heading in above[-1:])


@given(documents())
def test_splitting_is_the_same_every_time(document: Document) -> None:
    assert split(document, PassageSettings()) == split(replace(document, location="/elsewhere"), PassageSettings())


def test_a_very_long_paragraph_is_cut_at_sentence_ends() -> None:
    text = DocumentText()
    text.add(PARAGRAPH, words(500, sentence=11))

    passages = split(document_of(text), PassageSettings())

    assert len(passages) > 3
    assert all(passage.text.endswith(".") for passage in passages)
    assert all(passage.text.startswith("Word") for passage in passages)


def test_a_sentence_longer_than_a_passage_is_cut_between_words() -> None:
    text = DocumentText()
    text.add(PARAGRAPH, words(70, sentence=70))

    passages = split(document_of(text), PassageSettings(target_words=10, max_words=30))

    assert [len(passage.text.split()) for passage in passages] == [30, 30, 10]


def cut(*paragraphs: int, **settings: int) -> list[int]:
    """The words in each passage of paragraphs of so many words."""
    text = DocumentText()
    for count in paragraphs:
        text.add(PARAGRAPH, words(count))
    return [len(passage.text.split()) for passage in split(document_of(text), PassageSettings.model_validate(settings))]


def test_small_paragraphs_join_until_a_passage_is_long_enough() -> None:
    assert cut(5, 5, 5) == [15]
    assert cut(30, 30, 30, 5) == [60, 35]
    assert cut(59, 92) == [59, 92]  # together they would be too long


def test_every_section_has_passages_of_its_own_however_small() -> None:
    text = DocumentText()
    text.add(HEADING, "Fees", level=2)
    text.add(PARAGRAPH, "None.")
    text.add(HEADING, "Dates", level=2)
    text.add(PARAGRAPH, "Any.")

    assert [(p.headings, p.text) for p in split(document_of(text), PassageSettings())] == [
        (("Fees",), "None."),
        (("Dates",), "Any."),
    ]


def test_headings_say_where_a_passage_stands_and_the_nearest_anchor_opens_it() -> None:
    text = DocumentText()
    text.add(PARAGRAPH, "Before any heading.")
    text.add(HEADING, "Leave", level=2, anchor="#leave")
    text.add(HEADING, "Carrying over", level=3)
    text.add(PARAGRAPH, "Six days.")
    text.add(HEADING, "Sick leave", level=3, anchor="#sick")
    text.add(PARAGRAPH, "Tell us.")
    text.add(HEADING, "Pay", level=2)
    text.add(PARAGRAPH, "Monthly.")

    assert [(p.headings, p.anchor) for p in split(document_of(text), PassageSettings())] == [
        ((), ""),
        (("Leave", "Carrying over"), "#leave"),
        (("Leave", "Sick leave"), "#sick"),
        (("Pay",), ""),
    ]


def test_a_passage_of_a_paginated_document_opens_at_its_page() -> None:
    text = DocumentText()
    text.add(PARAGRAPH, words(70), page=3)
    text.add(PARAGRAPH, words(70), page=4)

    assert [(p.page, p.anchor) for p in split(document_of(text), PassageSettings())] == [(3, "#page=3"), (4, "#page=4")]


def long_list(*, broken_by: str = "") -> list[Passage]:
    """A list of 60 words an item, so that each item but the first has a passage of its own."""
    text = DocumentText()
    lead = text.add(PARAGRAPH, "You must tell us:")
    for number in range(3):
        if broken_by and number:
            text.add(PARAGRAPH, broken_by)
        text.add(ITEM, words(60), level=1, introduced_by=lead)
    return split(document_of(text), PassageSettings(target_words=60, max_words=80))


def test_the_rest_of_a_long_list_carries_its_lead_in() -> None:
    assert [passage.context for passage in long_list()] == ["", "You must tell us:", "You must tell us:"]


def test_a_list_goes_on_after_a_paragraph_that_breaks_it() -> None:
    first, *rest = long_list(broken_by="or")

    assert first.context == ""
    assert [(passage.text[:2], passage.context) for passage in rest] == [("or", "You must tell us:")] * 2


def test_context_holds_everything_that_introduces_a_block_outermost_first() -> None:
    text = DocumentText()
    lead = text.add(PARAGRAPH, "You must tell us:")
    parent = text.add(ITEM, "who was there, that is", level=1, introduced_by=lead)
    child = text.add(ITEM, "the keeper", level=2, introduced_by=parent)
    document = document_of(text)
    assert child is not None
    block = document.blocks[child]
    span = Span(block.start, block.end, block.kind, block.level, block.introduced_by, child)

    assert context_of(document, span, block.start) == "You must tell us:\nwho was there, that is"
    assert context_of(document, span, 0) == ""


def test_what_is_embedded_says_where_the_passage_stands() -> None:
    assert embedded_text("Leave", ("Pay", "Rates"), "You get:", "£5") == "Leave > Pay > Rates\nYou get:\n£5"
    assert embedded_text("Leave", (), "", "31 days") == "Leave\n31 days"


def test_equal_texts_have_one_vector_name_and_different_ones_two() -> None:
    assert vector_id("a") == vector_id("a") != vector_id("b")


@pytest.mark.parametrize("other", [PassageSettings(target_words=61), PassageSettings(max_words=151)])
def test_other_splitting_rules_have_another_name(other: PassageSettings) -> None:
    assert splitter_fingerprint(other) != splitter_fingerprint(PassageSettings())


def test_a_document_of_headings_alone_has_no_passages() -> None:
    text = DocumentText()
    text.add(HEADING, "Nothing below", level=1)

    assert split(document_of(text), PassageSettings()) == []


def test_blocks_that_fit_are_kept_whole() -> None:
    text = DocumentText()
    for count in (20, 45, 80, 149):
        text.add(PARAGRAPH, words(count))
    document = document_of(text)

    spans = [span for passage in split(document, PassageSettings()) for span in passage.spans]

    assert [(span.start, span.end) for span in spans] == [(block.start, block.end) for block in document.blocks]
