"""Follow-ups: each reading is a question of its own, made of the words of the conversation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Assistant, Notice, Status, Turn
from assistant.answer.follow_ups import Reading, leans_back, readings, share_of_own_words
from assistant.index import ingest
from tests.conftest import REPOSITORY, settings_in

FOI = "How long do I have to answer an FOI request?"
FEE = "Can we charge a fee for a mooring licence?"
BUOY = "Who must report a broken buoy to the harbour master?"


def asked(question: str, *earlier: str) -> list[str]:
    """The questions that one may ask, the likeliest first."""
    return [reading.question for reading in readings(question, earlier)]


@pytest.mark.parametrize(
    ("question", "earlier", "expected"),
    [
        ("what about a fog signal report?", [FOI], "How long do I have to answer a fog signal report?"),
        ("And for a fog signal report?", [FOI], "How long do I have to answer a fog signal report?"),
        ("and a letter?", [FOI], "How long do I have to answer a letter?"),
        ("same for an appeal?", [FOI], "How long do I have to answer an appeal?"),
        ("And in Scotland?", [FOI], "How long do I have to answer an FOI request in Scotland?"),
        ("and for a berth?", [FEE], "Can we charge a fee for a berth?"),
        ("what about a night licence?", [FEE], "Can we charge a fee for a night licence?"),
        ("and to the coastguard?", [BUOY], "Who must report a broken buoy to the coastguard?"),
        ("and one for a ferry?", [FEE], "Can we charge a fee for a licence for a ferry?"),
        (
            "and their letters?",
            ["How often are ministers' meetings published?"],
            "How often are ministers' letters published?",
        ),
        ("what if they are late?", [FOI], "How long do I have to answer an FOI request if they are late?"),
        ("and if it is vexatious?", [FOI], "How long do I have to answer an FOI request if it is vexatious?"),
        ("Can we extend it?", [FOI], "Can we extend an FOI request?"),
        ("who is told about it?", [FEE], "Who is told about a fee for a mooring licence?"),
        ("and how soon must invoices be paid?", [FOI], "How soon must invoices be paid?"),
        ("Why?", [FOI], f"{FOI} Why?"),
    ],
)
def test_a_follow_up_becomes_a_question_of_its_own(question: str, earlier: list[str], expected: str) -> None:
    assert asked(question, *earlier)[0] == expected


def test_only_the_last_question_that_stands_alone_counts() -> None:
    assert not any("lamp" in one for one in asked("And in Wales?", "What is a lamp?", FOI))


def test_what_took_the_place_of_a_topic_is_the_topic_from_then_on() -> None:
    assert asked("And in Wales?", FOI, "what about an appeal?")[0] == "How long do I have to answer an appeal in Wales?"
    assert asked("And an appeal?", FOI, "and if it is vexatious?")[0] == "How long do I have to answer an appeal?"


def test_other_readings_follow() -> None:
    assert asked("and a letter?", FOI) == [
        "How long do I have to answer a letter?",
        "FOI request: a letter?",
        f"{FOI} and a letter?",
    ]
    assert asked("and how much is the fine?", FOI) == ["FOI request: how much is the fine?"]


def test_either_noun_may_be_meant_and_neither_comes_before_the_other() -> None:
    found = readings("and ferries?", ["Do keepers have to follow the harbour rules?"])

    assert [reading.question for reading in found if reading.turn == 0] == [
        "Do keepers have to follow ferries?",
        "Do ferries have to follow the harbour rules?",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Is it true that gifts over £50 need declaring?",
        "How long does it take to get SC clearance?",
        "So what is the FOI deadline for departments?",
        "Is there a gift register?",
        "Who signs off a special severance payment?",
    ],
)
def test_a_question_that_stands_alone_is_asked_as_it_is(question: str) -> None:
    found = readings(question, [FOI])

    assert found[0].question == question
    if not leans_back(question):
        assert found[0] == Reading(question)


def test_a_long_question_that_stands_alone_is_read_with_the_conversation_only_when_it_is_not_answered() -> None:
    long = "Who signs off a special severance payment to a senior official who leaves?"

    assert [reading.turn for reading in readings("Who signs off a severance payment?", [FOI])] == [0, 0]
    assert [reading.turn for reading in readings(long, [FOI])] == [0, 1]


@pytest.mark.parametrize("earlier", [[], [""]])
def test_nothing_is_completed_from_nothing(earlier: list[str]) -> None:
    assert asked("And Wales?", *earlier) == ["And Wales?"]


@pytest.mark.parametrize(
    "question",
    ["Scotland?", "Northern Ireland?", "Any exceptions?", "How long does it take?", "for contractors", "And you?"],
)
def test_a_fragment_leans_back(question: str) -> None:
    assert leans_back(question)


@pytest.mark.parametrize("question", ["Is a lighthouse keeper who works at night paid more than others are?", FOI])
def test_a_whole_question_stands_on_its_own(question: str) -> None:
    assert not leans_back(question)


def test_what_a_follow_up_itself_says_must_be_answered() -> None:
    reading = readings("and in the Senedd?", ["What is the deadline for a written question?"])[0]

    assert share_of_own_words(reading, "Answer written questions within a week.", places=["Written questions"]) == 0
    assert share_of_own_words(reading, "The Senedd has rules of its own.", places=[]) == 1
    assert share_of_own_words(reading, "Within a week.", places=["Questions in the Senedd"]) == 1
    assert share_of_own_words(Reading(FOI), "Anything.", places=[]) == 1


def test_words_that_the_conversation_has_are_not_asked_for_again() -> None:
    assert readings("and when is an FOI request vexatious?", [FOI])[0].own == ("vexati",)


@given(st.text(min_size=1, max_size=80).filter(str.strip), st.lists(st.text(max_size=80).filter(str.strip), max_size=5))
def test_every_word_is_of_the_conversation(question: str, earlier: list[str]) -> None:
    said = set(re.findall(r"\w+", " ".join([*earlier, question]).lower())) | {"a"}

    for reading in readings(question, earlier):
        assert set(re.findall(r"\w+", reading.question.lower())) <= said


NOTES = (
    "environmental-information-requests freedom-of-information-requests foi-cost-limit-and-vexatious-requests"
    " ministerial-and-official-correspondence personal-data-breaches records-and-public-records subject-access-requests"
).split()


def test_the_conversation_in_the_readme_is_answered(tmp_path: Path, model_cache: Path) -> None:
    found = re.search(r'ask "(.+)"\n.* # a conversation: "(.+)"', (REPOSITORY / "README.md").read_text("utf-8"))
    assert found
    settings = settings_in(tmp_path / "data", model_cache)
    ingest([REPOSITORY / "corpus" / f"{name}.md" for name in NOTES], settings)
    earlier = [Turn(role="user", content=found[1]), Turn(role="assistant", content="By the 20th working day.")]

    with Assistant.open(settings) as bernard:
        answer = bernard.ask(found[2], history=earlier)
        nowhere = bernard.ask("and for a fishing licence?", history=earlier)

    assert answer.status is Status.ANSWERED
    assert any("within one month" in claim.text for claim in answer.claims)
    assert [notice.text for notice in answer.notices if notice.kind is Notice.REWRITTEN] == [
        "Your question was read together with the conversation: "
        "“How many days do we have to answer a subject access request?”"
    ]
    assert nowhere.status is Status.NOT_IN_GUIDANCE
