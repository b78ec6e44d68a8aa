"""Nothing that reads a question or somebody's file by patterns takes long, however odd the text."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from assistant.answer.deadlines import has_deadline, is_deadline
from assistant.answer.expected import Fact, Wanted, asked_for, holds
from assistant.answer.frames import without_frame
from assistant.answer.obligations import obligation
from assistant.answer.point import point_of
from assistant.answer.spelling import corrected


def _holding(fact: Fact) -> Callable[[str], bool]:
    return lambda text: holds(text, Wanted(fact, "box"))


LONG = 10_000  # characters: as much as a question may have
SECONDS = 0.5  # a linear pattern needs some hundredths, a quadratic one several seconds
ODD = {
    "spaces": "How many boxes" + " " * LONG + "boxes?",
    "lines": "How many boxes" + "\n" * LONG + "boxes?",
    "broken lines": "What is due?\n" + " \n" * (LONG // 2),
    "commas": "1," * (LONG // 2),
    "digits": "7" * LONG,
    "letters": "how many " + "a" * LONG,
    "hyphens": "what is the " + "a-" * (LONG // 2),
    "dashes": "how many\n" + "-" * LONG,
    "capitals": "Regards " + "Aa" * (LONG // 2),
    "names": "Thanks " + "Ab " * (LONG // 3),
    "thanks": "thanks " * (LONG // 7) + "?",
    "greetings": "Hi " * (LONG // 3),
    "what": "what " * (LONG // 5),
    "who": "who is " * (LONG // 7),
    "how many": "how many more " * (LONG // 14),
    "what is the": "what is the " * (LONG // 12),
    "conditions": "if a " * (LONG // 5),
    "orders": "please " * (LONG // 7),
    "by": "by a " * (LONG // 5),
    "days": "10 days " * (LONG // 8),
    "working": "a" + " working" * (LONG // 8),
    "quoted": "> a\n" * (LONG // 4),
    "headers": "From: a\n" * (LONG // 8),
    "wrote": "x\n" + "on " + "a " * (LONG // 2),
    "slashes": "a/" * (LONG // 2),
    "deadline": "deadline " * (LONG // 9),
}
READ: dict[str, Callable[[str], object]] = {
    "asked for": asked_for,
    **{f"holds {fact.name.lower()}": _holding(fact) for fact in Fact},
    "point": point_of,
    "frame": without_frame,
    "spelling": lambda text: corrected(text, lambda word: True),
    "obligation": obligation,
    "has a deadline": has_deadline,
    "is a deadline": is_deadline,
}


@pytest.mark.parametrize("read", READ)
def test_a_long_text_is_read_in_no_time(read: str) -> None:
    READ[read]("to load what it needs")
    slow = {}
    for name, text in ODD.items():
        started = time.process_time()
        READ[read](text)
        if (took := time.process_time() - started) > SECONDS:
            slow[name] = round(took, 2)
    assert not slow
