"""Follow-up questions: what leans on the conversation takes its words from there, and from nowhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Turn
from assistant.answer.follow_ups import readings
from assistant.answer.rewrite import complete, guarded

FOI = "How long do I have to answer an FOI request?"


def turns(*said: str) -> list[Turn]:
    """A conversation that the person begins."""
    roles = ("user", "assistant") * len(said)
    return [Turn(role=role, content=text) for role, text in zip(roles, said, strict=False)]


# what any rewriter may do

_WORDS = st.sampled_from(
    "FOI request deadline Scotland Scottish requests not never must may 20 30 working days minister gift gifts £50 the a of "
    "in for how what is are do don't unless except Treasury Bernard".split()
)
_TEXT = st.lists(_WORDS, min_size=1, max_size=12).map(" ".join)


def endings(text: str) -> set[str]:
    """Words by their first letters, so that "gift" and "gifts" are one."""
    return {word.lower()[:5].rstrip("s") for word in re.findall(r"[\w£'-]+", text)}


@given(_TEXT, _TEXT, st.lists(_TEXT, max_size=3))
def test_a_rewrite_gets_through_only_with_words_of_the_conversation(
    rewritten: str, question: str, earlier: list[str]
) -> None:
    history = turns(*earlier)

    found = guarded(rewritten, question, history)

    said = endings(" ".join([question, *earlier]))
    free = endings("the a of in for how what is are do may")
    new = endings(rewritten) - said - free - ({"not"} if "don't" in said else set())
    assert found in (None, rewritten)
    assert found is None or (new <= {"don't"} and ("don't" not in new or "not" in said))
    everything = set(" ".join([question, *earlier]).split())
    if set(question.split()) <= set(rewritten.split()) <= everything:  # nothing new, nothing forgotten
        assert found == rewritten


@pytest.mark.parametrize(
    "rewritten",
    [
        "How long do I have to answer an FOI request in Scotland?",
        "In Scotland, how long do I have to answer an FOI request?",
        "How long to answer FOI requests in Scotland?",
        "What about FOI requests in Scotland: is it 20 days?",
    ],
)
def test_a_rewrite_that_keeps_to_the_conversation_is_used(rewritten: str) -> None:
    assert guarded(rewritten, "And in Scotland?", turns(FOI, "20 days.")) == rewritten


@pytest.mark.parametrize(
    "rewritten",
    [
        "How long does a council have to answer an FOI request in Scotland?",
        "How long do I have to answer an FOI request in Wales?",
        "Is 30 days enough to answer an FOI request in Scotland?",
        "Do I not have to answer an FOI request in Scotland?",
        "Must I answer an FOI request in Scotland?",
        "",
        "FOI " * 2000,
    ],
)
def test_a_rewrite_that_brings_in_anything_is_dropped(rewritten: str) -> None:
    assert guarded(rewritten, "And in Scotland?", turns(FOI, "20 days.")) is None


def test_a_duty_that_only_bernard_spoke_of_is_not_put_into_the_question() -> None:
    history = turns("Can staff accept gifts from suppliers?", "Staff must report gifts to the register.")

    assert guarded("Must staff accept gifts from suppliers in Scotland?", "And in Scotland?", history) is None
    assert guarded("Can staff accept gifts from suppliers in Scotland?", "And in Scotland?", history) is not None


def test_a_rewrite_that_forgets_a_denial_is_dropped() -> None:
    asked, history = "And if they do not reply?", turns(FOI, "20 days.")

    assert guarded("And if they reply to an FOI request?", asked, history) is None
    assert guarded("And if they do not reply to an FOI request?", asked, history) is not None


class Says:
    """A rewriter that always says the same, or fails."""

    def __init__(self, words: str | Exception) -> None:
        self.words = words

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        if isinstance(self.words, Exception):
            raise self.words
        return self.words


def asked(question: str, history: list[Turn], rewriter: Says | None = None) -> list[str]:
    """The questions that one may ask."""
    return [reading.question for reading in complete(question, history, rewriter)]


def test_a_rewriter_is_followed_while_it_keeps_to_the_conversation() -> None:
    history, by_rule = turns(FOI, "20 days."), "How long do I have to answer an FOI request in Scotland?"
    good = "What about FOI requests in Scotland: how long do I have?"

    assert asked("And in Scotland?", history, Says(good)) == [good]
    assert asked("And in Scotland?", history, Says("What is the FOI fee in Scotland?"))[0] == by_rule
    assert asked("And in Scotland?", history, Says(TimeoutError("slow")))[0] == by_rule
    assert asked("And in Scotland?", [], Says(good)) == ["And in Scotland?"]


@given(st.text(min_size=1, max_size=80).filter(str.strip), st.lists(st.text(max_size=80), max_size=4))
def test_the_rules_keep_to_the_conversation_too(question: str, earlier: list[str]) -> None:
    history = turns(*earlier)

    found = asked(question, history)

    assert found == [question] or all(guarded(one, question, history) for one in found)


@pytest.mark.parametrize(
    "question", ["And in Scotland?", "what about Scotland", "and not for ministers?", "Can that be extended?"]
)
def test_no_reading_by_rule_is_dropped(question: str) -> None:
    history = turns(FOI, "20 days.")
    by_rule = readings(question, [FOI])

    assert complete(question, history) == by_rule


def test_courtesies_in_the_conversation_are_not_leaned_on() -> None:
    history = turns(f"Hi, {FOI} Thanks!", "20 days.", "Thank you!", "You are welcome.")

    assert asked("And in Scotland?", history) == asked("And in Scotland?", turns(FOI))
    assert asked("And in Scotland?", turns("  ", "Hello!")) == ["And in Scotland?"]
