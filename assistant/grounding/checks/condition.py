"""Does the claim keep the conditions and exceptions of the sentence it rests on, and add none?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.checks.reach import says_every
from assistant.grounding.conditions import Condition, Turn, conditions
from assistant.grounding.words import content, words

_COVERED, _KNOWN = 0.5, 0.5
"""Share of a condition's words that a claim must have to keep it, and that the passages must have for a claim to set it."""
_NEGATIVE = re.compile(
    r"\b(?:not|no|never|without|cannot|nor)\b(?! (?:more|less|fewer|later|earlier|longer|exceeding)\b)|n['’]t\b",
    re.IGNORECASE,
)
_EVEN = re.compile(
    r"\b(?:even if|even when|whether or not|regardless of|including|irrespective of|despite)\b", re.IGNORECASE
)
_ONLY = re.compile(
    r"\b(?:only|solely|exclusively|just|nobody else|no one else|limited to|restricted to|sole)\b", re.IGNORECASE
)


def other_conditions(claim: str, basis: Basis) -> Iterator[Fault]:
    """Conditions left out, turned round or added."""
    claimed = {word.stem for word in content(claim)}
    ours = conditions(claim)
    for given in conditions(basis.anchor):
        told = basis.anchor[given.start + len(given.marker) : given.end]
        wanted = {word.stem for word in content(told)}
        if not wanted:
            continue
        kept = len(wanted & claimed) / len(wanted)
        is_set = any(wanted & {word.stem for word in content(one.text)} for one in ours)
        if kept < (_COVERED if is_set else 1) or ("follow" in wanted and "follow" not in claimed):
            every = says_every(claim, basis.anchor)
            reason = f"the guidance adds “{given.text}”" + (f", the draft said “{every}”" if every else "")
            yield Fault("condition", bool(every) and kept < _COVERED, reason)
        elif turned := _turned(given, told, ours, claim):
            yield turned
        elif dropped := _dropped_half(told, claimed):
            yield Fault("condition", False, f"the guidance adds “and {dropped}”")
    theirs = conditions(basis.text)
    around = {word.stem for word in words(f"{basis.about}\n{basis.elsewhere}")}
    for one in ours:
        about = {word.stem for word in content(one.text)}
        rest = {word.stem for word in content(basis.text)}
        if about and len(about & (rest | around)) / len(about) < _KNOWN:
            yield Fault("condition", True, f"the draft said “{one.text}”, the guidance does not")
        elif about and not basis.nearly and _is_tied(about, claimed, basis):
            yield Fault("condition", True, f"the draft ties “{one.text}” to this, the guidance says them apart")
        elif about and one.turn is Turn.UNLESS and len(about & rest) / len(about) >= 0.8 and not theirs:
            yield Fault("condition", True, f"the draft said “{one.text}”, the guidance makes no such exception")
    if _ONLY.search(_without_conditions(basis.anchor)) and not _ONLY.search(claim) and "not only" not in basis.anchor:
        yield Fault("condition", False, "the guidance says “only”")
    elif _ONLY.search(claim) and not _ONLY.search(basis.text) and "not only" not in claim:
        yield Fault("condition", False, "the draft said “only”, the guidance does not")


def _lead_on(sentences: tuple[str, ...]) -> bool:
    """Whether one of them leads into another, which then begins with its words."""
    leads = [sentence.rstrip(": ") for sentence in sentences if sentence.endswith(":")]
    return any(other.startswith(lead) and other.rstrip(": ") != lead for lead in leads for other in sentences)


def _dropped_half(told: str, claimed: set[str]) -> str:
    """The part of a condition of several ("longer than 6 months and your details change") that a claim leaves out."""
    halves = [(half, {word.stem for word in content(half)}) for half in _AND.split(told)]
    held = [len(stems & claimed) / len(stems) if stems else 1.0 for _, stems in halves]
    if len(halves) < 2 or max(held) < _COVERED:
        return ""
    left_out = (
        half for (half, stems), share in zip(halves, held, strict=True) if len(stems) >= _CLAUSE and share < _COVERED
    )
    return next(left_out, "").strip()


_AND = re.compile(r"\band\b", re.IGNORECASE)
_CLAUSE = 2
"""Fewest words of a half that says something of its own."""


def _is_tied(condition: set[str], claimed: set[str], basis: Basis) -> bool:
    """Whether a condition and what the claim says on it come from two sentences, neither of which leads into the other."""
    main = claimed - condition
    if not main or not basis.further or _lead_on(basis.sentences):
        return False
    anchor = {word.stem for word in words(basis.anchor)}
    return min(len(condition & anchor) / len(condition), len(main & anchor) / len(main)) < _COVERED


def _up_to_last(text: str, wanted: set[str]) -> str:
    """The text up to the last of the words wanted: what follows may be no part of the condition any more."""
    return text[: max((word.end for word in words(text) if word.stem in wanted), default=0)]


def _without_conditions(sentence: str) -> str:
    for given in reversed(conditions(sentence)):
        sentence = sentence[: given.start] + sentence[given.end :]
    return sentence


def _turned(given: Condition, told: str, ours: tuple[Condition, ...], claim: str) -> Fault | None:
    """The claim holds the words of the condition but turns it the other way."""
    wanted = {word.stem for word in content(told)}
    shared = {one: len(wanted & {word.stem for word in content(one.text)}) for one in ours}
    most = max(shared.values(), default=0)
    same = [one for one in ours if most and shared[one] == most]
    hard = Fault("condition", True, f"the guidance says “{given.text}”, the draft turned that round")
    for one in same:
        differs = (one.turn is Turn.UNLESS) != (given.turn is Turn.UNLESS)
        ours_told = _up_to_last(one.text[len(one.marker) :], wanted)
        parity = len(_NEGATIVE.findall(ours_told)) % 2 != len(_NEGATIVE.findall(told)) % 2
        if differs != parity:
            return hard
        if given.turn is Turn.ONLY and one.turn is not Turn.ONLY and not _ONLY.search(claim):
            return Fault("condition", False, f"the guidance says “{given.marker}”")
    if not same and _EVEN.search(claim) and not _EVEN.search(given.text):
        return hard
    if not same and given.turn is Turn.UNLESS and not _NEGATIVE.search(claim):
        return hard
    return None
