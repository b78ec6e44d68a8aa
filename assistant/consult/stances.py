"""Says whether a response agrees, and whether it brings evidence.

The answer to the closed question about agreement that belongs to the open one decides where there is one. Else plain words of
agreement do, and what is asked for by the verb of the question ("ban them now", "banning them won't help"); all else is unclear, which most responses are that argue and take no
side in so many words. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from assistant.consult.model import Column, ColumnKind

_HEDGED = re.compile(
    r"\b(?:could|would|might|can) (?:\w+ )?(?:agree|support|accept)\b[^.!?]*\bif\b|\bbefore you ask\b[^.!?]*|"
    r"\b(?:no|not any|cannot see the|can['’]t see the|without) objections?\b",
    re.I,
)
"""Words of agreement that take no side."""
_REFUSES = (
    r"\b(?:do|does|did|would|can|could|will)(?:n['’]t| ?not) (?:\w+ )?"
    r"(?:agree|support|accept|want (?:this|it)|see the (?:point|need))\b"
)
_AGREES = re.compile(
    r"^\W*(?:yes|yeah|agreed?|absolutely|definitely|support(?:ed)?|(?:good|great|excellent) idea|about time)\b(?! not)|"
    r"\b(?:i|we) (?:\w+ )?(?:agree|support|welcome|endorse|approve)\b|\bin favou?r of\b|\blong overdue\b|"
    r"\b(?:supports?|welcomes?) (?:this|the) (?:proposal|plan|ban|change|idea)s?\b|"
    r"\bshould (?:go ahead|happen)\b",
    re.I,
)
_DISAGREES = re.compile(
    rf"^\W*(?:no|nope|never|disagreed?|opposed?|(?:absolutely|definitely) not|(?:bad|terrible|awful) idea)\b(?=\W|$)(?! (?:one|more|\w+ing)\b)|"
    rf"{_REFUSES}|\b(?:i|we) (?:\w+ )?(?:disagree|oppose|object|reject)\b|\bagainst (?:this|the (?:proposal|plan|ban|idea|change))s?\b|"
    r"\bbad idea\b|\bunacceptable\b|\b(?:ridiculous|disgrace\w*|scandalous)\b|\bshould(?:n['’]t| not) (?:go ahead|happen)\b|"
    r"\bscrap (?:this|it|the (?:plan|proposal|idea))\b|\bleave (?:it|things) (?:alone|as)\b",
    re.I,
)
_ASKED = re.compile(r"\b(?:be|being|been)\s+(?:\w+ly\s+)?([a-z]{3,}?)(?:(?<=([b-df-hj-np-tv-z]))\2)?ed\b", re.I)
"""What the question would have done: "be completely banned"."""
_NOT = r"\b(?:not|no|never|nobody|without|against|oppos\w+|stop|instead of|rather than|nor|\w+n['’]t)\b"
_GAP = r"[^\w.!?]+"
"""Between two words of one sentence."""
_HARMS = (
    r"(?:won['’]t|will not|doesn['’]t|does not|isn['’]t|is not|hurts?|harms?|costs?|kills?|punish\w*|goes too far|"
    r"would (?:hurt|harm|cost|destroy|kill|be (?:wrong|unfair|a disaster))|wrong|unfair|excessive|extreme)"
)
_CLOSE = (
    r"(?:sons?|daughters?|child(?:ren)?|kids?|husband|wife|partner|mother|father|mum|dad|parents?|brothers?|sisters?|aunt|uncle|"
    r"grand\w+|nan|gran|friends?|neighbou?rs?|marriage|patients?|pupils?|students?|clients?|customers?|colleagues?|shop|business|"
    r"club|village|street|surgery|ward|\d+[ -]year[ -]olds?)"
)
"""Whom or what respondents speak of when they tell what they have seen."""
_EVIDENCE = re.compile(
    r"\d+(?:\.\d+)?\s?(?:%|per ?cent|million|billion|thousand|years?|months?|weeks?|days?|hours?|minutes?|miles?|km|people|patients|pupils|children|staff|"
    r"homes|jobs|cases|times)|£\s?\d|\b(?:19|20)\d\d\b|\b(?:study|studies|research|survey|report(?:ed)? by|according to|evidence (?:from|shows)|data|"
    r"statistics|figures|published|university|trial)\b|\b(?:I|we|my \w+|our \w+) (?:have |had |'ve )?(?:work(?:ed)?|liv(?:e|ed)|use[ds]?|lost|wait(?:ed)?|paid|"
    r"run|ran|was|were|started|experienced|saw|seen|cared|suffered)\b|\bfor example\b|\b(?:in|as) my (?:experience|job|role|work)\b|\b(?:as a|I am a) \w+|"
    rf"\b(?:my|our)\s+(?:[\w-]+\s+){{0,2}}{_CLOSE}\b|\b(?:lost|destroyed|ruined|saved|wrecked) (?:my|our)\b",
    re.I,
)


_MUCH = (
    r"(?:very |quite )?(?:strongly|tend(?:s|ed)? to|fully|partly|partially|somewhat|slightly|mostly|largely|mainly|generally|completely|totally|"
    r"entirely|broadly|moderately|mildly|firmly|wholly|definitely|probably|really|very much)"
)
_LIKE = rf"(?:i |we )?(?:am |are )?(?:{_MUCH} )?(?:%s)(?: {_MUCH}| in part| in principle| with (?:it|this|the .*)| to (?:it|this|the .*)| (?:it|this|the) ?.*)?[.!]?"
_FOR = re.compile(
    _LIKE % r"agree|support|supportive|approve|endorse|welcome|(?:in )?favou?r(?:able)?(?: of)?|for|positive", re.I
)
_AGAINST = re.compile(
    _LIKE
    % r"disagree|oppose|opposed|object|reject|against|disapprove|unsupportive|not in favou?r(?: of)?|unfavou?rable|negative|"
    r"(?:do not|don't) (?:agree|support|approve|welcome)",
    re.I,
)
_YES = re.compile(r"(?:yes|yeah|yep)(?:\W.*)?", re.I)
_NO = re.compile(r"(?:no|nope)(?:[^\w\s].*| *[–—-].*|,.*| (?:not|never|i |we |it |this |because).*)?", re.I)
_NEITHER = re.compile(
    r"(?:neither|neutral|not sure|unsure|undecided|no (?:strong |particular |firm )?(?:opinion|preference|view|feeling)s?|mixed|both|don'?t know|do not know|"
    r"don'?t mind|unclear|indifferent|no difference)\b.*",
    re.I,
)
_NOT_SAID = re.compile(
    r"(?:not answered|no answer|no response|no reply|prefer not to (?:say|answer)|skipped|n/?a|not applicable|no comment|-+)[.]?",
    re.I,
)
_NUMBERED = re.compile(r"^\(?\d{1,2}\)?\s*(?:[-–—.:)=]\s*)?(?=[a-z])")
"""The number before an answer of a scale: "5 - Strongly agree"."""
_ASKS_AGREEMENT = re.compile(
    r"\b(?:agree|favour|oppose|approve|in support of|object to)\b|\b(?:do|would|should|could) (?:you|we|your organisation) (?:\w+ )?(?:support|welcome|accept|"
    r"back|endorse|like|want|think|believe|consider)\b(?! (?:a |an )?(?:some(?:one|body)|family|person|child|yourself))|"
    r"\b(?:should|ought) (?:the|this|these|there|it|we|councils?|government)\b|\bposition on\b|\bin favour\b",
    re.I,
)
"""Headings whose answers yes and no take a side."""

_FEWEST_A_SIDE = 10
_SURE, _STRENGTH = 0.7, 3.0


class Position(StrEnum):
    """Where a respondent stands on the question."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNCLEAR = "unclear"


def position(text: str, *, asked: str = "") -> Position:
    """The position that a response takes in its own words.

    Args:
        text: The response.
        asked: The open question, which says what would be done.
    """
    plain = _HEDGED.sub(" ", text)
    against = len(_DISAGREES.findall(plain))
    favour = len(_AGREES.findall(re.sub(_REFUSES, " ", plain, flags=re.I)))
    for verb in dict.fromkeys(match[1].lower() for match in _ASKED.finditer(asked)):
        refused = re.search(
            rf"{_NOT}{_GAP}(?:\w+{_GAP}){{0,3}}?{verb}\w*|\b{verb}\w*\b(?:{_GAP}\w+){{0,5}}?{_GAP}{_HARMS}\b", plain, re.I
        )
        wanted = re.search(
            rf"(?:^|[.!;:,]\s+|\b(?:please|should|must|just|need to|complete|total|outright|full)\s+)"
            rf"(?:\w+ly\s+|be\s+)?{verb}(?!\w*ing\b)\w*\b",
            plain,
            re.I,
        )
        against, favour = against + bool(refused), favour + bool(wanted and not refused)
    if favour == against:
        return Position.UNCLEAR
    return Position.AGREE if favour > against else Position.DISAGREE


def closed_position(answer: str) -> Position | None:
    """What an answer to a closed question about agreement says; None where it says nothing of it, or was not given."""
    said = _NUMBERED.sub("", " ".join(answer.lower().replace("’", "'").split()))
    if not said or _NOT_SAID.fullmatch(said):
        return None
    if _NEITHER.fullmatch(said):
        return Position.UNCLEAR
    if _AGAINST.fullmatch(said) or _NO.fullmatch(said):
        return Position.DISAGREE
    return Position.AGREE if _FOR.fullmatch(said) or _YES.fullmatch(said) else None


def agreement_question(columns: Sequence[Column], open_number: int, values: Mapping[str, Collection[str]]) -> str | None:
    """The closed question that says where respondents stand on an open one.

    It is the nearest before the open question, or where there is but one of each, also one after it. A question whose
    answers are only yes and no counts where its heading asks for agreement ("Do you support"), and not where it asks who
    somebody is ("Are you a member?").

    Args:
        columns: Of the file, in its order.
        open_number: Which of the open questions, from 0.
        values: Different answers to each closed question.

    Returns:
        Its heading; None where there is none.
    """
    opened = [at for at, column in enumerate(columns) if column.kind is ColumnKind.OPEN]
    about = [
        at
        for at, column in enumerate(columns)
        if column.kind is ColumnKind.CLOSED and _is_about_agreement(column.name, values.get(column.name, ()))
    ]
    here = opened[open_number]
    since = opened[open_number - 1] if open_number else -1
    between = [at for at in about if since < at < here]
    if not between and len(about) == len(opened) == 1:
        between = about
    return columns[between[-1]].name if between else None


def _is_about_agreement(heading: str, answers: Collection[str]) -> bool:
    sides = [answer for answer in answers if closed_position(answer) in (Position.AGREE, Position.DISAGREE)]
    plain = [answer for answer in sides if not (_YES.fullmatch(answer.lower()) or _NO.fullmatch(answer.lower()))]
    return bool(plain) or bool(sides and _ASKS_AGREEMENT.search(heading))


def learnt_positions(
    vectors: npt.NDArray[np.floating], known: Mapping[int, Position], *, row: Mapping[int, int], wanted: Sequence[int]
) -> dict[int, Position]:
    """Positions of responses from those of others to the same question, which say it in a closed one.

    Args:
        vectors: Of all responses, shape `(responses, dimension)`.
        known: Positions by row of `vectors`.
        row: Of each place, its row.
        wanted: Places of the responses to be judged.

    Returns:
        By place: unclear below a probability of 0.7; empty where too few are known on either side to learn from.
    """
    sides = {at: said for at, said in known.items() if said is not Position.UNCLEAR}
    favour = sum(said is Position.AGREE for said in sides.values())
    if min(favour, len(sides) - favour) < _FEWEST_A_SIDE:
        return {}
    from sklearn.linear_model import LogisticRegression

    rows = list(sides)
    model = LogisticRegression(C=_STRENGTH, max_iter=300).fit(vectors[rows], [sides[at] is Position.AGREE for at in rows])
    agrees = model.predict_proba(vectors[[row[place] for place in wanted]])[:, 1]
    return {
        place: Position.AGREE if p >= _SURE else Position.DISAGREE if p <= 1 - _SURE else Position.UNCLEAR
        for place, p in zip(wanted, agrees.tolist(), strict=True)
    }


def is_evidence_rich(text: str) -> bool:
    """Whether a response brings facts, figures or the respondent's own experience, and not in passing."""
    found = _EVIDENCE.findall(text)
    return len(found) >= 2 or (len(found) == 1 and len(text.split()) >= 12)


_SIDE = re.compile(
    r"(?:(?:yes|yep|yeah|no|nope|nah|thanks?|you|i|we|fully|strongly|totally|completely|absolutely|definitely|agree[ds]?|disagree[ds]?|support(?:ed|s|ive)?|oppose[ds]?|object|do|not|"
    r"don['’]?t|with|to|of|this|the|these|that|it|in|favour|against|all|proposals?|plans?|idea|above|am|are|is|a|good|bad|great|very|much|please|"
    r"ok|okay|fine|happy|sure|same)\b[\s.,!;]*){1,10}",
    re.I,
)


def gives_no_reason(text: str) -> bool:
    """Whether a response takes a side and says nothing else: "Yes, I strongly support this"."""
    return _SIDE.fullmatch(text.strip()) is not None
