"""Does the claim reach further than the guidance: "all gifts" for gifts worth more than £140, the day for the day after?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents import CELL_SEPARATOR
from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.quantities import Agreement, Bound, Kind, agreement, quantities
from assistant.grounding.words import content, words

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
_FROM = re.compile(r" (?P<word>above|below|on top of) (?:the )?\w+(?: \w+)?", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;:.!?()–—]")


def wider_reach(claim: str, basis: Basis) -> Iterator[Fault]:
    """Thresholds that the claim leaves out, and the words that place one thing before or after another."""
    yield from _thresholds(claim, basis)
    yield from _relations(claim, basis)
    yield from _comparators(claim, basis)
    yield from _other_page(claim, basis)
    yield from _any_amount(claim, basis)
    yield from _of_another_row(claim, basis)


def _of_another_row(claim: str, basis: Basis) -> Iterator[Fault]:
    """A row stands for itself: what it is said of must all be in it."""
    if CELL_SEPARATOR not in basis.anchor:
        return
    known = {word.stem for word in words(f"{basis.anchor}\n{basis.about}")}
    strange = [word.text for word in content(claim) if word.stem not in known and not word.text[0].isdigit()]
    if strange:
        yield Fault("row", True, f"the row of the table does not say “{strange[0]}”")
    label, _, rest = claim.partition(": ")
    cell = basis.anchor.partition(CELL_SEPARATOR)[0]
    of_row = {word.stem for word in words(cell)}
    other = [word.text for word in content(label) if word.stem not in of_row] if rest else []
    if other and not {word.stem for word in content(label)} <= {word.stem for word in words(basis.about)}:
        yield Fault("row", True, f"the guidance says this of “{cell}”, the draft of “{label}”")
    for claimed in quantities(claim):
        if not any(agreement(claimed, given) is Agreement.SAME for given in quantities(f"{basis.anchor}\n{basis.about}")):
            yield Fault("row", True, f"“{claimed.text}” is not in that row of the table")


def _comparators(claim: str, basis: Basis) -> Iterator[Fault]:
    """What a rate or an amount is reckoned from: "8% above the base rate"."""
    ours = quantities(claim)
    for given in quantities(basis.anchor):
        behind = _FROM.match(basis.anchor, given.end)
        if not behind or given.kind not in {Kind.PERCENT, Kind.MONEY} or behind["word"].lower() in claim.lower():
            continue
        if any(agreement(claimed, given) >= Agreement.OTHER_BOUND for claimed in ours):
            yield Fault("quantity", False, f"the guidance says “{given.text}{behind[0]}”")


def _other_page(claim: str, basis: Basis) -> Iterator[Fault]:
    """What the claim speaks of is what another page is about, and nothing that it rests on is."""
    given = {word.stem for word in words(f"{basis.text}\n{basis.about}\n{basis.elsewhere}")}
    others = {word.stem for word in content(basis.other_pages)}
    strange = [word for word in content(claim) if word.stem in others and word.stem not in given]
    if strange:
        told = basis.about.partition("\n")[0]
        yield Fault("page", bool(told), f"the guidance says this of “{told}”, the draft of “{strange[0].text}”")


def _any_amount(claim: str, basis: Basis) -> Iterator[Fault]:
    """Any spending, of spending up to a limit."""
    every = says_every(claim, basis.anchor)
    if every.lower() not in {"any", "all", "every"} or quantities(claim):
        return
    for given in quantities(basis.anchor):
        if given.bound in {Bound.MOST, Bound.UNDER, Bound.OVER, Bound.LEAST} and given.kind is Kind.MONEY:
            yield Fault("condition", True, f"the guidance says “{given.text}”, the draft said “{every}”")


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
