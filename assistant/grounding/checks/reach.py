"""Does the claim reach further than the guidance: "all gifts" for gifts worth more than £140, the day for the day after?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.quantities import Agreement, agreement, quantities
from assistant.grounding.words import words

EVERY = re.compile(
    r"\b(?:all|every|any|each|always|never|in all cases|whatever|regardless|no matter|whenever"
    r"|everyone|anyone|everybody|anybody)\b",
    re.IGNORECASE,
)
_THRESHOLD = re.compile(
    r"\b(?:worth|valued at|cost(?:s|ing)?|earn(?:s|ing)?|aged|exceed(?:s|ing)|value of)\b", re.IGNORECASE
)
_RELATION = re.compile(r"\b(?P<word>after|before|until|since|following)\b(?! (?:that|this|all|which)\b)", re.IGNORECASE)
_AS_GOOD = {
    "after": "after following since from once when upon later of",
    "following": "after following since from once when upon later of",
    "since": "after following since from once when",
    "before": "before prior until till by advance earlier ahead",
    "until": "before until till by to up",
}
_CLAUSE_END = re.compile(r"[,;:.!?()–—]")


def wider_reach(claim: str, basis: Basis) -> Iterator[Fault]:
    """Thresholds that the claim leaves out, and the words that place one thing before or after another."""
    yield from _thresholds(claim, basis)
    yield from _relations(claim, basis)


def says_every(claim: str, anchor: str) -> str:
    """The word by which a claim speaks of all cases where the sentence does not, "" for none."""
    known = {match[0].lower() for match in EVERY.finditer(anchor)}
    return next((match[0] for match in EVERY.finditer(claim) if match[0].lower() not in known), "")


def _thresholds(claim: str, basis: Basis) -> Iterator[Fault]:
    ours = quantities(claim)
    for given in quantities(basis.anchor):
        opens = _THRESHOLD.search(basis.anchor, max(0, given.start - 12), given.start + 3)
        if not opens or any(agreement(claimed, given) >= Agreement.OPPOSITE_BOUND for claimed in ours):
            continue
        told = f"{opens[0]} {given.text}" if opens.end() <= given.start else given.text
        every = says_every(claim, basis.anchor)
        reason = f"the guidance says “{told}”" + (f", the draft said “{every}”" if every else "")
        yield Fault("condition", bool(every), reason)


def _relations(claim: str, basis: Basis) -> Iterator[Fault]:
    ours = words(claim)
    lower, ours_stems = {word.lower for word in ours}, {word.stem for word in ours}
    for match in _RELATION.finditer(basis.anchor):
        end = _CLAUSE_END.search(basis.anchor, match.end())
        told = basis.anchor[match.end() : end.start() if end else len(basis.anchor)]
        follows = [word for word in words(told) if word.is_content][:3]
        if not follows or lower & set(_AS_GOOD[match["word"].lower()].split()):
            continue
        if all(word.stem in ours_stems for word in follows):
            last = follows[-1].end
            yield Fault("order", False, f"the guidance says “{match[0]}{told[:last]}”")
