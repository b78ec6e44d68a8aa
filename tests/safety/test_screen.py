"""The first look at a question: what nobody sees is taken out, nothing and far too much are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.safety import MAX_QUESTION_CHARACTERS, EmptyQuestion, QuestionTooLong, screen


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("  How much leave?\n", "How much leave?"),
        ("How\tmuch\nleave?", "How\tmuch\nleave?"),
        ("How\x00 much\x1b leave\x7f?", "How much leave?"),
        ("le\u00adave\u200b \u202eevael\u202c\ufeff", "leave evael"),
        ("leave?\U000e0049\U000e0067\U000e006e", "leave?"),
        ("\ud83d leave?", "leave?"),
        ("Faint yw’r gwyliau? 31½ £ é 中文", "Faint yw’r gwyliau? 31½ £ é 中文"),
        ("7", "7"),
    ],
)
def test_what_nobody_sees_is_taken_out_and_the_rest_kept(typed: str, seen: str) -> None:
    assert screen(typed) == seen


@pytest.mark.parametrize("typed", ["", "   \n", "?!…", "\u200b\u200b", "\x00", "🙂", "\ud800"])
def test_nothing_to_read_is_no_question(typed: str) -> None:
    with pytest.raises(EmptyQuestion, match="Nothing was asked"):
        screen(typed)


def test_a_document_is_no_question() -> None:
    assert len(screen("a" * MAX_QUESTION_CHARACTERS + "\u200b" * 50)) == MAX_QUESTION_CHARACTERS
    with pytest.raises(QuestionTooLong, match="10,001 characters; the most is 10,000"):
        screen("a" * (MAX_QUESTION_CHARACTERS + 1))


@given(st.text(max_size=200))
def test_screening_twice_changes_nothing_more(typed: str) -> None:
    try:
        seen = screen(typed)
    except InputError:
        return
    assert screen(seen) == seen
    assert seen.encode("utf-8")
