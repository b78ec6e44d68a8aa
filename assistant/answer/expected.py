"""What kind of fact a question asks for, and whether a text holds one: "how long" wants a duration, "how much" an amount.

Pure text; knows nothing of ranking.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Fact(StrEnum):
    """Kinds of fact that can be told by their form."""

    TIME = "time"
    AMOUNT = "amount"
    NONE = "none"


_ASKS_TIME = re.compile(
    r"\b(how (long|soon|often|quickly|old)|when|what (date|age|day)|deadline|time ?limits?|by what date|notice period)\b", re.IGNORECASE
)
_ASKS_AMOUNT = re.compile(
    r"\b(how (much|many|high|large|big)|what (rate|percentage|amount|level|limit|temperature)|cost|costs|fee|fees|threshold|price)\b",
    re.IGNORECASE,
)
_NUMBER = r"(\d[\d,.]*(st|nd|rd|th)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a|each|every)"
_TIME = re.compile(
    rf"\b{_NUMBER}([ -](working|calendar|clear|consecutive|full|whole|sitting))?[ -]?(hours?|days?|weeks?|months?|years?|minutes?)\b"
    r"|\b\d{1,2} (january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(19|20)\d\d\b|\b(immediately|straight away|annually|as soon as|no later than|deadline|aged? \d+)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"[£€$]\s?\d|\d\s?(%|per ?cent|p\b|°)|\b\d[\d,.]*\b", re.IGNORECASE)


def asked_for(question: str) -> Fact:
    """The kind of fact a question asks for."""
    if _ASKS_TIME.search(question):
        return Fact.TIME
    return Fact.AMOUNT if _ASKS_AMOUNT.search(question) else Fact.NONE


def holds(text: str, fact: Fact) -> bool:
    """True when the text holds a fact of that kind; never for NONE."""
    if fact is Fact.TIME:
        return bool(_TIME.search(text))
    return fact is Fact.AMOUNT and bool(_AMOUNT.search(text))
