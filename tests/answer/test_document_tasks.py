"""Whole documents gone through by quotation: summaries, duties and comparisons are checked answers like any other."""

from __future__ import annotations

import threading
import time
from itertools import groupby

import pytest

from assistant.answer import (
    Answer,
    Assistant,
    Finished,
    Notice,
    Stage,
    StageStarted,
    Status,
    Task,
    Verdict,
    question_of,
)
from assistant.answer.comparison import differ
from assistant.answer.obligations import Obligation, obligation
from assistant.answer.threads import Abandoned, is_abandoned, patiently
from assistant.errors import InputError
from assistant.index import HeldIndex
from tests.answer.own import brought, held
from tests.answer.scripted import writer
from tests.uploads.policies import NEW, OLD

LONG = "\n\n".join(
    [
        "# How boats are kept",
        *(
            f"## Part {part}\n\nBoats of kind {part} are painted in spring before the first storm comes. "
            f"Each boat of kind {part} is moored on the lee side of the quay. It is then left alone."
            for part in range(1, 9)
        ),
    ]
)


@pytest.fixture(scope="module")
def own(bernard: Assistant) -> HeldIndex:
    texts = {"old.md": OLD, "new.md": NEW, "long.md": LONG, "poem.md": "# A poem\n\nThe sea is wide and grey tonight.\n"}
    return held(texts, bernard.index)


def done(bernard: Assistant, own: HeldIndex, task: Task, *names: str) -> Answer:
    answer = bernard.go_through(task, brought(*names), own=own)
    assert {claim.verdict for claim in answer.claims} <= {Verdict.QUOTED}
    assert all(source.uploaded for source in answer.sources)
    return answer


def under(answer: Answer) -> dict[str, list[str]]:
    grouped = groupby(answer.claims, key=lambda claim: claim.heading)
    return {heading: [claim.text for claim in claims] for heading, claims in grouped}


def test_duties_come_by_kind_in_the_order_of_the_document(bernard: Assistant, own: HeldIndex) -> None:
    answer = done(bernard, own, Task.DUTIES, "old.md")
    assert under(answer) == {
        Obligation.DATED: [
            "You must book boats through the harbour desk at least 7 days before you travel.",
            "Claims must be submitted within 30 days of the journey.",
            "Send comments to the purser by 30 June 2026.",
        ],
        Obligation.MUST: [
            "You must tell the harbour desk: where you are going",
            "You must tell the harbour desk: your cost centre",
        ],
        Obligation.MUST_NOT: ["You must not claim for rum."],
        Obligation.ORDER: ["Keep all receipts for 2 years."],
        Obligation.SHOULD: ["You should claim once a month."],
    }
    assert answer.question == "What must I do, by when, according to “old.md”?"


def test_a_document_without_duties_says_so(bernard: Assistant, own: HeldIndex) -> None:
    answer = done(bernard, own, Task.DUTIES, "poem.md")
    assert (answer.status, answer.claims) == (Status.NOT_IN_GUIDANCE, ())
    assert "poem.md has no sentence with “must”" in answer.text


def test_a_comparison_shows_what_differs_and_what_only_one_says(bernard: Assistant, own: HeldIndex) -> None:
    answer = done(bernard, own, Task.COMPARE, "old.md", "new.md")
    assert under(answer) == {
        "Different: “within 30 days” in old.md, “within 14 days” in new.md": [
            "Claims must be submitted within 30 days of the journey.",
            "Claims must be submitted within 14 days of the journey.",
        ],
        "Different: “should” in old.md, “must” in new.md": [
            "You should claim once a month.",
            "You must claim once a month.",
        ],
        "Different: “£25” in old.md, “£28” in new.md": ["Meal | Limit\nDinner | £25", "Meal | Limit\nDinner | £28"],
        "Only in old.md": ["Second class may be booked where it is cheaper."],
        "Only in new.md": ["Oars are bought by the boatman."],
    }


def test_pairs_that_differ_in_names_or_other_words_are_shown_beside_each_other(bernard: Assistant) -> None:
    rota = "# Rota\n\nThe lamp is lit by Mr Ash at dusk on every day. Fresh bread is brought to the island by boat.\n"
    new = rota.replace("Mr Ash", "Ms Birch").replace("Fresh bread", "Good bread")
    twins = held({"a.md": rota, "b.md": new}, bernard.index)
    assert under(done(bernard, twins, Task.COMPARE, "a.md", "b.md")) == {
        "Different: “Mr, Ash” in a.md, “Ms, Birch” in b.md": [
            "The lamp is lit by Mr Ash at dusk on every day.",
            "The lamp is lit by Ms Birch at dusk on every day.",
        ],
        "In other words: “Fresh” in a.md, “Good” in b.md": [
            "Fresh bread is brought to the island by boat.",
            "Good bread is brought to the island by boat.",
        ],
    }


def test_a_document_beside_itself_has_no_differences(bernard: Assistant) -> None:
    twins = held({"a.md": OLD, "b.md": OLD.replace("Travel policy", "Policy on travel")}, bernard.index)
    answer = done(bernard, twins, Task.COMPARE, "a.md", "b.md")
    assert answer.claims == ()
    assert "say the same" in answer.text


def test_a_summary_is_central_sentences_in_order_from_the_whole_document(bernard: Assistant, own: HeldIndex) -> None:
    answer = done(bernard, own, Task.SUMMARISE, "long.md")
    places = [LONG.index(claim.text) for claim in answer.claims]
    assert places == sorted(places)
    assert 3 <= len(answer.claims) <= 10
    assert len({claim.heading for claim in answer.claims}) == len(answer.claims), "each from another part"
    assert not any(claim.text.startswith("It is then") for claim in answer.claims)
    (remark,) = [notice.text for notice in answer.notices if notice.kind is Notice.PARTIAL]
    assert f"{len(answer.claims)} of 24 sentences" in remark


def test_the_answers_text_names_headings_and_sources(bernard: Assistant, own: HeldIndex) -> None:
    answer = done(bernard, own, Task.DUTIES, "old.md")
    assert answer.text.startswith(f"{Obligation.DATED.value}\n\nYou must book boats")
    assert "[1]" in answer.text


def told(bernard: Assistant, own: HeldIndex, task: Task, *names: str) -> Answer:
    *_, last = bernard.go_through_events(task, brought(*names), own=own)
    assert isinstance(last, Finished)
    return last.answer


def test_a_model_writes_what_quotation_chose_and_each_sentence_is_checked(bernard: Assistant, own: HeldIndex) -> None:
    model, chat = writer(
        bernard,
        "Claims must be submitted within 30 days of the journey. [2] ",
        "Claims must be submitted within 90 days. [2]\n",
    )
    answer = told(model, own, Task.SUMMARISE, "old.md")
    assert [claim.text for claim in answer.claims] == ["Claims must be submitted within 30 days of the journey."]
    assert [claim.text for claim in answer.withheld] == ["Claims must be submitted within 90 days."]
    assert (answer.model, answer.question) == ("scripted:model", question_of(Task.SUMMARISE, brought("old.md")))
    assert all(source.uploaded for source in answer.sources)
    assert "You must not claim for rum." in chat.heard[0]


def test_quotations_stand_in_for_a_model_that_writes_nothing_true(bernard: Assistant, own: HeldIndex) -> None:
    model, _ = writer(bernard, "Rum is free for everybody on board. [1]\n")
    answer = told(model, own, Task.SUMMARISE, "old.md")
    assert answer.claims == done(bernard, own, Task.SUMMARISE, "old.md").claims
    assert Notice.QUOTED_INSTEAD in {notice.kind for notice in answer.notices}


def test_duties_are_never_left_to_a_model(bernard: Assistant, own: HeldIndex) -> None:
    model, chat = writer(bernard, "Claims must be submitted within 30 days of the journey. [2]\n")
    assert told(model, own, Task.DUTIES, "old.md").claims == done(bernard, own, Task.DUTIES, "old.md").claims
    assert chat.heard == []


def test_two_documents_are_compared_by_quotation_alone(bernard: Assistant, own: HeldIndex) -> None:
    model, chat = writer(bernard, "Nothing differs. [1]\n")
    answer = told(model, own, Task.COMPARE, "old.md", "new.md")
    assert (answer.model, chat.heard) == ("quotation", [])


def test_too_few_documents_or_one_that_is_gone_is_told(bernard: Assistant, own: HeldIndex) -> None:
    with pytest.raises(InputError, match="two different documents"):
        bernard.go_through(Task.COMPARE, brought("old.md", "old.md"), own=own)
    with pytest.raises(InputError, match="not there any more"):
        bernard.go_through(Task.SUMMARISE, brought("gone.md"), own=own)


def test_documents_wait_until_others_are_gone_through_and_can_be_left(bernard: Assistant, own: HeldIndex) -> None:
    with bernard._going_through, bernard._going_through:
        waiting = bernard.go_through_events(Task.SUMMARISE, brought("old.md"), own=own)
        assert [next(waiting) for _ in range(3)] == [StageStarted(Stage.SEARCH)] * 3
        left = bernard.go_through_events(Task.SUMMARISE, brought("long.md"), own=own)
        next(left)
        left.close()
    *_, last = waiting
    assert isinstance(last, Finished)
    for _ in range(2):
        assert bernard._going_through.acquire(timeout=10)
    bernard._going_through.release(2)


def test_work_that_nobody_waits_for_any_more_is_given_up(bernard: Assistant, own: HeldIndex) -> None:
    begun, ended = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        while not is_abandoned():
            time.sleep(0.01)
        for task, names in ((Task.SUMMARISE, ["old.md"]), (Task.DUTIES, ["old.md"]), (Task.COMPARE, ["old.md", "new.md"])):
            with pytest.raises(Abandoned):
                bernard.go_through(task, brought(*names), own=own)
        ended.set()

    working = patiently(work, every=0.01)
    assert next(working) is None
    assert begun.wait(10)
    assert not ended.is_set()
    working.close()
    assert ended.wait(10)


def test_a_task_is_told_as_a_question() -> None:
    assert question_of(Task.COMPARE, brought("a", "b")) == "Compare “a” with “b”"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You must reply within 20 working days.", Obligation.DATED),
        ("Staff shall return the key by noon on Friday.", Obligation.DATED),
        ("Return the form by 3 May 2026.", Obligation.DATED),
        ("Tell the duty officer immediately.", Obligation.DATED),
        ("A licence is required to keep bees.", Obligation.MUST),
        ("The board has to approve it.", Obligation.MUST),
        ("You must not smoke.", Obligation.MUST_NOT),
        ("Smoking is prohibited on board.", Obligation.MUST_NOT),
        ("Teams should review their plans.", Obligation.SHOULD),
        ("The file cannot be opened.", None),
        ("You do not need to apply.", None),
        ("You may keep the key.", None),
        ("The board met on 3 May 2026.", None),
    ],
)
def test_duties_are_told_by_their_words(text: str, kind: Obligation | None) -> None:
    assert obligation(text) == kind


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ("Pay within 10 days.", "Pay within 14 days.", ("within 10 days", "within 14 days")),
        ("The fee is £20.", "The fee is £25.", ("£20", "£25")),
        ("You should reply.", "You must reply.", ("should", "must")),
        ("Reply by 1 May 2026.", "Reply.", ("1 May 2026", "")),
        ("Pay within ten days.", "Pay within 10 days.", None),
        ("Claims go to Mr Ash.", "Claims go to Ms Birch.", ("Mr, Ash", "Ms, Birch")),
        ("Write to old@example.org first.", "Write to new@example.org first.", ("old@example.org", "new@example.org")),
        ("See section 4 of the plan.", "See section 5 of the plan.", ("section 4", "section 5")),
        ("You must pay £20 by 1 May.", "You should not pay £25 by 1 May.", ("£20, must", "£25, should not")),
        ("The boat leaves on Monday.", "The boat leaves on Tuesday.", ("Monday", "Tuesday")),
        ("You must reply.", "You must answer.", None),
        ("The allowance is taxable.", "The allowance is not taxable.", ("", "not")),
    ],
)
def test_sentences_differ_in_figures_dates_and_duties(one: str, other: str, difference: tuple[str, str] | None) -> None:
    assert differ(one, other) == difference
