"""Tells whether a sentence names a time by which, within which or how often something is to be done, or is such a time.

A length of time that somebody must have behind them ("at least 2 years of service") is a condition, and a date on which
something happened ("the form published on 3 May") an event: neither is a deadline. Pure text.
"""

from __future__ import annotations

import re

from assistant.grounding.quantities import Kind, Quantity, quantities

_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_HOUR = r"(?:noon|midday|midnight|close of (?:play|business)|\d{1,2}(?:[:.]\d\d)? ?[ap]m)"
_DAY = re.compile(
    rf"\b(?:by|before|no later than|on|until) (?:{_HOUR}(?: on| of)? ?)?(?:the )?(?:end of (?:the |each |every |this )?)?"
    rf"(?:next |last |first |following )?(?:{_WEEKDAY}|day|week|month|quarter|year|{_MONTH}|\d{{1,2}}(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"\b(?:immediately|at once|straight away|without delay|as soon as)\b", re.IGNORECASE)
_OFTEN = re.compile(
    r"\b(?:every|each) (?:other |working |second )?"
    rf"(?:hour|night|morning|evening|day|week|fortnight|month|quarter|year|{_WEEKDAY})\b"
    r"|\b(?:hourly|daily|weekly|fortnightly|monthly|quarterly|annually|yearly)"
    r"(?=\W*$|[.,;:]|\s+(?:by|in|on|to|and|or|from|at)\b)",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?P<cue>by|before|until|till|later than|not after)\W+(?:\w+\W+){0,5}$", re.IGNORECASE)
_ON = re.compile(rf"\b(?P<cue>on|at)\W+(?:or before\W+)?(?:the\W+)?(?:{_WEEKDAY}\W+)?$", re.IGNORECASE)
_HAPPENED = re.compile(r"\b(?:\w+ed|built|made|born|bought|sold|given|begun|paid|sent|held|written)\W+$", re.IGNORECASE)
_TO_HAPPEN = re.compile(r"\b(?:be|been|get|have|has|having)\W+(?:\w+ly\W+)?\w+\W+$", re.IGNORECASE)
_AHEAD = re.compile(r"\W*s?\W*(?:notice|before|beforehand|in advance|prior to|ahead of|after)\b", re.IGNORECASE)
_TO_DO_IT = re.compile(r"\s+(?:in which )?to\s", re.IGNORECASE)
_TELLS_A_DEADLINE = re.compile(
    r"\b(?:deadlines?|closing dates?|cut-off|(?:last|latest|final|due) (?:day|date))\b(?!\W+(?:\w+\W+){0,3}(?:was|were)\b)"
    r"|\b(?:is|are|be|falls?) (?:now |also )?due\b|\bdue (?:back|by|on|before|within|no later)\b|\bdue\W*\n"
    r"|\b(?:closes?|closing) (?:at|on|by)\b|\b(?:wanted|needed|expected|required|invited) by\b"
    r"|\b(?:consultations?|applications?|registrations?|nominations?|window|period|survey) (?:will )?ends? (?:on|at)\b"
    r"|\b(?:is|are) to be\b",
    re.IGNORECASE,
)
_HAVE = re.compile(r"\bhave\W+(?:only\W+)?$", re.IGNORECASE)


def has_deadline(text: str) -> bool:
    """True when a text names a time by which, or within which, or how often something is done."""
    if _DAY.search(text) or _AT_ONCE.search(text) or _OFTEN.search(text):
        return True
    return any(_is_limit(one, text) for one in quantities(text))


def is_deadline(text: str) -> bool:
    """True when a text says by itself until when something is possible or due: "Applications close on 31 October."."""
    found = quantities(text)
    if any(one.kind is Kind.DURATION and _is_given(one, text) for one in found):
        return True
    told = _TELLS_A_DEADLINE.search(text)
    if not told:
        return False
    if told[0].lower().endswith("to be"):
        return has_deadline(text)
    return bool(_DAY.search(text)) or any(
        (one.kind is Kind.DATE and one.low[1]) or one.kind in {Kind.TIME, Kind.DURATION} for one in found
    )


def _is_limit(one: Quantity, text: str) -> bool:
    before, after = text[: one.start], text[one.end :]
    if one.kind is Kind.DURATION:
        return _limits(one.text, before, after) or _is_given(one, text)
    if one.kind not in {Kind.DATE, Kind.TIME}:
        return False
    is_year = one.kind is Kind.DATE and not one.low[1]
    cue = _BY.search(before) or (None if is_year else _ON.search(before))
    if cue is None or (is_year and cue["cue"].lower() not in {"by", "until"}):
        return False
    told = before[: cue.start()]
    return not _HAPPENED.search(told) or bool(_TO_HAPPEN.search(told))


def _limits(words: str, before: str, after: str) -> bool:
    """Whether a length of time is one within which, or ahead of which, something is done."""
    if re.match(r"within|no(?:t)? later|in ", words, re.IGNORECASE) or re.search(r"\b(?:within|in|every)\W+$", before, re.I):
        return True
    return bool(_AHEAD.match(after)) and not re.search(r"\bfor\W+$", before, re.IGNORECASE)


def _is_given(one: Quantity, text: str) -> bool:
    """Whether somebody has this long to do something: "You have 28 days to appeal."."""
    return bool(_HAVE.search(text[: one.start]) and _TO_DO_IT.match(text[one.end :]))
