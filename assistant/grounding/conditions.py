"""Finds the conditions and exceptions in a sentence: what must hold for it to be true, and for whom it is not.

Knows nothing of claims or sources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.grounding.words import words


class Turn(StrEnum):
    """Which way a condition turns a sentence."""

    IF = "if"
    ONLY = "only"
    UNLESS = "unless"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: `text[start:end]` of the sentence are its words, the marker included."""

    turn: Turn
    start: int
    end: int
    text: str
    marker: str


_MARKERS = re.compile(
    r"\b(?P<only>only (?:if|when|where|in|for|after|once|to|with|by|on)|but only|if and only if|on condition that|on the condition that)\b"
    r"|\b(?P<unless>unless|except(?: (?:that|for|where|when|if|in|to|as|by))?|apart from|other than|excluding|with the exception of"
    r"|save (?:that|for|where|as)|but not(?: if| when| for| in| where)?|does not (?:apply|include|cover)|do not (?:apply|include|cover))\b"
    r"|\b(?P<if>if|provided(?: that)?|providing(?: that)?|as long as|so long as|subject to|in the event (?:of|that)|in cases? where"
    r"|in exceptional circumstances|until)\b"
    r"|(?:^|(?<=[,;:] ))(?P<where>where|when|once|in (?:England|Wales|Scotland|Northern Ireland|Great Britain)(?: and (?:England|Wales|Scotland))?)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[,;:.!?](?=\s|$)|\s[–—-]\s|\)|\bthen\b")
_MAIN = re.compile(
    r"\s(?=(?:you|they|it|we|he|she|(?:the|your|a|an|any|each) (?:\w+ )?\w+) (?:must|should|may|can|cannot|shall|will)\b)",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(r"\s(?=(?:unless|except|but not|but only)\b)", re.IGNORECASE)
_LEAST_WORDS = 3
"""Where a sentence opens with a condition and has no comma, its main clause begins with who must do what."""
_ASKS = re.compile(
    r"\b(?:ask|asked|see|check|know|decide|find out|wonder|whether or not|consider|tell us|unsure|sure|even|as|what)\s$",
    re.IGNORECASE,
)
_NOT_A_CONDITION = re.compile(
    r"if (?:any|necessary|possible|appropriate|applicable|relevant|needed|so)\b(?!\s\w+\s(?:is|are|of))", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def conditions(sentence: str) -> tuple[Condition, ...]:
    """The conditions of one sentence, in order."""
    found: list[Condition] = []
    for marker in _MARKERS.finditer(sentence):
        start = marker.start()
        if found and start < found[-1].end:
            continue
        kind = marker.lastgroup or "if"
        if kind == "if" and (_ASKS.search(sentence[:start]) or _NOT_A_CONDITION.match(sentence, start)):
            continue
        stop = _END.search(sentence, marker.end())
        if stop and not any(word.is_content for word in words(sentence[marker.end() : stop.start()])):
            stop = _END.search(sentence, stop.end())  # "if you, your partner or your children …"
        end = stop.start() if stop else len(sentence)
        if kind != "unless" and (exception := _EXCEPTION.search(sentence, marker.end(), end)):
            end = exception.start()  # "until we write to you unless your circumstances change": two conditions
        if not start:
            end = _main_clause(sentence, marker.end(), end)
        turn = {"only": Turn.ONLY, "unless": Turn.UNLESS}.get(kind, Turn.IF)
        found.append(Condition(turn, start, end, sentence[start:end].strip(), marker[0].lower()))
    return tuple(found)


def _main_clause(sentence: str, start: int, end: int) -> int:
    """Where the main clause begins behind an opening condition without a comma; `end` where none is seen."""
    for match in _MAIN.finditer(sentence, start, end):
        if len(sentence[start : match.start()].split()) >= _LEAST_WORDS:
            return match.start()
    return end
