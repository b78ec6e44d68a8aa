"""What kind of fact a question asks for, and whether a text holds one: "how long" wants a duration, "how much" an amount.

Pure text; knows nothing of ranking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum


class Fact(StrEnum):
    """Kinds of fact that can be told by their form."""

    DURATION = "duration"
    DATE = "date"
    AMOUNT = "amount"
    NONE = "none"


_ASKS = {
    Fact.DURATION: re.compile(
        r"\b(how (long|soon|often|quickly|old)|what age|time ?limits?|notice period)\b", re.IGNORECASE
    ),
    Fact.DATE: re.compile(r"\b(when|what (date|day|time)|deadline|by what date|due date)\b", re.IGNORECASE),
    Fact.AMOUNT: re.compile(
        r"\b(how (much|many|high|large|big)|what (rate|percentage|amount|level|limit|temperature)|costs?|fees?|threshold"
        r"|price)\b",
        re.IGNORECASE,
    ),
}

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_NUMBER = r"(\d[\d,.]*(st|nd|rd|th)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a|each|every)"
_DURATION = re.compile(
    rf"\b{_NUMBER}([ -](working|calendar|clear|consecutive|full|whole|sitting))?"
    r"[ -]?(minutes?|hours?|days?|weeks?|months?|years?)\b"
    r"|\b(immediately|straight away|annually|at once|no later than|aged? \d+)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b\d{{1,2}} ({_MONTHS})\b"
    rf"|\b({_MONTHS}) (19|20)\d\d\b"
    r"|\b(before|after|until|from|since|by|as soon as|deadline)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"[£€$]\s?\d|\d\s?(%|per ?cent|p\b|°)|\b\d[\d,.]*\b", re.IGNORECASE)
_HOLDS = {Fact.DURATION: (_DURATION,), Fact.DATE: (_DATE, _DURATION), Fact.AMOUNT: (_AMOUNT,), Fact.NONE: ()}


_PLACES = {
    Fact.DURATION: re.compile(r"\b(time|times|deadlines?|how long|periods?)\b", re.IGNORECASE),
    Fact.DATE: re.compile(r"\b(when|dates?|deadlines?|time limits?)\b", re.IGNORECASE),
    Fact.AMOUNT: re.compile(
        r"\b(costs?|fees?|rates?|how much|limits?|thresholds?|charges?|amounts?|prices?)\b", re.IGNORECASE
    ),
}


def asked_for(question: str) -> Fact:
    """The kind of fact a question asks for."""
    return next((fact for fact, asks in _ASKS.items() if asks.search(question)), Fact.NONE)


def holds(text: str, fact: Fact) -> bool:
    """True when the text holds a fact of that kind; never for NONE."""
    return any(form.search(text) for form in _HOLDS[fact])


def under(headings: Sequence[str], fact: Fact) -> bool:
    """True when the last heading says that such facts stand below it: "Time limits" for a duration."""
    place = _PLACES.get(fact)
    return bool(place and headings and place.search(headings[-1]))
