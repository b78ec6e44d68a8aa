"""Does the claim reach further than the guidance: "all gifts" for gifts worth more than £140, the day for the day after?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.documents import CELL_SEPARATOR
from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.quantities import Agreement, Bound, Kind, agreement, quantities
from assistant.grounding.quoted import tail_of
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
    if told := tail_of(claim, basis.anchor):
        yield Fault("condition", False, f"the guidance goes on “{told[:_SHOWN]}”")
    yield from _thresholds(claim, basis)
    yield from _relations(claim, basis)
    yield from _comparators(claim, basis)
    yield from _other_page(claim, basis)
    yield from _any_amount(claim, basis)
    yield from _of_another_row(claim, basis)
    yield from _own_relations(claim, basis)
    yield from _for_each(claim, basis)
    yield from _either(claim, basis)
    yield from _which(claim, basis)


_SHOWN = 120
_OTHERWISE = re.compile(
    r"\b(?:if|when|unless|as soon as|because|while|before|after|until)(?: [\w’'-]+){0,3} $", re.IGNORECASE
)
"""Another word that places what follows it."""
_EACH = re.compile(r"\b(?:each|every|per) (?!cent\b|annum\b)(?P<what>[a-z]+)", re.IGNORECASE)
_OR = re.compile(r"\b(?P<word>and|or)\b(?! (?:over|above|under|older|younger|more|less|later|earlier)\b)", re.IGNORECASE)
_WHICH = (
    "full whole complete entire first second third last final new written main current previous same own married single "
    "disabled qualifying eligible certified original net gross"
)
_NOUN = re.compile(rf"\b(?P<which>{_WHICH.replace(' ', '|')}) (?P<what>[a-z]{{3,}})", re.IGNORECASE)


def _own_relations(claim: str, basis: Basis) -> Iterator[Fault]:
    """What is to come before or after ("tell us before you sell it"), where the guidance says something else ("if")."""
    theirs = {word.stem for word in words(basis.anchor)}
    lower = {word.lower for word in words(basis.anchor)}
    for match in _RELATION.finditer(claim):
        if match["word"].lower() not in {"before", "after", "until"}:
            continue
        end = _CLAUSE_END.search(claim, match.end())
        follows = [word for word in words(claim[match.end() : end.start() if end else len(claim)]) if word.is_content][:3]
        if not follows or lower & set(_AS_GOOD[match["word"].lower()].split()):
            continue
        if all(word.stem in theirs for word in follows):
            place = next(word.start for word in words(basis.anchor) if word.stem == follows[0].stem)
            hard = bool(_OTHERWISE.search(basis.anchor[:place]))
            yield Fault("order", hard, f"the draft said “{match[0]} {follows[0].text}”, the guidance does not")


def _for_each(claim: str, basis: Basis) -> Iterator[Fault]:
    """An amount for each of something, where the guidance gives it once."""
    if not quantities(claim):
        return
    given = {match["what"].lower() for text in (*basis.sentences, basis.about) for match in _EACH.finditer(text)}
    for match in _EACH.finditer(claim):
        if match["what"].lower() not in given and not re.search(rf"\ba {match['what']}\b", basis.anchor, re.IGNORECASE):
            yield Fault("quantity", True, f"the draft said “{match[0]}”, the guidance does not")


def _either(claim: str, basis: Basis) -> Iterator[Fault]:
    """One of two, where the guidance wants both."""
    theirs = [_beside(basis.anchor, match) for match in _OR.finditer(basis.anchor) if match["word"].lower() == "and"]
    for match in _OR.finditer(claim):
        pair = _beside(claim, match)
        if match["word"].lower() == "or" and all(pair) and pair in theirs:
            yield Fault("condition", True, f"the draft said “{match[0]}” where the guidance says “and”")


def _beside(text: str, match: re.Match[str]) -> tuple[str, str]:
    before = [word.stem for word in content(text) if word.end <= match.start()]
    after = [word.stem for word in content(text) if word.start >= match.end()]
    return (before[-1] if before else "", after[0] if after else "")


def _which(claim: str, basis: Basis) -> Iterator[Fault]:
    """A noun without the word that tells which of them: "each month" for "each full month"."""
    ours = [word.stem for word in words(claim)]
    for match in _NOUN.finditer(basis.anchor):
        which, what = (words(match[group])[0].stem for group in ("which", "what"))
        if what in ours and which not in ours and _follows_suit(basis.anchor, match, ours):
            yield Fault("condition", False, f"the guidance says “{match[0]}”")


def _follows_suit(anchor: str, match: re.Match[str], ours: list[str]) -> bool:
    """Whether the word before stands before the same noun in the claim, without the word that tells which."""
    before = [word.stem for word in words(anchor[: match.start()])][-1:]
    what = words(match["what"])[0].stem
    return any([one] == before and other == what for one, other in pairwise(ours))


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
