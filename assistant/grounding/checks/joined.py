"""Does the guidance itself join what the claim joins: a thing with its purpose, time, reason, other name or conclusion?

Every part of such a claim may stand somewhere in the guidance, and the claim still be made up. Knows nothing of
single facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.conditions import conditions
from assistant.grounding.words import content, words

_OPENING = re.compile(
    r"^(?P<joint>in order to|to|before|after|once|when|until) (?P<rest>[^,;:]+), (?P<main>.+)$", re.IGNORECASE
)
_WITHIN = re.compile(
    r"^(?P<main>.+?),? \b(?P<joint>before|after|until|because|since|so that|in order to|given that"
    r"|which means|meaning(?: that)?"
    r"|to (?:see|check|find out|decide|confirm|make sure|ensure)(?: if| whether| that)?)\b (?P<rest>[^,;:]+)",
    re.IGNORECASE,
)
_PART = re.compile(r",? (?:and|or|but|then) |[;:]|, ")
_HELD, _TOPIC = 0.5, 0.67
"""Share of a part's words that a sentence must have to say it, and that title and headings must have to be about it."""


def loose_joints(claim: str, basis: Basis) -> Iterator[Fault]:
    """Purposes, times and reasons that the claim makes of what stands in another sentence."""
    if basis.nearly:
        return
    for form in (_OPENING, _WITHIN):
        if not (found := form.match(claim)):
            continue
        parts = _PART.split(found["main"])
        main = _stems(parts[0] if form is _OPENING else parts[-1])
        rest = _stems(found["rest"]) - main
        if not main or not rest:
            continue
        of_main = [_share(main, sentence) for sentence in basis.sentences]
        of_rest = [_share(rest, sentence) for sentence in basis.sentences]
        if any(min(both) >= _HELD for both in zip(of_main, of_rest, strict=True)):
            continue
        if found["joint"].lower() not in _IN_TIME and _share(rest, basis.about) >= _TOPIC:
            continue  # "to apply for a badge" on the page "Apply for a badge"
        if max(of_main) >= _HELD and max(of_rest) >= _HELD:
            yield Fault(
                "joint", True, f"the draft ties “{found['joint']} {found['rest']}” to this, the guidance says them apart"
            )
            return


_IN_TIME = frozenset({"before", "after", "until"})


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in content(text))


def _share(part: frozenset[str], text: str) -> float:
    return len(part & {word.stem for word in words(text)}) / len(part)


_CONCLUDES = re.compile(
    r"(?:\b(?:is|are|will be|can be)|['’](?:re|s|ll be)) (?:also |still |always |usually |not )?"
    r"(?P<word>eligible|entitled|exempt|liable|classified|classed|considered|treated|regarded)\b",
    re.IGNORECASE,
)
_HEDGED = r"\b(?:may|might|could|can sometimes) (?:also |still )?be "
_OPEN = r"\b(?:to be|if|whether|check|see if|being|not|who|which|that)\b[^.;:]{0,24} "
_AS_GOOD = {
    **dict.fromkeys(("eligible", "entitled"), "eligible entitled qualify qualifies can"),
    "exempt": "exempt exempted free excluded not",
    "liable": "liable must",
    **dict.fromkeys(
        ("classified", "classed", "considered", "treated", "regarded"),
        "classified classed considered treated regarded counts count",
    ),
}
"""What a conclusion may be drawn from: the same word, or one that says as much."""


def own_conclusions(claim: str, basis: Basis) -> Iterator[Fault]:
    """A case decided ("you are eligible") where the guidance says who may be, or what must be so."""
    if conditions(claim):
        return
    for found in _CONCLUDES.finditer(claim):
        word = found["word"].lower()
        named = re.search(rf"\b{word}\b", basis.anchor, re.IGNORECASE)
        if named and not re.search(f"(?:{_HEDGED}|{_OPEN}){word}\\b", basis.anchor, re.IGNORECASE):
            continue
        if named and re.search(f"(?:{_HEDGED}|{_OPEN}){word}\\b", claim, re.IGNORECASE):
            continue
        given = {one.lower for one in words(basis.anchor)}
        if not named and given & set(_AS_GOOD[word].split()):
            continue
        told = basis.anchor if not named else basis.anchor[max(0, named.start() - 16) : named.end()].partition(" ")[2]
        yield Fault("conclusion", True, f"the guidance says “{told[:120].strip()}”, the draft said “{found[0].strip()}”")
        return


_ASKER = re.compile(r"\b(?:I|[Mm]y|me|mine|myself)\b(?!-)")
_US = re.compile(r"\b(?:we|our|us|ours)\b", re.IGNORECASE)


def speaks_as_asker(claim: str, basis: Basis) -> Iterator[Fault]:
    """What the person said who asks ("my review was denied"), not what the guidance says."""
    for form in (_ASKER, _US):
        if (found := form.search(claim)) and not form.search(basis.text):
            yield Fault("asker", True, f"the draft speaks as the person who asks (“{found[0]}”), the guidance does not")
            return


_ALIAS = re.compile(
    r"\((?:also |sometimes |usually |now |formerly )*(?:known as|called|referred to as) (?:the |an? )?(?P<other>[^)]+)\)"
    r"|\b(?:also|sometimes|usually) (?:known as|called) (?:the |an? )?(?P<bare>[^,.;()]+)",
    re.IGNORECASE,
)
_QUOTES = " '‘’"
_NEAR = 2
"""Words before a name that tell what it is the name of."""


def other_names(claim: str, basis: Basis) -> Iterator[Fault]:
    """Something is given the name by which the guidance calls something else."""
    for ours in _ALIAS.finditer(claim):
        told = ours["other"] or ours["bare"]
        named = _before(claim, ours.start())
        same = [
            _before(text, match.start())
            for text in (*basis.sentences, basis.elsewhere)
            for match in _ALIAS.finditer(text)
            if _stems(told) & _stems(match["other"] or match["bare"])
        ]
        if same and named and not any(len(named & theirs) >= min(len(named), len(theirs)) for theirs in same):
            yield Fault("name", True, f"the guidance calls something else “{told.strip(_QUOTES)}”")
            return


def _before(text: str, end: int) -> frozenset[str]:
    return frozenset([word.stem for word in content(text) if word.end <= end][-_NEAR:])
