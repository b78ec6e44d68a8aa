"""Finds the quantities in a text: money, percentages, durations, dates, times, references and counts, with their bounds.

Numbers in words count like digits. Knows nothing of what is true: `agreement` compares two quantities.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """What a quantity measures."""

    MONEY = "amount"
    PERCENT = "percentage"
    DURATION = "period"
    DATE = "date"
    TIME = "time"
    REFERENCE = "reference"
    COUNT = "number"


class Bound(StrEnum):
    """On which side of its value a quantity may lie."""

    EXACT = ""
    WITHIN = "within"
    LEAST = "at least"
    OVER = "more than"
    MOST = "at most"
    UNDER = "less than"
    AFTER = "after"


class Agreement(IntEnum):
    """How well a quantity of a claim fits one of a source, best last."""

    OTHER_KIND = 0
    OTHER_VALUE = 1
    OTHER_UNIT = 2
    OPPOSITE_BOUND = 3
    OTHER_BOUND = 4
    SAME = 5


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity.

    Attributes:
        kind: What it measures.
        low: Its value, or the lower end of a range; for dates the year, month and day that are given, 0 for the others.
        high: The upper end; the value itself when it is no range.
        unit: What is counted, in the singular: "working day", "£", "section"; "" when nothing is named.
        per: What it is counted by: "week" in "£20 a week".
        bound: On which side of the value it may lie.
        start: Where its words begin.
        end: One past the last.
        text: As written, with the words of its bound.
    """

    kind: Kind
    low: tuple[float, ...]
    high: tuple[float, ...]
    unit: str
    per: str
    bound: Bound
    start: int
    end: int
    text: str


_UNITS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: number for number, word in enumerate(_UNITS, start=1)} | {
    word: number * 10 for number, word in enumerate(_TENS, start=2)
}
_SCALES = {"hundred": 100.0, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9}
_IN_WORDS = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS[:9])}))?|{'|'.join(reversed(_UNITS))})"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:\s?(?:hundred|thousand|million|billion|mn|bn|[mk](?![a-zA-Z])))"
_NUMBER = rf"(?:(?:{_DIGITS}){_SCALE}?|(?:{_IN_WORDS}|a(?= (?:hundred|thousand|million|billion)\b)){_SCALE}{{0,2}})"
_TO = r"\s?(?:-|–|—|to|and|or)\s?"
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = rf"(?:{'|'.join(_MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_KIND_OF_DAY = "working|business|calendar|clear|sitting|school|consecutive|full|whole|complete|more|further|additional|extra"
_PERIODS = {
    "second": ("second", 1), "minute": ("minute", 1), "hour": ("minute", 60), "day": ("day", 1), "week": ("day", 7),
    "fortnight": ("day", 14), "month": ("month", 1), "quarter": ("month", 3), "year": ("month", 12), "decade": ("month", 120),
}  # fmt: skip
_PERIOD = "second|minute|hour|day|week|fortnight|month|quarter|year|decade"
_MEASURE = r"mm|cm|km|kg|mg|ml|kWh|kW|MW|dB|m²|m2|m³|m3|W/m|Wh|°C|mph|m|g|l|W"
_LABELS = {
    "section": "section", "sections": "section", "s.": "section", "ss.": "section", "article": "article", "art.": "article",
    "regulation": "regulation", "reg.": "regulation", "rule": "rule", "part": "part", "schedule": "schedule", "annex": "annex",
    "appendix": "appendix", "chapter": "chapter", "paragraph": "paragraph", "para": "paragraph", "para.": "paragraph",
    "clause": "clause", "step": "step", "stage": "stage", "level": "level", "version": "version", "table": "table",
    "figure": "figure", "box": "box", "class": "class", "band": "band", "tier": "tier", "grade": "grade", "category": "category",
    "phase": "phase", "number": "number", "no.": "number", "principle": "principle", "point": "point", "wcag": "wcag",
    "volume": "volume", "type": "type", "zone": "zone", "code": "code",
}  # fmt: skip
_LABEL = "|".join(sorted((re.escape(label) for label in _LABELS), key=len, reverse=True))

# fmt: off
_FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(form, re.IGNORECASE))
    for kind, form in (
        (Kind.DATE, rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})(?:,? (?P<year>{_YEAR}))?"),
        (Kind.DATE, rf"\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,? (?P<year>{_YEAR}))?"),
        (Kind.DATE, rf"\b(?P<month>{_MONTH}),? (?P<year>{_YEAR})\b"),
        (Kind.DATE, rf"\b(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)\b"),
        (Kind.DATE, rf"\b(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})/(?P<year>{_YEAR})\b"),
        (Kind.DATE, rf"\b(?P<year>{_YEAR})(?:\s?(?:-|–|/|to)\s?(?P<year2>(?:20)?\d\d))(?![\d,]| \d)\b"),
        (Kind.TIME, r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap])(?:m\b|\.m\.)|\b(?P<hour24>\d{1,2}):(?P<minute24>\d\d)\b"
                    r"|\b(?P<noon>noon|midday|midnight)\b"),
        (Kind.MONEY, rf"(?P<unit>[£€$])\s?(?P<low>{_NUMBER})(?:{_TO}(?:[£€$]\s?)?(?P<high>{_NUMBER}))?(?! ?(?:{_PERIOD})s?\b)"),
        (Kind.MONEY, rf"(?P<unit>[£€$])\s?(?P<low>{_NUMBER})"),
        (Kind.MONEY, rf"\b(?P<low>{_NUMBER})(?:\s(?P<unit>pounds|euros?|dollars)\b|(?P<pence>p\b| pence\b))"),
        (Kind.PERCENT, rf"\b(?P<low>{_NUMBER})(?:(?:\s?%)?{_TO}(?P<high>{_NUMBER}))?\s?(?:%|per ?cent\b)(?P<unit> points?\b)?"),
        (Kind.REFERENCE, rf"\b(?P<label>{_LABEL})\s?(?P<id>\d+[A-Z]{{0,2}}(?:\.\d+)*(?:\(\w{{1,4}}\))*)(?![\d%])"),
        (Kind.REFERENCE, rf"\b(?P<label>{_LABEL})\s(?P<id>[A-Z]|[IVX]{{1,4}})(?![\w'’])"),
        (Kind.DURATION, rf"\b(?P<low>{_NUMBER})(?:{_TO}(?P<high>{_NUMBER}))?[ -](?:(?P<of>{_KIND_OF_DAY})[ -])?(?P<unit>{_PERIOD})s?\b"),
        (Kind.DURATION, rf"\b(?P<one>an?) (?:(?P<of>{_KIND_OF_DAY}) )?(?P<unit>{_PERIOD})\b"),
        (Kind.DATE, rf"(?<![\d.,£$€-])\b(?P<year>{_YEAR})\b(?![\d%]|[.,]\d)"),
        (Kind.COUNT, rf"(?<![\d.,])\b(?P<low>{_NUMBER})(?:{_TO}(?P<high>{_NUMBER}))?(?:st|nd|rd|th)?(?:\s?(?P<measure>{_MEASURE})(?!\w))?(?![\w%]|[.,]\d)(?:[ -](?P<unit>[a-z]+(?:[ -][a-z]+)?))?"),
    )
)
# fmt: on
_IS_REFERENCE_AS_WRITTEN = re.compile(r"(?<![\w])(?:[A-Z]|[IVX]{1,4})$")
_PER = re.compile(
    rf"\s?(?:a|an|per|each|every|/)\s(?P<per>{_PERIOD}|person|head|child|employee|mile|kilometre|night|unit|page|application)s?\b",
    re.IGNORECASE,
)
_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = tuple(
    (bound, re.compile(rf"\b(?:{words})\s(?:(?:the|a|an|of|age|aged|about|period|total|further|another|next|first)\s)*$", re.IGNORECASE))
    for bound, words in (
        (Bound.LEAST, r"at least|(?:no|not) (?:be )?(?:less|fewer|lower|earlier|sooner|younger|shorter) than|minimum(?: of| is)?|at the minimum"),
        (Bound.MOST, r"up to|at most|(?:no|not|cannot|must not|may not|can't|shall not) (?:be |take |last |cost )?(?:more|greater|longer|higher|older|later|over) than"
                     r"|(?:not|cannot|can't|without) (?:be )?exceed(?:ing)?|maximum(?: of| is)?|limited to|capped at|limit of"),
        (Bound.OVER, r"(?:more|greater|longer|higher|older|later) than|over|above|exceed(?:s|ing|ed)?|in excess of|beyond|upwards of"),
        (Bound.UNDER, r"(?:less|fewer|lower|younger|shorter|sooner|earlier) than|under|below"),
        (Bound.WITHIN, r"within|inside|no later than"),
        (Bound.AFTER, r"after"),
    )
)  # fmt: skip
_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = tuple(
    (bound, re.compile(rf"(?:\s[a-z]+)?\s?(?:{words})\b", re.IGNORECASE))
    for bound, words in (
        (Bound.LEAST, r"(?:or|and) (?:more|over|above|older|longer|higher|greater|later|upwards)|minimum|at (?:least|the minimum)"),
        (Bound.MOST, r"(?:or|and) (?:less|fewer|under|below|younger|shorter|lower|earlier)|maximum|at (?:most|the most)"),
    )
)  # fmt: skip
_NO_LATER = re.compile(r"no(?:t)? later than\s(?:the\s)?$", re.IGNORECASE)
_LASTS = re.compile(r"\b(?:within|after|than|over|for|in|before|every)\s$", re.IGNORECASE)
_LONGEST_LOOK = 40


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """All quantities of a text, in order; none overlaps another."""
    found: list[Quantity] = []
    taken = [False] * len(text)
    for kind, form in _FORMS:
        for match in form.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            quantity = _quantity(text, kind, match)
            if quantity is None:
                continue
            taken[match.start() : quantity.end] = [True] * (quantity.end - match.start())
            found.append(quantity)
    return tuple(sorted(found, key=lambda quantity: quantity.start))


def _quantity(text: str, kind: Kind, match: re.Match[str]) -> Quantity | None:
    end = match.end()
    bound, start = _bound_before(text, match.start())
    parts = match.groupdict()
    if parts.get("one") and not _LASTS.search(text[max(0, match.start() - 9) : match.start()]):
        return None  # "£20 a week", "a year ago"
    low: tuple[float, ...] | None
    unit = per = ""
    if kind is Kind.DATE:
        low = high = _date(parts)
        if low is None:
            return None
        if parts.get("year2"):
            high = (float(parts["year2"]) % 100 + 2000, 0.0, 0.0)
    elif kind is Kind.TIME:
        low = high = _time(parts)
    elif kind is Kind.REFERENCE:
        unit = _LABELS[parts["label"].lower()]
        if not parts["id"][0].isdigit() and not _IS_REFERENCE_AS_WRITTEN.search(parts["id"]):
            return None
        low = high = tuple(float(ord(letter)) for letter in parts["id"].lower().rstrip("."))
    else:
        if kind is Kind.COUNT and parts["low"].lower() == "one" and not parts.get("high"):
            return None  # more often a pronoun
        low = high = (_value(parts.get("low") or "1"),)
        if parts.get("high"):
            high = (_value(parts["high"]),)
            if low[0] < high[0] and not _has_scale(parts["low"]) and _has_scale(parts["high"]):
                low = (low[0] * _scale(parts["high"]),)
            if high[0] <= low[0]:  # "20 and 10": two numbers that only stand together
                high, end = low, match.end("low")
                return _finish(text, kind, match.start("low"), end, low, low, "", "", bound, start)
        unit = _unit(kind, parts)
        if parts.get("measure"):
            unit, end = parts["measure"] or "", match.end("measure")
        elif kind is Kind.COUNT and (match["unit"] or "").split(" ")[0] in _NOT_COUNTED:
            unit, end = "", match.end("high") if parts.get("high") else match.end("low")
        elif kind is Kind.COUNT and unit:
            end = match.end("high") if parts.get("high") else match.end("low")
        if kind is Kind.DURATION:
            unit, low, high = _in_base_units(parts, low, high)
        if kind is Kind.MONEY and parts.get("pence"):
            low, high = (low[0] / 100,), (high[0] / 100,)
    follows = _PER.match(text, end)
    if follows:
        per, end = follows["per"].lower(), follows.end()
    return _finish(text, kind, match.start(), end, low or (), high or (), unit, per, bound, start)


def _finish(
    text: str, kind: Kind, begin: int, end: int, low: tuple[float, ...], high: tuple[float, ...], unit: str, per: str,
    bound: Bound, start: int,
) -> Quantity:  # fmt: skip
    stop = end
    if bound is Bound.EXACT:
        for after, form in _AFTER:
            if found := form.match(text, end):
                bound, stop = after, found.end()
                break
        else:
            if text[end : end + 1] == "+":
                bound, stop = Bound.LEAST, end + 1
    if kind in {Kind.DATE, Kind.TIME, Kind.REFERENCE} or (bound is Bound.AFTER and kind is not Kind.DURATION):
        bound, start, stop = Bound.EXACT, begin, end
    return Quantity(kind, low, high, unit, per, bound, start, stop, text[start:stop].strip())


_NOT_COUNTED = frozenset(
    "of or and to in for the a an is are was were if that which who on at by from as with but may can must should will has "
    "have".split()
)


def _bound_before(text: str, start: int) -> tuple[Bound, int]:
    before = text[max(0, start - _LONGEST_LOOK) : start]
    for bound, form in _BEFORE:
        if found := form.search(before):
            return Bound.WITHIN if _NO_LATER.search(before) else bound, start - len(before) + found.start()
    return Bound.EXACT, start


def _value(written: str) -> float:
    written = written.lower().strip()
    digits = re.match(_DIGITS, written)
    if digits:
        return round(float(digits[0].replace(",", "")) * _scale(written), 6)
    total = 0.0
    for word in re.split(r"[\s-]+", written):
        if word in _SMALL:
            total += _SMALL[word]
        elif word in _SCALES:
            total = (total or 1) * _SCALES[word]
    return total or 1.0


def number_in_words(word: str) -> str:
    """The digits of a number in one word, "" for any other word: "twenty" is "20"."""
    value = _SMALL.get(word)
    return str(int(value)) if value else ""


def _has_scale(written: str) -> bool:
    return _scale(written) != 1.0


def _scale(written: str) -> float:
    found = re.search(r"(hundred|thousand|million|billion|mn|bn|[mk])$", written.lower().strip())
    return _SCALES[found[1]] if found else 1.0


def _date(parts: dict[str, str | None]) -> tuple[float, ...] | None:
    year, month, day = int(parts.get("year") or 0), parts.get("month") or "", int(parts.get("day") or 0)
    number = (
        int(month)
        if month.isdigit()
        else next((n for n, m in enumerate(_MONTHS, 1) if month and m.startswith(month.lower()[:3])), 0)
    )
    try:
        dt.date(year or 2024, number or 1, day or 1)
    except ValueError:
        return None
    return float(year), float(number), float(day)


def _time(parts: dict[str, str | None]) -> tuple[float, ...]:
    if parts.get("noon"):
        return (0.0 if (parts["noon"] or "").lower() == "midnight" else 12.0, 0.0)
    if parts.get("hour24"):
        return float(parts["hour24"] or 0), float(parts["minute24"] or 0)
    hour = int(parts["hour"] or 0) % 12 + (12 if (parts["half"] or "").lower() == "p" else 0)
    return float(hour), float(parts.get("minute") or 0)


def _unit(kind: Kind, parts: dict[str, str | None]) -> str:
    unit = (parts.get("unit") or "").lower().strip()
    if kind is Kind.MONEY:
        return {"pounds": "£", "euro": "€", "euros": "€", "dollars": "$", "": "£"}.get(unit, unit)
    if kind is Kind.PERCENT:
        return "point" if unit else ""
    return unit


def _in_base_units(
    parts: dict[str, str | None], low: tuple[float, ...], high: tuple[float, ...]
) -> tuple[str, tuple[float, ...], tuple[float, ...]]:
    unit, factor = _PERIODS[(parts["unit"] or "").lower()]
    kind = (parts.get("of") or "").lower()
    kind = {"business": "working"}.get(kind, kind)
    if kind in {"working", "sitting", "school", "clear"}:
        return f"{kind} {(parts['unit'] or '').lower()}", low, high
    return unit, (low[0] * factor,), (high[0] * factor,)


def agreement(claimed: Quantity, given: Quantity) -> Agreement:
    """How well what a claim says fits what a source says."""
    if claimed.kind is Kind.DATE and given.kind is Kind.DATE:
        return _dates_agree(claimed, given)
    if claimed.kind is not given.kind:
        return _across_kinds(claimed, given)
    if claimed.kind is Kind.REFERENCE:
        if claimed.unit != given.unit:
            return Agreement.OTHER_UNIT if claimed.low == given.low else Agreement.OTHER_KIND
        return Agreement.SAME if given.low[: len(claimed.low)] == claimed.low else Agreement.OTHER_VALUE
    same_value = _same_value(claimed, given)
    if claimed.kind in {Kind.DURATION, Kind.MONEY, Kind.PERCENT}:
        if claimed.unit != given.unit and not _same_length(claimed, given):
            same_number = claimed.text and _first_number(claimed.text) == _first_number(given.text)
            return Agreement.OTHER_UNIT if same_value or same_number else Agreement.OTHER_VALUE
        same_value = same_value or _same_length(claimed, given)
    if not same_value:
        return Agreement.OTHER_VALUE
    if claimed.per and given.per and claimed.per != given.per:
        return Agreement.OTHER_UNIT
    if given.per and not claimed.per:
        return Agreement.OTHER_BOUND
    return _bounds_agree(claimed.bound, given.bound)


def _across_kinds(claimed: Quantity, given: Quantity) -> Agreement:
    """A bare number can be one whose unit the claim leaves out, and the reverse."""
    plain = {Kind.COUNT, Kind.DURATION, Kind.PERCENT, Kind.MONEY}
    if Kind.COUNT in (claimed.kind, given.kind) and {claimed.kind, given.kind} <= plain:
        bare = claimed if claimed.kind is Kind.COUNT else given
        if not bare.unit and _first_number(claimed.text) == _first_number(given.text):
            return _bounds_agree(claimed.bound, given.bound)
    if {claimed.kind, given.kind} == {Kind.COUNT, Kind.DATE}:
        year = claimed if claimed.kind is Kind.DATE else given
        count = given if claimed.kind is Kind.DATE else claimed
        if year.low[1:] == (0, 0) and year.low[0] == count.low[0]:
            return Agreement.SAME
    return Agreement.OTHER_KIND


def _dates_agree(claimed: Quantity, given: Quantity) -> Agreement:
    if claimed.low != claimed.high or given.low != given.high:
        ends = {claimed.low[0], claimed.high[0]} <= {given.low[0], given.high[0]}
        return Agreement.SAME if ends else Agreement.OTHER_VALUE
    both = [(ours, theirs) for ours, theirs in zip(claimed.low, given.low, strict=True) if ours]
    if not all(theirs for _, theirs in both):
        known = [(ours, theirs) for ours, theirs in both if theirs]
        if not known:
            return Agreement.OTHER_KIND
        return Agreement.OTHER_UNIT if all(ours == theirs for ours, theirs in known) else Agreement.OTHER_VALUE
    return Agreement.SAME if all(ours == theirs for ours, theirs in both) else Agreement.OTHER_VALUE


def _same_value(claimed: Quantity, given: Quantity) -> bool:
    return claimed.low == given.low and claimed.high == given.high


_MINUTES = {"second": 1 / 60, "minute": 1.0, "day": 1440.0}


def _same_length(claimed: Quantity, given: Quantity) -> bool:
    """72 hours are 3 days."""
    if claimed.unit not in _MINUTES or given.unit not in _MINUTES:
        return False
    ours, theirs = _MINUTES[claimed.unit], _MINUTES[given.unit]
    return claimed.low[0] * ours == given.low[0] * theirs and claimed.high[0] * ours == given.high[0] * theirs


def _first_number(text: str) -> float | None:
    found = re.search(_NUMBER, text, re.IGNORECASE)
    return _value(found[0]) if found else None


_DOWN = {Bound.MOST, Bound.UNDER, Bound.WITHIN}
_UP = {Bound.LEAST, Bound.OVER}


def _bounds_agree(claimed: Bound, given: Bound) -> Agreement:
    if Bound.AFTER in (claimed, given):
        other = given if claimed is Bound.AFTER else claimed
        if other in {Bound.WITHIN, Bound.MOST, Bound.UNDER}:
            return Agreement.OPPOSITE_BOUND
        return Agreement.SAME if other in {Bound.AFTER, Bound.EXACT, Bound.OVER} else Agreement.OTHER_BOUND
    if claimed is given or {claimed, given} in ({Bound.EXACT, Bound.WITHIN}, {Bound.MOST, Bound.WITHIN}):
        return Agreement.SAME
    if (claimed in _DOWN and given in _UP) or (claimed in _UP and given in _DOWN):
        return Agreement.OPPOSITE_BOUND
    return Agreement.OTHER_BOUND
