"""Feedback: kept with the answer it is about, and turned into cases for evaluation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.records import FeedbackKind, Records
from assistant.records.feedback import LONGEST_FEEDBACK
from assistant.settings import Settings
from tests.web.sample_answers import FIRST, LEAD_IN, foi, parking


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty data folder; no model is needed here."""
    (tmp_path / "data").mkdir()
    return Settings(data_dir=tmp_path / "data")


def test_feedback_comes_back_as_it_was_given_and_goes_with_its_answer(recording: Settings) -> None:
    with Records(recording) as records:
        answer = records.add(foi("freedom"), user="ann")
        first = records.give_feedback("ann", answer, kinds=["unclear", "wrong", "wrong"], text=" Why? \N{OWL}\x00 ", claim=1)
        second = records.give_feedback("ann", answer, kinds=[FeedbackKind.HELPFUL])
        said = {one.id: one for one in records.feedback()}
        assert set(said) == {first, second}
        assert said[first].kinds == (FeedbackKind.WRONG, FeedbackKind.UNCLEAR)
        assert (said[first].text, said[first].claim) == ("Why? \N{OWL}\N{REPLACEMENT CHARACTER}", 1)
        assert (said[second].text, said[second].claim) == ("", None)
        assert {(one.user, one.answer_id, one.question, one.status) for one in said.values()} == {
            ("ann", answer, "freedom", "answered")
        }
        records.delete([answer])
        assert list(records.feedback()) == []


@pytest.mark.parametrize(
    ("kinds", "text", "claim", "told"),
    [
        ([], " ", None, "write something"),
        (["rubbish"], "", None, "'rubbish' is no kind of feedback. Choose from: wrong, out of date"),
        (["wrong"], "", 4, "There is no claim 4"),
        (["wrong"], "", -1, "There is no claim -1"),
        (["wrong"], "x" * (LONGEST_FEEDBACK + 1), None, "5,001 characters"),
    ],
)
def test_what_says_nothing_or_nothing_sound_is_refused(
    kinds: Sequence[str], text: str, claim: int | None, told: str, settings: Settings
) -> None:
    with Records(settings) as records:
        answer = records.add(foi("freedom"))
        with pytest.raises(InputError, match=told):
            records.give_feedback("", answer, kinds=kinds, text=text, claim=claim)
        assert list(records.feedback()) == []


def test_a_case_holds_what_an_evaluator_needs(recording: Settings) -> None:
    with Records(recording) as records:
        talk = records.begin("ann")
        asked: dict[str, str] = {}
        for question in ("one", "two", "freedom"):
            make = foi if question == "freedom" else parking
            given = make(question).model_copy(update={"index_digest": "ab" * 32})
            asked[question] = records.add(given, user="ann", conversation=talk)
        records.give_feedback("ann", asked["freedom"], kinds=["out of date"], text="It is 30 now.", claim=0)
        records.give_feedback("ann", asked["freedom"], kinds=["incomplete"])
        records.add_exchange([parking("2")], user="ann", conversation=talk, replacing=asked["two"])  # it was in there then
        lines = [json.loads(json.dumps(case)) for case in records.feedback_cases()]

    of_claim, of_all = sorted(lines, key=lambda case: case["claim"] is None)
    assert [turn["content"] for turn in of_claim["history"] if turn["role"] == "user"] == ["one", "two"]
    assert (of_claim["question"], of_claim["kinds"], of_claim["comment"]) == ("freedom", ["out of date"], "It is 30 now.")
    assert (of_claim["claim"], of_claim["verdict"], of_claim["status"]) == (FIRST, "quoted", "answered")
    assert of_claim["index_digest"] == "ab" * 32
    assert of_claim["evidence"] == [evidence(of_claim, FIRST)]
    assert [of_claim[name] for name in ("expected_status", "expected_evidence", "expected_answer")] == [None] * 3
    assert [entry["quote"] for entry in of_all["evidence"]].count(LEAD_IN) == 1
    assert len(of_all["evidence"]) == 5


def evidence(case: dict[str, Any], quote: str) -> dict[str, Any]:
    title = "Answering a freedom of information request"
    url = "https://www.gov.uk/guidance/foi#time-limits"
    return {"quote": quote, "passage_id": "p1", "url": url, "title": title, "updated": "2024-04-03"}


def test_an_exchange_that_had_been_replaced_before_is_no_history(recording: Settings) -> None:
    with Records(recording) as records:
        talk = records.begin("ann")
        first = records.add(parking("one"), user="ann", conversation=talk)
        records.add_exchange([parking("one, better")], user="ann", conversation=talk, replacing=first)
        answer = records.add(foi("freedom"), user="ann", conversation=talk)
        records.give_feedback("ann", answer, kinds=["wrong"])
        (case,) = records.feedback_cases()

    assert [turn["content"] for turn in case["history"] if turn["role"] == "user"] == ["one, better"]
