"""Says whether a response agrees, and whether it brings evidence.

A closed question's answer decides where there is one; else the response's own words do, which is a rule of thumb: docs and
evaluation say how good. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

_AGREES = re.compile(
    r"\b(?:yes|agree[ds]?|(?:fully |strongly )?support(?:s|ed|ive)?|in favour|welcome[sd]?|good idea|absolutely|definitely|approve|about time|"
    r"long overdue|should (?:go ahead|happen)|endorse)\b",
    re.I,
)
_DISAGREES = re.compile(
    r"\b(?:no\b[,.! ]|disagree[ds]?|oppos(?:e[ds]?|ed to|ition)|object(?:ion)?s?\b|against|reject|(?:do|does|did|would|can|could)(?:n['’]t| not|not) "
    r"(?:agree|support|accept|want|see the (?:point|need|problem))|bad idea|unacceptable|ridiculous|disgrace\w*|unnecessary|excessive|too extreme|"
    r"should(?:n['’]t| not) (?:go ahead|happen|be)|scrap|leave (?:it|things) (?:alone|as)|strongly against)\b",
    re.I,
)
_EVIDENCE = re.compile(
    r"\d+(?:\.\d+)?\s?(?:%|per ?cent|million|billion|thousand|years?|months?|weeks?|days?|hours?|minutes?|miles?|km|people|patients|pupils|children|staff|"
    r"homes|jobs|cases|times)|£\s?\d|\b(?:19|20)\d\d\b|\b(?:study|studies|research|survey|report(?:ed)? by|according to|evidence (?:from|shows)|data|"
    r"statistics|figures|published|university|trial)\b|\b(?:I|we|my \w+|our \w+) (?:have |had |'ve )?(?:work(?:ed)?|liv(?:e|ed)|use[ds]?|lost|wait(?:ed)?|paid|"
    r"run|ran|was|were|started|experienced|saw|seen|cared|suffered)\b|\bfor example\b|\b(?:in|as) my (?:experience|job|role|work)\b|\b(?:as a|I am a) \w+",
    re.I,
)


class Position(StrEnum):
    """Where a respondent stands on the question."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNCLEAR = "unclear"


def position(text: str, answers: Mapping[str, str]) -> Position:
    """The position of a response, from the closed question about agreement where there is one."""
    for answer in answers.values():
        said = answer.strip().lower()
        if re.fullmatch(r"(?:strongly |tend to |fully |partly |somewhat )?(?:agree|support|in favour)|yes\b.*", said):
            return Position.AGREE
        if re.fullmatch(r"(?:strongly |tend to |fully |somewhat )?(?:disagree|oppose|against)|no\b.*", said):
            return Position.DISAGREE
        if re.fullmatch(r"neither.*|neutral|not sure|unsure|don'?t know|unclear", said):
            return Position.UNCLEAR
    against, favour = len(_DISAGREES.findall(text)), len(_AGREES.findall(text))
    if favour == against:
        return Position.UNCLEAR
    return Position.AGREE if favour > against else Position.DISAGREE


def is_evidence_rich(text: str) -> bool:
    """Whether a response brings facts, figures or the respondent's own experience, and not in passing."""
    found = _EVIDENCE.findall(text)
    return len(found) >= 2 or (len(found) == 1 and len(text.split()) >= 12)


_SIDE = re.compile(
    r"(?:(?:yes|no|i|we|fully|strongly|totally|completely|absolutely|definitely|agree[ds]?|disagree[ds]?|support(?:ed|s|ive)?|oppose[ds]?|object|do|not|"
    r"don['’]?t|with|to|of|this|the|these|that|it|in|favour|against|all|proposals?|plans?|idea|above|am|are|is|a|good|bad|great|very|much|please|"
    r"ok|okay|fine|happy|sure|same)\b[\s.,!;]*){1,10}",
    re.I,
)


def gives_no_reason(text: str) -> bool:
    """Whether a response takes a side and says nothing else: "Yes, I strongly support this"."""
    return _SIDE.fullmatch(text.strip()) is not None
