"""Finds what a text says must, should, may or must not be done, and what it denies, each with the word it is said of.

Knows nothing of claims or sources.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.grounding.words import Word, words


class Duty(StrEnum):
    """How binding a statement is."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    MUST_NOT = "must not"
    SHOULD_NOT = "should not"
    NEED_NOT = "need not"


DENYING = frozenset({Duty.MUST_NOT, Duty.SHOULD_NOT, Duty.NEED_NOT})


@dataclass(frozen=True, slots=True)
class Said:
    """A duty or denial: `head` is the stem of the word it is said of, "" at the end of a clause; `text` as written."""

    duty: Duty | None
    denied: bool
    head: str
    start: int
    end: int
    text: str


_ADVERBS = (
    "also|always|normally|usually|generally|only|still|then|therefore|either|never|both|all|each|now|first|however|in turn|"
    "in general|legally|ordinarily|automatically|immediately|at all times|at least|in most cases"
)
_BE = r"(?:is|are|be|was|were|being|been|'re|'s)"
_BE_NOT = r"(?:(?:is|are|be|was|were)(?: not|n't)|'re not|'s not|not)"
_FORMS: tuple[tuple[Duty, re.Pattern[str]], ...] = tuple(
    (duty, re.compile(rf"\b(?:{form})\b", re.IGNORECASE))
    for duty, form in (
        (
            Duty.NEED_NOT,
            r"(?:do|does|did|will|would)(?: not|n't) (?:need|have)(?: to)?|need(?: not|n't)|(?:has|have) no (?:need|duty|obligation) to"
            rf"|{_BE_NOT} (?:required|obliged|compelled|necessary|mandatory|compulsory|obligatory)(?: to)?|without having to"
            rf"|no need to|{_BE} (?:not under|under no) (?:a |an |any )?(?:duty|obligation) to",
        ),
        (
            Duty.MUST_NOT,
            r"must(?: not|n't| never)|must on no account|cannot|can not|can't|could not|couldn't|may(?: not| never)|shall(?: not|n't| never)"
            rf"|{_BE} (?:prohibited|forbidden|banned|barred|prevented) (?:from|to|by)|{_BE} (?:prohibited|forbidden|banned|unlawful|illegal)"
            rf"|{_BE_NOT} (?:be )?(?:allowed|permitted|able|entitled|authorised|eligible|free|lawful|to be)(?: to)?|{_BE} unable to|no right to"
            r"|(?:wo|would|do|does|did)(?:n't| not) (?:always |usually )?be (?:allowed|permitted|able|entitled|eligible)(?: to)?"
            r"|(?:will|would) not be (?:allowed|permitted|able|entitled|eligible)(?: to)?"
            r"|(?:an offence|a criminal offence|illegal|unlawful|against the law) to|stopped being|ceased to"
            r"|never|under no circumstances",
        ),
        (
            Duty.SHOULD_NOT,
            rf"should(?: not|n't| never)|ought not to|{_BE_NOT} (?:expected|advised|recommended|encouraged)(?: to)?|{_BE} discouraged from"
            r"|avoid(?:s|ed|ing)?|refrain(?:s|ed|ing)? from",
        ),
        (
            Duty.MUST,
            rf"must|shall|(?:will |'ll )?(?:has|have|having|need|needs|needed|had) to|{_BE} (?:legally |also )?(?:required|obliged|compelled|bound|mandated) to"
            rf"|{_BE} (?:mandatory|compulsory|obligatory|required)|{_BE} under (?:a|an) (?:legal )?(?:duty|obligation) to"
            r"|(?:has|have) (?:a|an) (?:legal |statutory )?(?:duty|obligation) to|it is (?:necessary|essential|mandatory|compulsory) to",
        ),
        (
            Duty.SHOULD,
            rf"should|ought to|{_BE} (?:expected|advised|recommended|encouraged|supposed) to|{_BE} (?:recommended|advisable|good practice|best practice)"
            r"|it is (?:good practice|best practice|advisable|recommended|sensible) to",
        ),
        (
            Duty.MAY,
            rf"may|can|might|could|{_BE} (?:allowed|permitted|able|entitled|authorised|eligible|free|optional)(?: to)?|(?:has|have) (?:a |the )?(?:right|option|power|discretion) to",
        ),
    )
)  # fmt: skip
_NOT = re.compile(
    r"\b(?:not|no|never|neither|nor|without|none|nobody|nothing|cannot|hardly|rarely)\b|n't\b|n’t\b", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"[,;:.!?()–—]|\b(?:but|and|or|if|unless|because|although|which|who|when|where)\b", re.IGNORECASE)
_SKIPPED = frozenset(f"be been being have has had get got to {_ADVERBS.replace('|', ' ')}".split())
_NOT_ONLY = re.compile(r"\s(?:only|just|least|later|more|less|fewer|earlier|exceed\w*)\b", re.IGNORECASE)
_MAY_THE_MONTH = re.compile(r"(?:\d{1,2}(?:st|nd|rd|th)?|in|by|since|until|of|from|to|and) $", re.IGNORECASE)


@lru_cache(maxsize=4096)
def said(text: str) -> tuple[Said, ...]:
    """Every duty and denial in a text, in order."""
    plain = text.replace("’", "'")
    found: list[Said] = []
    taken = [False] * len(text)
    all_words = words(text)
    for duty, form in _FORMS:
        for match in form.finditer(plain):
            if any(taken[match.start() : match.end()]):
                continue
            if (
                match[0] == "May"
                and match.start()
                and (_MAY_THE_MONTH.search(plain[: match.start()]) or plain[match.end() :][1:3].isdigit())
            ):
                continue
            taken[match.start() : match.end()] = [True] * len(match[0])
            head = _head(text, all_words, match.end())
            found.append(Said(duty, duty in DENYING, head, match.start(), match.end(), match[0]))
    for match in _NOT.finditer(plain):
        if any(taken[match.start() : match.end()]) or _NOT_ONLY.match(plain, match.end()):
            continue
        found.append(Said(None, True, _head(text, all_words, match.end()), match.start(), match.end(), match[0]))
    return tuple(sorted(found, key=lambda one: one.start))


def _head(text: str, all_words: Sequence[Word], start: int) -> str:
    """The first word after `start`, in its clause, that carries meaning."""
    ahead = _CLAUSE_END.search(text, start)
    end = ahead.start() if ahead and ahead.start() > start + 1 else len(text)
    for word in all_words:
        if start <= word.start < end and word.lower not in _SKIPPED and (word.is_content or word.lower in {"do", "under"}):
            return word.stem
    return ""
