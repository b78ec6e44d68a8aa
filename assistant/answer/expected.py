"""What kind of fact a question asks for, and whether a text holds one: "how long" wants a duration, "how much" an amount.

Pure text; knows nothing of ranking.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Fact(StrEnum):
    """Kinds of fact that can be told by their form."""

    DURATION = "duration"
    DATE = "date"
    AMOUNT = "amount"
    NONE = "none"


_ASKS_DURATION = re.compile(r"\b(how (long|soon|often|quickly|old)|what age|time ?limits?|notice period)\b", re.IGNORECASE)
_ASKS_DATE = re.compile(r"\b(when|what (date|day|time)|deadline|by what date|due date)\b", re.IGNORECASE)
_ASKS_AMOUNT = re.compile(
    r"\b(how (much|many|high|large|big)|what (rate|percentage|amount|level|limit|temperature)|cost|costs|fee|fees|threshold|price)\b",
    re.IGNORECASE,
)
_NUMBER = r"(\d[\d,.]*(st|nd|rd|th)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a|each|every)"
_DURATION = re.compile(
    rf"\b{_NUMBER}([ -](working|calendar|clear|consecutive|full|whole|sitting))?[ -]?(hours?|days?|weeks?|months?|years?|minutes?)\b"
    r"|\b(immediately|straight away|annually|at once|no later than|aged? \d+)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b\d{1,2} (january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(january|february|march|april|may|june|july|august|september|october|november|december) (19|20)\d\d\b"
    r"|\b(before|after|until|from|since|by|as soon as|deadline)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
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
    for asks, fact in ((_ASKS_DURATION, Fact.DURATION), (_ASKS_DATE, Fact.DATE), (_ASKS_AMOUNT, Fact.AMOUNT)):
        if asks.search(question):
            return fact
    return Fact.NONE


def holds(text: str, fact: Fact) -> bool:
    """True when the text holds a fact of that kind; never for NONE."""
    if fact is Fact.DURATION:
        return bool(_DURATION.search(text))
    if fact is Fact.DATE:
        return bool(_DATE.search(text) or _DURATION.search(text))
    return fact is Fact.AMOUNT and bool(_AMOUNT.search(text))
