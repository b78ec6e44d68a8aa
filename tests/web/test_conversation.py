from __future__ import annotations

import logging
import re

import pytest

from assistant.answer import Status
from assistant.safety import MAX_QUESTION_CHARACTERS
from assistant.web.conversation import ask
from tests.web.sample_answers import SampleAnswers


def test_an_answer_joins_the_conversation_and_empties_the_box() -> None:
    outcome = ask(SampleAnswers(), " freedom ", ())
    assert [exchange.answer.status for exchange in outcome.conversation] == [Status.ANSWERED]
    assert (outcome.fault, outcome.question) == ("", "")


def test_a_follow_up_carries_what_was_said() -> None:
    answers = SampleAnswers()
    first = ask(answers, "freedom?", ())
    ask(answers, "and parking?", first.conversation)
    _, history = answers.asked[1]
    assert [(turn.role, turn.content) for turn in history] == [
        ("user", "freedom?"),
        ("assistant", first.conversation[0].answer.text),
    ]


@pytest.mark.parametrize("question", ["", "   \n"])
def test_an_empty_question_is_not_asked(question: str) -> None:
    answers = SampleAnswers()
    assert ask(answers, question, ()).fault.startswith("Nothing was asked")
    assert not answers.asked


def test_a_question_that_is_too_long_is_kept_and_its_length_named() -> None:
    question = "x" * (MAX_QUESTION_CHARACTERS + 1)
    outcome = ask(SampleAnswers(), question, ())
    assert "10,001 characters" in outcome.fault
    assert outcome.question == question


def test_a_crash_becomes_a_reference_number_that_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        outcome = ask(SampleAnswers(), "crash", ())
    reference = re.search(r"reference ([0-9A-F]{8})", outcome.fault)
    assert reference
    assert reference.group(1) in caplog.text
    assert "secret detail" in caplog.text
    assert "secret detail" not in outcome.fault
    assert outcome.question == "crash"


def test_a_fault_with_a_remedy_says_it() -> None:
    outcome = ask(SampleAnswers(), "missing", ())
    assert "Nothing has been indexed yet. Run: bernard ingest." in outcome.fault


def test_a_failed_answer_is_a_fault_and_keeps_the_conversation() -> None:
    answers = SampleAnswers()
    begun = ask(answers, "freedom", ()).conversation
    outcome = ask(answers, "failed", begun)
    assert "Something went wrong" in outcome.fault
    assert re.search(r"reference [0-9A-F]{8}", outcome.fault)
    assert outcome.question == "failed"
    assert outcome.conversation == begun
