"""What is excepted from a rule is not quoted without it, where it is asked whether something may or must be done."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.answer.exceptions import rules_of_exceptions
from tests.answer.test_selection import blocks

GIFTS = [
    "Do not accept a present from anybody who wants something from the office.",
    "Presents given by the office must have a purpose.",
    "If refusing would cause real offence, the present may be accepted for the office.",
    "Write down every present.",
]
LOSSES = [
    "A lost key must be reported no later than noon on the next day.",
    "Do not look for it alone.",
    "You do not have to report a key that opens nothing.",
    "Ask the porter.",
]


@pytest.mark.parametrize(
    ("lines", "question", "rule"),
    [
        (GIFTS, "Can I accept a present?", 0),
        (LOSSES, "Must a lost key be reported within 48 hours?", 0),
        (LOSSES, "Do we have to report a lost key?", 0),
    ],
)
def test_an_exception_brings_the_rule_it_is_one_to(lines: list[str], question: str, rule: int) -> None:
    assert rules_of_exceptions(blocks(lines), np.array([0.1, 0.2, 0.5, 0.1]), [2], question) == {2: rule}


@pytest.mark.parametrize(
    ("question", "chosen"),
    [
        ("How long do we have to report a lost key?", [2]),  # a time is asked for, not whether
        ("Must a lost key be reported?", [0, 2]),  # the rule is quoted already
        ("Must a lost key be reported?", [3]),  # no exception
    ],
)
def test_nothing_is_brought_where_no_rule_is_missing(question: str, chosen: list[int]) -> None:
    assert rules_of_exceptions(blocks(LOSSES), np.array([0.4, 0.1, 0.5, 0.1]), chosen, question) == {}


def test_a_rule_of_something_else_on_the_page_is_not_brought() -> None:
    assert rules_of_exceptions(blocks(GIFTS), np.array([0.01, 0.2, 0.5, 0.1]), [2], "Can I accept a present?") == {}
