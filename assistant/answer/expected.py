"""What kind of fact a question asks for, and whether a text holds one: "how long" wants a duration, "how much" money.

"How many members" wants a number of members: any other number is no answer. Pure text; knows nothing of ranking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.grounding import stems


class Fact(StrEnum):
    """Kinds of fact that can be told by their form."""

    CLOCK = "time of day"
    CONTACT = "number or address to turn to"
    AGE = "age"
    SHARE = "share"
    RATE = "rate"
    MONEY = "sum of money"
    FREQUENCY = "frequency"
    COUNT = "number of things"
    DURATION = "duration"
    NAME = "name of a person"
    DATE = "date"
    AMOUNT = "amount"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for.

    Attributes:
        fact: The kind of fact.
        counted: The stem of what "how many" counts, "" for other kinds.
    """

    fact: Fact
    counted: str = ""

    def __bool__(self) -> bool:
        return self.fact is not Fact.NONE


NOTHING = Wanted(Fact.NONE)

_UNITS = r"(?:minutes?|hours?|days?|weeks?|fortnights?|months?|years?)"
_KIND_OF_DAY = r"(?:working|calendar|clear|consecutive|full|whole|sitting|complete|further|more|extra|financial)"
_ASKS = {
    Fact.CLOCK: r"\b(?:what|which) time\b|\btime of day\b",
    Fact.CONTACT: r"\b(?:tele)?phone number\b|\bhelp ?line\b|\bhotline\b|\be-?mail address\b"
    r"|\b(?:what|which) number (?:do|does|should|can|to)\b|\bnumber to (?:call|ring)\b",
    Fact.AGE: r"\b(?:what|which) age\b|\bhow old\b",
    Fact.SHARE: r"\b(?:percentage|per ?cent|proportion|share) of\b|\bwhat percentage\b",
    Fact.RATE: r"\b(?:what|which)(?:(?:'s|’s| is| are) the)?(?: [\w-]+){0,2} rates?\b",
    Fact.MONEY: r"\bhow much (?!time|notice|longer|details?|information|work|effort|weight|regard|sooner|training|experience"
    r"|evidence|more detail|say)|\b(?:what|which)(?:'s|’s| is| are| was| does| do)?(?: [\w'’-]+){0,6} (?:costs?|fees?|price"
    r"|salary|pay|fine|charge|budget|wage|amount|cost limit|value|(?:financial )?penalty)\b|\bwhat (?:costs?|fees?)\b"
    r"|\bcosts? to\b|\bhow (?:big|large|high|heavy) (?:a |an |is the |are the )?(?:fine|fee|charge|grant|penalty|budget"
    r"|bonus|discount)|\bin pounds\b",
    Fact.FREQUENCY: r"\bhow (?:often|frequently|regularly)\b",
    Fact.COUNT: r"\bhow many\b|\bwhat number of\b",
    Fact.DURATION: r"\bhow (?:long|soon|quickly|fast|far ahead|much (?:longer|time|notice|sooner))\b|\btime ?limits?\b"
    r"|\bnotice period\b|\btime ?scale\b|\btime ?frame\b|\b(?:maximum|minimum|prison|jail) (?:sentence|period|term)\b"
    r"|\bsentence for\b|\blength of\b|\bin days\b",
    Fact.NAME: r"\bwho (?:wrote|invented|introduced|founded|designed|coined)\b|\bwho (?:is|was) (?:the |our )?"
    r"(?:current|present|new|first|last|latest|previous|former)\b|\bwho(?: is|'s|’s) the (?-i:[A-Z])"
    r"|\bwho (?:is|was)\b.*\b(?:now|at the moment|today)\b|\bname of the (?:person|current|present)\b",
    Fact.DATE: r"\bwhen\b|\bwhat (?:date|day)\b|\bwhich (?:date|day|year)\b|\bwhat year\b|\bdead ?lines?\b|\bdue date\b",
    Fact.AMOUNT: r"\bhow (?:much|high|large|big|tall|wide|fast|heavy)\b|\bwhat (?:amount|level|limit|size|speed)\b"
    r"|\bwhat temperature\b"
    r"|\bthresholds?\b|\bcosts?\b|\bfees?\b|\bprice\b",
}
_ASKS_OF = {fact: re.compile(pattern, re.IGNORECASE) for fact, pattern in _ASKS.items()}
_SMALL = r"of|the|these|those|such|our|your|my|their|its|a|an|in|on|at|to|for|with"
_COUNTED = re.compile(
    rf"\b(?:how many|what number of) (?:(?:more|other|different|{_KIND_OF_DAY}|{_SMALL}) )*"
    r"([a-z'’-]{1,40}(?: [a-z'’-]{1,40}){0,2})(?![a-z'’-])",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r".*[^s]s|people|staff|children|men|women|criteria|mps")
_AFTER_COUNTED = re.compile(
    r"(?:^| )(?:a|an|the|is|are|was|were|do|does|did|can|could|may|must|should|shall|will|would|have|has|had|of|in|on|at|to"
    r"|for|from|per|with|before|after|until|i|we|you|they|there|count|sit|get|make|need)\b.*",
    re.IGNORECASE,
)

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_CARDINAL = (
    r"(?:\d[\d,.]{0,20}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty"
    r"|hundred)"
)
_NUMBER = rf"(?:\d[\d,.]{{0,20}}(?:st|nd|rd|th)|{_CARDINAL}|a|an|each|every)"
_NUMBERED = re.compile(rf"\b{_CARDINAL}\b", re.IGNORECASE)
_FOLLOWING = 45  # characters after a number in which what it counts stands
_HOLDS = {
    Fact.CLOCK: r"\b\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?m\b|\bnoon\b|\bmidnight\b|\bo['’]clock\b|\b\d\d:\d\d\b",
    Fact.CONTACT: r"\S@\S|\b0\d{2,4}[ -]?\d{3,}|\b(?:999|101|111|112)\b|\b\d{4,}\b(?! (?:act|regulations?|order))",
    Fact.AGE: r"\bage[ds]?\b|\b(?:over|under|turns?|reach(?:es)?) (?:the age of )?\d+\b|\byears old\b"
    r"|\b\d+ or (?:over|older|under)\b",
    Fact.SHARE: r"\d\s?(?:%|per ?cent)|\b(?:half|a third|two thirds|a quarter|three quarters|a majority) of\b"
    r"|\bone in \w+\b",
    Fact.MONEY: r"[£€$]\s?\d|\d\s?p\b|\d (?:pence|pounds)\b|\bfree(?: of charge)?\b|\bno (?:charge|fee|cost)\b"
    r"|\b(?:not|cannot) charge\b",
    Fact.FREQUENCY: r"\b(?:each|every|once|twice|annual(?:ly)?|yearly|monthly|weekly|daily|quarterly|regularly|continu\w+)\b"
    rf"|\b(?:a|per) {_UNITS}\b|\b(?:times|intervals) \w+ ",
    Fact.DURATION: rf"\b{_NUMBER}(?:[ -]{_KIND_OF_DAY})*[ -]?{_UNITS}\b|\b(?:next|same|first|last) (?:working )?{_UNITS}\b"
    r"|\b(?:immediately|promptly|straight away|at once|annually|without (?:undue )?delay|indefinitely|permanent(?:ly)?"
    r"|for life|life (?:in prison|imprisonment)|no fixed|no later than)\b|\baged? \d+\b",
    Fact.RATE: r"\d\s?(?:%|per ?cent)",
    Fact.NAME: r"\b(?:Sir|Dame|Lord|Lady|Baroness|Mr|Mrs|Ms|Dr|Professor) (?-i:[A-Z])",
    Fact.DATE: rf"\b\d{{1,2}} (?:{_MONTHS})\b|\b(?:{_MONTHS}) (?:19|20)\d\d\b|\b(?:in|since|from) (?:19|20)\d\d\b"
    r"|\b(?:before|after|until|from|since|by|when|once|as soon as|deadline|during|at the (?:start|end|time))\b",
    Fact.AMOUNT: r"[£€$]\s?\d|\d\s?(?:%|per ?cent|p\b|°)|\b\d[\d,.]{0,20}\b",
}
_HOLDING: dict[Fact, re.Pattern[str]] = {
    fact: re.compile(pattern, re.IGNORECASE) for fact, pattern in _HOLDS.items() if fact is not Fact.COUNT
}
_ALSO = {Fact.DATE: Fact.DURATION, Fact.RATE: Fact.MONEY}
"""What answers as well: "when must it be sent?", "within 28 days"; "what rate applies?", "£25 an hour"."""

_TIME_PLACES = re.compile(r"\b(?:time|times|deadlines?|how long|periods?)\b", re.IGNORECASE)
_MONEY_PLACES = re.compile(
    r"\b(?:costs?|fees?|rates?|how much|limits?|thresholds?|charges?|amounts?|prices?)\b", re.IGNORECASE
)
_PLACES = {
    Fact.DURATION: _TIME_PLACES,
    Fact.DATE: re.compile(r"\b(?:when|dates?|deadlines?|time limits?)\b", re.IGNORECASE),
    Fact.MONEY: _MONEY_PLACES,
    Fact.SHARE: _MONEY_PLACES,
    Fact.RATE: _MONEY_PLACES,
    Fact.AMOUNT: _MONEY_PLACES,
}


def asked_for(question: str) -> Wanted:
    """The kind of fact a question asks for."""
    question = " ".join(question.split())
    fact = next((fact for fact, asks in _ASKS_OF.items() if asks.search(question)), Fact.NONE)
    if fact is not Fact.COUNT:
        return Wanted(fact)
    counted = _COUNTED.search(question)
    if counted is None:
        return Wanted(Fact.AMOUNT)
    phrase = _AFTER_COUNTED.sub("", counted[1]).lower().split()
    if not phrase:  # "How many do we need?" does not say of what
        return Wanted(Fact.AMOUNT)
    if re.fullmatch(_UNITS, phrase[0].rstrip("'’")):
        return Wanted(Fact.DURATION)
    several = [word for word in phrase if _SEVERAL.fullmatch(word)]
    return Wanted(Fact.COUNT, stems([(several or phrase[:1])[-1]])[0])


def holds(text: str, wanted: Wanted) -> bool:
    """True when the text holds a fact of that kind; never where none is wanted."""
    if not wanted:
        return False
    if wanted.fact is Fact.COUNT:
        return _counts(text, wanted.counted)
    also = _ALSO.get(wanted.fact)
    return bool(_HOLDING[wanted.fact].search(text) or (also and _HOLDING[also].search(text)))


def _counts(text: str, counted: str) -> bool:
    """True when a number stands shortly before what is counted: "two or more people"."""
    for number in _NUMBERED.finditer(text):
        following = re.findall(r"[a-z]+", text[number.end() : number.end() + _FOLLOWING].lower())[:5]
        if counted in stems(following):
            return True
    return False


def under(headings: Sequence[str], wanted: Wanted) -> bool:
    """True when the last heading says that such facts stand below it: "Time limits" for a duration."""
    place = _PLACES.get(wanted.fact)
    return bool(place and headings and place.search(headings[-1]))
