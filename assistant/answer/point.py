"""What a question is after besides its topic, and how far a block meets it.

A block can be about what a question is about and still not answer it: it gives no sum where a sum is asked for, does not
say what "which template" names, lacks the words that set this question apart from others on the page. Pure text; knows
nothing of vectors, ranking or how the findings are weighed (`weighing`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answer.expected import Fact, Wanted, asked_for, holds
from assistant.grounding import may_stand_for, stems

_WORD = re.compile(r"[a-z0-9£%]+")
_SMALL = frozenset(
    "a about all also am an and any are as at be been being but by can could did do does for from had has have he"
    " her here his how i if in into is it its just me my no not of on or our she should so than that the their"
    " them then there they this to"
    " us was we were what when where which who will with would you your".split()
)
_GENERAL = frozenset(
    stems(
        (
            "able allow allowed always another ask asked best count counts current day do does doing done else ever"
            " exactly first get getting give given go going good got guide happen happens have kind know last let long"
            " made make many mean means much must need needs never new normally often old other own people person please"
            " put really right rule rules said say says shall someone something soon sort still take taken tell thing"
            " things think today told type use used using usually want wanted way work wrong yes might may now day"
            " actually anything somebody anyone persons"
        ).split()
    )
)
"""Words that stand in questions on anything: that they are met says nothing."""
_OF_GOVERNMENT = frozenset(
    stems(("civil department government guidance minister official servant servants service").split())
)
"""Words that stand in guidance on anything."""

_TO_THE_VERB = (
    r"do|does|did|is|are|was|were|should|shall|can|could|has|have|had|will|would|must|may|might|need|needs|apply|applies"
    r"|counts?|says?|wrote|covers?|sets?|signs?|chairs?|hears?|writes?|decides?|to|in|of|for|before|when|if"
)
_NAMED_BEFORE_VERB = re.compile(
    rf"\b(?:which|what|whose|how many)\s+((?:[\w'’-]+\s+){{0,4}}?[\w'’-]+)\s+(?:{_TO_THE_VERB})\b", re.IGNORECASE
)
_NAMED_AFTER_BE = re.compile(
    r"\b(?:what|who|where|which)(?:['’]s|\s+(?:is|are|was|were))\s+((?:the|a|an|my|our|your)\s+"
    r"(?:[\w'’-]+\s+){0,3}?[\w'’-]+)"
    r"(?=\s+(?:for|of|in|to|on|at|by|when|if|do|that|we|i|you|under|from|now|before|after|with)\b|\s*[?.,!]|\s*$)",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bwho\b", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:ministers?|secretar(?:y|ies)|officers?|officials?|chief executive|panel|committee|commission(?:er)?|authority"
    r"|departments?|treasury|police|courts?|teams?|managers?|lawyers?|offices?|person|board|speaker|adviser|ombudsman"
    r"|tribunal|councils?|service|agency|parliament|regulator|clerk|unit|judge|mps?|bod(?:y|ies)|organisations?|staff|people|anyone"
    r"|employers?|landlords?|owners?|parents?|applicants?|claimants?|partner|spouse|company|trustees?|hmrc|dwp)\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"\b[A-Z][A-Za-z]?[A-Z]+s?\b|\b[A-Z]{2,6}s?\b")
_JOINS = frozenset({"of", "and", "the", "for", "in", "to", "on"})
_LONGEST_ACRONYM = 5
_STEM_SHARED = 5  # letters from which two stems with the same beginning are of one word: "publish" and "publication"
_MET_BY = {"same": 1.0, "kin": 0.9, "synonym": 0.6}
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Point:
    """What a question is after.

    Attributes:
        wanted: The kind of fact.
        named: The stem of the thing that "which", "what" or "where is the" asks for; "" when it names none.
        words: Stems of the words that set it apart, in order; all its words when every one is general.
        acronyms: Those of them that are acronyms, lower case.
        asks_who: Whether it asks who.
    """

    wanted: Wanted
    named: str
    words: tuple[str, ...]
    acronyms: frozenset[str]
    asks_who: bool


@dataclass(frozen=True, slots=True)
class Met:
    """How far a block meets a point.

    Attributes:
        fact: Whether it holds the kind of fact; True when none is wanted.
        named: Whether it says what is named; True when nothing is.
        who: Whether it speaks of anybody; True when nobody is asked for.
        words: Share of the words that stand in it or its lead-in.
        placed: The same with the title of its page and the headings above it.
        own: Share of the words that the title does not hold, met in it, its lead-in or its headings; 1 when there is none.
        missing: How many words are met nowhere.
    """

    fact: bool
    named: bool
    who: bool
    words: float
    placed: float
    own: float
    missing: int


def apart(question: str) -> tuple[str, ...]:
    """Stems of the words that set a question apart from questions on anything, in order."""
    return tuple(word for word in dict.fromkeys(stems(_content(question))) if word not in _GENERAL)


def point_of(question: str) -> Point:
    """What a question is after."""
    acronyms = frozenset(match[0].rstrip("s").lower() for match in _ACRONYM.finditer(question))
    wanted = asked_for(question)
    return Point(
        wanted=wanted,
        named=_named(question),
        words=tuple(word for word in apart(question) if word not in _OF_GOVERNMENT)
        or tuple(dict.fromkeys(stems(_content(question)))),
        acronyms=acronyms,
        asks_who=bool(_WHO.search(question)),
    )


def met(point: Point, *, text: str, lead_in: str, headings: Sequence[str], title: str) -> Met:
    """How far a block meets a point.

    Args:
        point: What the question is after.
        text: The block.
        lead_in: What introduces it, "" when nothing does.
        headings: The headings above it.
        title: Of its page.
    """
    said = f"{lead_in} {text}".strip()
    in_block = _all_met(point, said)
    in_title = _all_met(point, title)
    placed = [max(one) for one in zip(in_block, in_title, _all_met(point, " ".join(headings)), strict=True)]
    own = [value for value, titled in zip(placed, in_title, strict=True) if titled < _ENOUGH]
    return Met(
        fact=not point.wanted or holds(said, point.wanted) or _counts_above(headings, point.wanted),
        named=not point.named or _met(point.named, _stems_of(said)) >= _ENOUGH,
        who=not point.asks_who or bool(_ROLE.search(said)),
        words=_mean(in_block),
        placed=_mean(placed),
        own=_mean(own),
        missing=sum(value < _ENOUGH for value in placed),
    )


def _counts_above(headings: Sequence[str], wanted: Wanted) -> bool:
    """True when a heading gives the number: "The three aims" above a list."""
    return wanted.fact is Fact.COUNT and any(holds(heading, wanted) for heading in headings)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0


def _all_met(point: Point, text: str) -> list[float]:
    """How far each word of a point is met in a text, from 0 to 1."""
    found = _stems_of(text)
    short = _initials(text) if point.acronyms else frozenset()
    return [1.0 if word in point.acronyms and word in short else _met(word, found) for word in point.words]


@lru_cache(maxsize=65536)
def _met(word: str, found: frozenset[str]) -> float:
    if word in found:
        return _MET_BY["same"]
    if len(word) >= _STEM_SHARED and any(
        len(other) >= _STEM_SHARED and other[:_STEM_SHARED] == word[:_STEM_SHARED] for other in found
    ):
        return _MET_BY["kin"]
    return _MET_BY["synonym"] if any(may_stand_for(word, other) for other in found) else 0.0


def _named(question: str) -> str:
    match = _NAMED_BEFORE_VERB.search(question) or _NAMED_AFTER_BE.search(question)
    words = _content(match[1]) if match else []
    return stems(words[-1:])[0] if words else ""


def _content(text: str) -> list[str]:
    plain = text.lower().replace("’", "'").replace("'s", "")
    return [word for word in _WORD.findall(plain) if word not in _SMALL and len(word) > 1]


@lru_cache(maxsize=16384)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(stems(_content(text)))


@lru_cache(maxsize=4096)
def _initials(text: str) -> frozenset[str]:
    """First letters of runs of words, as acronyms are made: "Subsidy Advice Unit" gives "sau"."""
    words = [word.lower() for word in re.findall(r"[A-Za-z]+", text)]
    letters = "".join(word[0] for word in words if word not in _JOINS)
    return frozenset(
        letters[start : start + length]
        for length in range(2, _LONGEST_ACRONYM + 1)
        for start in range(len(letters) - length + 1)
    )
