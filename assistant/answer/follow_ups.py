"""How a follow-up may be meant: questions of its own that it and the one before it make, by rule, the likeliest first.

"And for a breach?" asks of a breach what was asked before; "can we extend it?" says it of what that was about; "and if they
are late?" puts a condition to it. Which reading is right shows in what the search brings, of which this knows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answer.evidence import Candidate, Vector, content_words
from assistant.answer.phrases import Phrase, phrases, topics
from assistant.answer.point import apart, met, point_of
from assistant.search import focus

_LEANS_BACK = re.compile(
    r"\b(it|its|they|them|their|theirs|that|this|these|those|he|him|his|she|her|instead|otherwise|either|neither|former|latter)\b",
    re.IGNORECASE,
)
_ALWAYS_LEAN = re.compile(
    r"^(and|but|or|so|then|also|what about|how about|and if|even if|what else|anything else|in that case|(the )?same for)\b",
    re.IGNORECASE,
)
_IMPERSONAL = re.compile(  # an "it" or "that" that stands for nothing said before
    r"\b(is it (true|right|correct|ok|okay|legal|possible|necessary|allowed)( that)?|does it (take|cost) (\w+ ){0,3}to\b"
    r"|it is|so that|such that|say that|know that|think that|means that|^so (what|how|when|who|where|can|do|is))\b",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(
    r"^(in|for|with|without|under|after|before|to|at|on|by|from|if|when|why|how|where|who|which|what)\b", re.IGNORECASE
)
_WORD = re.compile(r"[A-Za-z0-9£%'’-]+")
_SHORT = 9  # words up to which a question may lean on the conversation by its sense
_MOST_TURNS = 3
_MOST_READINGS = 3
_WITHOUT = 0.02  # of a block's likelihood left when it holds nothing that the follow-up itself says; of .02, .1, .3 the best
_ALONE = 2  # words of its own from which a question with "and" before it is asked as it is
_POINTS_BACK = frozenset("one ones same else whi instead otherwis either".split())  # stems

_OPENS = re.compile(
    r"^(?:(?:ok(?:ay)?|right|yes|and|but|so|then|also|or)\b,?\s+)*(?:(?P<about>(?:what|how) about|(?:the )?same for)\s+)?",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^(?:(?:what|how about|even|what happens|what about)\s+)?(?P<rest>(?:if|unless|once"
    r"|(?:when|where)\s+(?:i|we|you|it|they|he|she|there|the|a|an|someone|somebody|my|our|their))\s+\S.*)$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"^(?:what|which|who|whom|whose|when|where|why|how|can|could|do|does|did|is|are|was|were|has|have|must|may|might|need|should"
    r"|shall|will|would|am|don't|doesn't|isn't|aren't|i|we|you|they|he|she|it)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"^(about|above|after|against|at|before|below|between|by|during|for|from|in|into|of|on|over|per|since|through|to|under|until"
    r"|with|within|without)\s+(?=\S)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:(?:this|that) one|it|they|them|(?:this|that|these|those|one)(?!\s+\w+\s+(?:is|are|do|does|for|in|of)\b))\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=\S)")
_POSSESSIVE = re.compile(r"^(?:its|their|his|her)\s+", re.IGNORECASE)
_ONE = re.compile(r"^(?:(?P<det>the|a|an)\s+)?(?P<kind>(?:[\w'’-]+\s+){0,3})ones?\b", re.IGNORECASE)


def leans_back(question: str) -> bool:
    """True when a question cannot be understood without the one before it: "and in Scotland?", "what if they are late?"."""
    question = _IMPERSONAL.sub("", question)
    words = _WORD.findall(question)
    if _ALWAYS_LEAN.match(question.strip()):
        return True
    if len(words) <= _SHORT and _LEANS_BACK.search(question):
        return True
    return len(words) <= 3 and bool(_FRAGMENT.match(question.strip()) or question.strip().endswith("?"))


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question.

    Attributes:
        question: As a question that stands alone.
        own: Stems of what a follow-up says that the conversation had not said; what answers it must hold them. Empty for a
            question that stands alone as it was asked.
        turn: When it is tried, from 0; the best of one turn counts, and later turns only when no earlier one is answered.
    """

    question: str
    own: tuple[str, ...] = ()
    turn: int = 0


def readings(question: str, earlier: Sequence[str]) -> tuple[Reading, ...]:
    """What a question may ask, the likeliest first; only as it is when nothing was said before.

    Args:
        question: As asked now, without courtesies.
        earlier: What the person said before it, without courtesies, oldest first.
    """
    before = _before(earlier)
    if not before:
        return (Reading(question),)
    own = _own(question, before)
    if not leans_back(question):
        turn = 0 if len(_WORD.findall(question)) <= _SHORT else 1
        return (Reading(question), *(Reading(one, own, turn) for one in _on_topic(question, _last_asked(before))))
    found: dict[str, Reading] = {}
    for turn, alike in enumerate(_completed(question, before)):
        for one in alike:
            found.setdefault(one, Reading(one, own, turn))
    return tuple(found.values())[:_MOST_READINGS]


def _last_asked(said: str) -> str:
    """The last sentence that asks."""
    return _SENTENCE_END.split(focus(said).strip())[-1]


def _completed(question: str, said: str) -> list[list[str]]:
    """What a question that leans back may ask, with what it leans on, turn by turn."""
    opening = _OPENS.match(question)
    rest = question[opening.end() :].strip() if opening else question
    together, before = f"{_closed(said)} {_closed(question)}", _last_asked(said)
    if condition := _CONDITION.match(rest):
        return [[_asking(f"{_bare(before)} {condition['rest']}")], [together]]
    if not content_words(rest) - _POINTS_BACK:
        return [[together]]
    if _CLAUSE.match(rest) and not (opening and opening["about"]):
        return [_filled(rest, before), _on_topic(rest, before) or [together]]
    return [_replaced(rest, before), [*_on_topic(rest, before), together]]


def with_own_words(reading: Reading, blocks: Sequence[Candidate], likely: Vector) -> Vector:
    """How likely each block is to be evidence, less so the less it holds of what the follow-up itself says."""
    if not reading.own:
        return likely
    point = replace(point_of(reading.question), words=reading.own)
    held = [
        met(point, text=one.text, lead_in=one.lead_in, headings=one.passage.headings, title=one.document.title).placed
        for one in blocks
    ]
    return np.asarray(likely * (_WITHOUT + (1 - _WITHOUT) * np.array(held)), dtype=np.float64)


def share_of_own_words(reading: Reading, shown: str, *, places: Sequence[str]) -> float:
    """How much of what the follow-up itself says is held by what would be shown; 1 when it says nothing of its own.

    Args:
        reading: Of the follow-up.
        shown: What would be quoted.
        places: The titles and headings it stands under.
    """
    if not reading.own:
        return 1.0
    point = replace(point_of(reading.question), words=reading.own)
    return met(point, text=shown, lead_in="", headings=places, title="").placed


def _before(earlier: Sequence[str]) -> str:
    """The question that a follow-up leans on: the last that stands alone, with what has taken its topic's place since."""
    chain: list[str] = []
    for message in reversed(earlier[-_MOST_TURNS:]):
        chain.append(message)
        if not leans_back(message):
            break
    before = chain.pop() if chain else ""
    for message in reversed(chain):
        rest = _OPENS.sub("", message, count=1).strip()
        if rest and not _CONDITION.match(rest) and not _CLAUSE.match(rest):
            before = next(iter(_replaced(rest, _last_asked(before))), before)
    return before


def _replaced(rest: str, before: str) -> list[str]:
    """The question before, with something else in the place of one of its noun phrases."""
    thing = _bare(rest)
    preposition = _PREPOSITION.match(thing)
    thing = thing[preposition.end() :] if preposition else thing
    joins = preposition[1].lower() if preposition else ""
    found = [phrase for phrase in phrases(before) if not phrase.asked]
    alike = [phrase for phrase in found if joins and phrase.after == joins]
    if joins and not alike and joins not in {"for", "about", "of"}:
        return [_asking(f"{_bare(before)} {joins} {thing}")]
    best = alike[-1:] or sorted(found, key=lambda phrase: _nearness(thing, phrase), reverse=True)
    return [before[: phrase.start] + _fitted(thing, phrase) + before[phrase.end :] for phrase in best[:2]]


def _nearness(thing: str, phrase: Phrase) -> tuple[int, int]:
    return len(content_words(thing) & content_words(phrase.text)), phrase.start


def _fitted(thing: str, phrase: Phrase) -> str:
    """What takes a phrase's place: "one from them" takes its last word along, "their gifts" whose they are."""
    possessive = _POSSESSIVE.match(thing)
    owner = re.match(r"(.*?\w['’]s|.*?s['’])\s", phrase.text)
    if possessive and owner:
        return f"{owner[1]} {thing[possessive.end() :]}"
    one = _ONE.match(thing)
    if one:
        noun = re.split(r"\s(?:of)\s", phrase.text)[0].split()[-1]
        article = one["det"] or ("" if one["kind"] else "a")
        return " ".join(f"{article} {one['kind']} {noun} {thing[one.end() :]}".split())
    return thing


def _filled(rest: str, before: str) -> list[str]:
    """The question with what the one before it is about in the place of its pronoun; as it is when it has none."""
    pronoun = _PRONOUN.search(rest)
    if not pronoun:
        return [_asking(rest)] if len(_own(rest, before)) >= _ALONE else []
    return [_asking(rest[: pronoun.start()] + about + rest[pronoun.end() :]) for about in topics(before)[:2]]


def _on_topic(question: str, before: str) -> list[str]:
    """The question's own words, under what the one before it is about."""
    about = [re.sub(r"^(?:a|an|the|our|my|your)\s+", "", one, flags=re.IGNORECASE) for one in topics(before)[:1]]
    return [_asking(f"{one}: {question}") for one in about]


def _own(question: str, before: str) -> tuple[str, ...]:
    """Stems of what a question says that the one before it does not."""
    return tuple(word for word in apart(question) if word not in {*apart(before), *_POINTS_BACK})


def _asking(text: str) -> str:
    return f"{text[0].upper()}{_bare(text[1:])}?"


def _bare(question: str) -> str:
    return question.strip().rstrip("?.! ")


def _closed(message: str) -> str:
    return message if message[-1] in ".?!" else f"{message}."
