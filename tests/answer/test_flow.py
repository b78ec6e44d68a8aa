"""Answers over a dozen notes known by heart: what is quoted, what comes with it, what is refused, what is told."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.runnables import RunnableLambda

from assistant.answer import Answer, Assistant, Citation, Claim, Notice, Question, Reason, Source, Status, Turn, Verdict
from assistant.answer.evidence import Candidate, candidates
from assistant.answer.flow import verify
from assistant.answer.notices import notices
from assistant.answer.quotation import Draft, DraftClaim, draft_by_quotation
from assistant.answer.selection import Limits, select
from assistant.errors import InputError
from assistant.search import Filters
from tests.answer.notes import NOTES

LEAVE = "How many days of paid leave do lighthouse keepers have?"

ANSWERABLE = {
    LEAVE: "31 days of paid leave",
    "What must I tell the harbour master about my leave?": "You must tell the harbour master: ",
    "How many days of leave can I carry over into the next leave year?": "You can carry over 6 days",
    "What is the charge of a fog signal for a ferry?": "Ferry | £140",
    "How long must the fog log be kept?": "Keep the fog log for 7 years.",
    "How many quotes do I need for an order of lamp oil?": "Get 3 quotes",
    "Where must lamp oil be stored?": "in a locked shed",
    "What is the night allowance for a watch?": "£18 for each watch",
    "How often do I ring the bell at dawn?": "Ring the bell twice at dawn.",
}
OFF_TOPIC = [
    "Who won the football World Cup in 1966?",
    "What is a good recipe for chocolate cake?",
    "How do I install Python on a Mac?",
    "Tell me a joke about bananas.",
    "Is there a visa for my dog?",
]


def assert_exact(answer: Answer) -> None:
    """Every claim is quoted, every quotation stands in its source, every number in the text is a source."""
    sources = {source.number: source for source in answer.sources}
    assert list(sources) == list(range(1, len(sources) + 1))
    for claim in answer.claims:
        assert claim.verdict is Verdict.QUOTED
        assert claim.text.split() == " ".join(citation.quote for citation in claim.citations).split()
        for citation in claim.citations:
            assert sources[citation.source].text[citation.start : citation.end] == citation.quote
    assert {citation.source for claim in answer.claims for citation in claim.citations} == set(sources)
    if answer.claims:
        assert {int(number) for number in re.findall(r"\[(\d+)\](?:\n|\[|$)", answer.text)} == set(sources)
    assert bool(answer.claims) == (answer.status in {Status.ANSWERED, Status.PARTLY_ANSWERED})


@pytest.mark.parametrize("question", ANSWERABLE)
def test_the_rule_is_quoted_exactly(bernard: Assistant, question: str) -> None:
    answer = bernard.ask(question)

    assert_exact(answer)
    assert answer.status is Status.ANSWERED
    assert any(ANSWERABLE[question] in claim.text for claim in answer.claims)
    assert all(source.url and source.organisation for source in answer.sources if "/guidance/" in source.url)


WORDS = sorted(set(re.findall(r"\w+", " ".join(NOTES.values()))))
questions = st.lists(st.sampled_from([*WORDS, "what", "?", "not", "\n", "[1]", "£"]), min_size=1, max_size=25).map(" ".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions, st.lists(questions, max_size=2), st.sampled_from([None, Filters(folder="oil")]))
def test_any_question_ends_in_an_exact_answer(
    bernard: Assistant, question: str, earlier: Sequence[str], filters: Filters | None
) -> None:
    answer = bernard.ask(question, history=[Turn(role="user", content=text) for text in earlier], filters=filters)

    assert_exact(answer)
    assert answer.status is not Status.FAILED
    json.dumps(answer.model_dump(mode="json"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_is_typed_makes_it_fail(bernard: Assistant, question: str, earlier: str) -> None:
    answer = bernard.ask(question, history=[Turn(role="user", content=earlier)])

    assert answer.status is not Status.FAILED
    assert answer.model_dump_json()


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_what_the_guidance_does_not_say_is_not_answered(bernard: Assistant, question: str) -> None:
    answer = bernard.ask(question)

    assert (answer.status, answer.reason) == (Status.NOT_IN_GUIDANCE, Reason.TOO_LITTLE_EVIDENCE)
    assert (answer.claims, answer.withheld, answer.sources) == ((), (), ())
    assert answer.text == "This is not in the guidance that Bernard holds."
    assert 1 <= len(answer.nearest) <= 3
    assert len({page.url for page in answer.nearest}) == len(answer.nearest)
    assert all(page.title and page.url for page in answer.nearest)


def test_an_answer_has_the_fields_of_the_outside_contract(bernard: Assistant) -> None:
    answer = bernard.ask(LEAVE, id="q7")
    shown = json.loads(answer.model_dump_json())

    assert {
        "id", "question", "standalone_question", "status", "reason", "text", "claims", "withheld", "sources", "notices",
        "model", "timings_ms", "index_digest",
    } <= set(shown)  # fmt: skip
    assert {"text", "verdict", "score", "citations"} <= set(shown["claims"][0])
    assert {"source", "quote", "start", "end"} <= set(shown["claims"][0]["citations"][0])
    assert {
        "number", "rank", "score", "passage_id", "url", "title", "headings", "text", "organisation", "updated", "withdrawn",
    } <= set(shown["sources"][0])  # fmt: skip
    assert (shown["id"], shown["question"], shown["status"], shown["model"]) == ("q7", LEAVE, "answered", "quotation")
    assert shown["index_digest"] == bernard.index.digest != ""
    assert shown["timings_ms"]["total"] >= sum(value for name, value in shown["timings_ms"].items() if name != "total") - 0.1
    assert {"embed", "search", "weigh", "draft", "verify"} <= set(shown["timings_ms"])
    assert 0 < shown["confidence"] <= 1


# what comes along


def blocks_of(bernard: Assistant, question: str) -> list[Candidate]:
    return candidates(bernard.searcher, bernard.searcher.retrieve(question, limit=40))


def drafted(bernard: Assistant, question: str, *starts: str) -> Draft:
    """A draft of the blocks that start with these words."""
    blocks = blocks_of(bernard, question)
    chosen = [next(block for block in blocks if block.text.startswith(start)) for start in starts]
    return draft_by_quotation(bernard.searcher, chosen)


def test_a_list_item_comes_with_its_lead_in(bernard: Assistant) -> None:
    (claim,) = drafted(bernard, LEAVE, "who will keep").claims

    assert claim.text == "You must tell the harbour master: who will keep the light"
    assert [cited.quote for cited in claim.citations] == ["You must tell the harbour master:", "who will keep the light"]


def test_a_table_row_comes_with_its_column_headings(bernard: Assistant) -> None:
    (claim,) = drafted(bernard, "charge of fog signals", "Ferry").claims

    assert claim.text == "Vessel | Charge\nFerry | £140"


def test_a_lead_in_is_not_quoted_beside_its_items(bernard: Assistant) -> None:
    draft = drafted(bernard, LEAVE, "You must tell", "who will keep", "the first and last")

    items = [claim.text.split(": ")[1] for claim in draft.claims]
    assert items == ["who will keep the light", "the first and last day of the leave"]
    assert len(draft.sources) == 1


def test_an_exception_that_follows_comes_along(bernard: Assistant) -> None:
    blocks = blocks_of(bernard, "carry over leave")
    rule = next(number for number, block in enumerate(blocks) if block.text.startswith("You can carry over 6"))
    likely = np.full(len(blocks), 0.01)
    likely[rule] = 0.9

    chosen = select(blocks, likely, Limits(keep_from=0.5, keep_least=0.0, max_blocks=6))

    assert [blocks[number].text for number in chosen] == [
        "You can carry over 6 days of leave into the next leave year.",
        "However, a keeper on an island can carry over 12 days.",
    ]


@pytest.mark.parametrize(("introduction", "item"), [("You must tell", "who will keep"), ("Vessel | Charge", "Ferry")])
def test_what_introduces_is_not_chosen_alone(bernard: Assistant, introduction: str, item: str) -> None:
    blocks = blocks_of(bernard, "tell the harbour master, charge of fog signals")
    first, second = ([block.text.startswith(start) for block in blocks].index(True) for start in (introduction, item))
    likely = np.full(len(blocks), 0.01)
    likely[first], likely[second] = 0.9, 0.02

    chosen = select(blocks, likely, Limits(keep_from=0.5, keep_least=0.0, max_blocks=6))

    whole = [number for number, block in enumerate(blocks) if block.span.introduced_by == blocks[first].span.block]
    assert second in whole
    assert chosen == [first, *whole]  # a short list or table comes whole


def test_a_text_is_quoted_once_though_two_pages_have_it(bernard: Assistant) -> None:
    answer = bernard.ask("Is a torn oilskin coat replaced free of charge?")

    assert answer.status is Status.ANSWERED
    assert len([claim for claim in answer.claims if "oilskin" in claim.text]) == 1
    assert len({claim.text for claim in answer.claims}) == len(answer.claims)


# what is told


def test_current_guidance_comes_before_what_it_replaced_which_carries_a_notice(bernard: Assistant) -> None:
    answer = bernard.ask("How many quotes do I need for an order of lamp oil worth more than £1,000?")
    withdrawn = [source.number for source in answer.sources if source.withdrawn]
    cited = [claim.citations[0].source in withdrawn for claim in answer.claims]

    assert cited == sorted(cited)
    assert cited[0] is False
    told = [notice.sources for notice in answer.notices if notice.kind is Notice.SUPERSEDED]
    assert sorted(sum(told, ())) == withdrawn


def test_guidance_that_was_replaced_is_never_quoted_without_a_notice(bernard: Assistant) -> None:
    answer = bernard.ask("How many quotes for lamp oil worth more than £1,000?", filters=Filters(folder="*/buying-2019.md"))

    assert answer.status is Status.ANSWERED
    assert [(notice.kind, notice.sources) for notice in answer.notices] == [(Notice.SUPERSEDED, (1,))]
    assert "replaced by Buying lamp oil" in answer.notices[0].text


def test_withdrawn_guidance_says_so_whatever_the_publishers_words(bernard: Assistant) -> None:
    sources = drafted(bernard, "whale oil in the lamp", "Whale oil may be burnt").sources

    assert sources[0].notice == "The publisher has withdrawn this page. Whale oil may no longer be used."
    assert [notice.kind for notice in notices(sources, today=dt.date(2026, 6, 1), old_after_days=365)] == [Notice.WITHDRAWN]


def test_old_and_undated_guidance_carry_notices(bernard: Assistant) -> None:
    old = bernard.ask("How long must the fog log be kept?")
    undated = bernard.ask("How often do I ring the bell at dawn?")

    assert any(n.kind is Notice.OLD and "1 June 2015" in n.text for n in old.notices)
    assert Notice.UNDATED in {notice.kind for notice in undated.notices}
    assert undated.sources[0].updated is None
    assert old.sources[0].updated == dt.date(2015, 6, 1)


# conversations


def test_a_follow_up_is_searched_for_with_the_words_of_the_conversation(bernard: Assistant) -> None:
    history = [Turn(role="user", content=LEAVE), Turn(role="assistant", content="31 days.")]

    answer = bernard.ask("And in Scotland?", history=history)

    assert answer.question == "And in Scotland?"
    assert answer.standalone_question == f"{LEAVE.rstrip('?')} in Scotland?"
    assert any("35 days" in claim.text for claim in answer.claims)
    assert [notice.text for notice in answer.notices if notice.kind is Notice.REWRITTEN] == [
        f"Your question was read together with the conversation: “{answer.standalone_question}”"
    ]
    assert bernard.search("And in Scotland?", history=history).question == "And in Scotland?"


@pytest.mark.parametrize(
    "message",
    [
        "How many days of leeave do lighthuose keepers have?",
        "Hi all,\n\nHope you are well. How many days of leave do lighthouse keepers have?\n\nMany thanks\n\nSam Oakley",
    ],
)
def test_what_is_searched_for_is_what_an_answer_would_be_made_from(bernard: Assistant, message: str) -> None:
    found = [passage.passage_id for passage in bernard.search(message).passages]

    assert found == [one.passage_id for one in bernard.ask(message).considered]


def test_a_follow_up_that_nothing_answers_does_not_get_the_earlier_answer_again(bernard: Assistant) -> None:
    earlier = [Turn(role="user", content=LEAVE)]

    answer = bernard.ask("And on a submarine?", history=earlier)

    assert bernard.ask(LEAVE).status is Status.ANSWERED
    assert (answer.status, answer.claims) == (Status.NOT_IN_GUIDANCE, ())


def test_a_slip_of_typing_in_a_follow_up_is_put_right_before_its_words_are_looked_for(bernard: Assistant) -> None:
    answer = bernard.ask("And on an islnad?", history=[Turn(role="user", content="How much leave can a keeper carry over?")])

    assert answer.status is Status.ANSWERED
    assert any("12 days" in claim.text for claim in answer.claims)


def test_a_question_refused_as_it_stands_is_tried_with_what_the_conversation_is_about(bernard: Assistant) -> None:
    question = "How many quotes do we need?"

    answer = bernard.ask(question, history=[Turn(role="user", content="Where must lamp oil be stored?")])

    assert bernard.ask(question).status is Status.NOT_IN_GUIDANCE
    assert answer.standalone_question == f"Lamp oil: {question}"
    assert any("Get 3 quotes" in claim.text for claim in answer.claims)
    assert Notice.REWRITTEN in {notice.kind for notice in answer.notices}


def test_search_finds_what_the_answer_to_a_follow_up_is_made_from(bernard: Assistant) -> None:
    history = [Turn(role="user", content=LEAVE)]

    found = [passage.passage_id for passage in bernard.search("And in Scotland?", history=history).passages]

    assert found == [one.passage_id for one in bernard.ask("And in Scotland?", history=history).considered]


def test_a_question_of_its_own_is_left_as_it_is(bernard: Assistant) -> None:
    answer = bernard.ask(LEAVE, history=[Turn(role="user", content="How is the bell rung?")])

    assert answer.standalone_question == LEAVE
    assert Notice.REWRITTEN not in {notice.kind for notice in answer.notices}


# questions that are none


@pytest.mark.parametrize("question", ["", "   ", "?!", "\x00\x01", "\u200b"])
def test_an_empty_question_is_asked_back(bernard: Assistant, question: str) -> None:
    answer = bernard.ask(question, history=[Turn(role="user", content=LEAVE)])

    assert (answer.status, answer.reason, answer.claims) == (Status.NEEDS_CLARIFICATION, Reason.EMPTY_QUESTION, ())
    assert "Type what you want to know" in answer.text
    with pytest.raises(InputError):
        bernard.search(question, history=[Turn(role="user", content=LEAVE)])


@pytest.mark.parametrize(
    ("question", "history"), [("leave " * 1700, ""), ("And in Scotland?", "leave " * 1666)], ids=["question", "conversation"]
)
def test_too_long_a_question_is_asked_back(bernard: Assistant, question: str, history: str) -> None:
    answer = bernard.ask(question, history=[Turn(role="user", content=history)])

    assert (answer.status, answer.reason) == (Status.NEEDS_CLARIFICATION, Reason.QUESTION_TOO_LONG)


def test_what_nobody_sees_in_a_question_does_not_matter(bernard: Assistant) -> None:
    hidden = "".join(f"{character}\u200b" for character in LEAVE) + "\x00\ud800"

    answer = bernard.ask(hidden)

    assert answer.standalone_question == LEAVE
    assert answer.claims == bernard.ask(LEAVE).claims
    assert answer.model_dump_json()


# faults


def test_an_internal_error_is_logged_and_ends_in_a_plain_answer(
    bernard: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault in a stage")

    monkeypatch.setattr(bernard.searcher, "retrieve", broken)
    with caplog.at_level(logging.ERROR):
        answer = bernard.ask(LEAVE, id="q8")

    assert (answer.id, answer.status, answer.reason) == ("q8", Status.FAILED, Reason.INTERNAL_ERROR)
    assert (answer.claims, answer.sources, answer.nearest) == ((), (), ())
    assert "fault in a stage" not in answer.text
    assert "ZeroDivisionError: a fault in a stage" in caplog.text


def lie(draft: Draft, text: str, *citations: Citation) -> Draft:
    return Draft((*draft.claims, DraftClaim(text, citations)), draft.sources)


@pytest.mark.parametrize(
    ("text", "citation"),
    [
        ("Lighthouse keepers have 99 days of paid leave.", Citation(source=1, quote="Lighthouse keepers", start=0, end=18)),
        ("Lighthouse keepers", Citation(source=1, quote="Lighthouse keepers", start=1, end=19)),
        ("Lighthouse keepers", Citation(source=9, quote="Lighthouse keepers", start=0, end=18)),
        ("99 days", Citation(source=1, quote="99 days", start=0, end=7)),
        ("leave year.", Citation(source=1, quote="leave year.", start=-11, end=65)),
    ],
)
def test_what_a_drafter_makes_up_is_withheld(bernard: Assistant, text: str, citation: Citation) -> None:
    draft = drafted(bernard, LEAVE, "Lighthouse keepers have")
    assert len(draft.sources[0].text) == 65

    checked = verify(lie(draft, text, citation))

    assert [claim.text for claim in checked.claims] == [draft.claims[0].text]
    assert [(claim.text, claim.verdict) for claim in checked.withheld] == [(text, Verdict.UNSUPPORTED)]
    assert verify(lie(draft, text)).withheld[0].citations == ()


def test_a_source_that_only_a_withheld_claim_cites_is_not_shown(bernard: Assistant) -> None:
    draft = drafted(bernard, LEAVE, "Lighthouse keepers have", "who will keep")
    first, second = draft.claims
    forged = Draft((first, DraftClaim("Nobody keeps the light.", second.citations)), draft.sources)

    assert [source.number for source in verify(forged).sources] == [1]


def test_an_answer_with_a_false_citation_cannot_be_made(bernard: Assistant) -> None:
    answer = bernard.ask(LEAVE)
    claim = answer.claims[0]
    moved = claim.citations[0].model_copy(update={"start": 1})

    for wrong in (Claim(**{**dict(claim), "citations": (moved,)}), Claim(**{**dict(claim), "citations": ()})):
        with pytest.raises(ValueError, match=r"citation"):
            Answer.model_validate({**dict(answer), "claims": (wrong,)})


# as a Runnable


def test_a_chain_may_ask_in_any_form(bernard: Assistant) -> None:
    turn = {"role": "user", "content": LEAVE}
    expected = bernard.ask(LEAVE).claims

    assert bernard.invoke(LEAVE).claims == expected
    assert bernard.invoke({"question": LEAVE, "id": "q1"}).id == "q1"
    assert bernard.invoke(Question(question=LEAVE)).claims == expected
    follow_up = bernard.invoke({"question": "And in Scotland?", "history": [turn]})
    assert follow_up.standalone_question == f"{LEAVE.rstrip('?')} in Scotland?"


def test_batches_come_in_order_and_streams_give_one_answer(bernard: Assistant) -> None:
    asked = list(ANSWERABLE)

    answers = bernard.batch(asked, config={"max_concurrency": 4})

    assert [answer.question for answer in answers] == asked
    assert [answer.claims for answer in answers] == [bernard.ask(question).claims for question in asked]
    assert [answer.claims for answer in bernard.stream(LEAVE)] == [answers[0].claims]


def test_it_can_be_awaited(bernard: Assistant) -> None:
    async def ask() -> Answer:
        return await bernard.ainvoke(LEAVE)

    assert asyncio.run(ask()).status is Status.ANSWERED


def test_it_stands_in_a_chain(bernard: Assistant) -> None:
    def ask(topic: str) -> str:
        return f"How long must the {topic} be kept?"

    def first_link(answer: Answer) -> str:
        return answer.sources[0].url

    chain = RunnableLambda(ask) | bernard | RunnableLambda(first_link)

    assert chain.invoke("fog log") == "https://www.gov.uk/guidance/fog-signals#records"


def test_the_example_in_its_documentation_works(bernard: Assistant) -> None:
    with Assistant.open(bernard.settings) as another:
        answer = another.ask(LEAVE)

    assert answer.text.startswith("Lighthouse keepers have 31 days of paid leave in each leave year. [1]")
    assert isinstance(answer.sources[0], Source)
