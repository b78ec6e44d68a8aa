"""Does the guidance itself say what the claim says, or only speak of it: as a myth, a proposal, a question, the past?

Also: how often and how surely. Knows nothing of what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.words import STOP_WORDS, content, words

_ONLY_SPOKEN_OF = re.compile(
    r"\b(?:(?:do not|don['’]t|never|should not|must not) (?:assume|think|believe|expect|suppose|rely)|myths?"
    r"|misconceptions?"
    r"|mistakenly|wrongly|falsely|whether|argu(?:ed?|es|ing)|claim(?:ed|s) that|alleg(?:ed?|es)|critics"
    r"|ask(?:s|ed|ing)?(?=(?: [\w’'-]+){1,6}? (?:to|if)\b)"  # "ask your council to assess": that it will is not said
    r"|propos(?:ed?|es|al|als|ing)|consult(?:ed|ing|ation)|unlikely|doubtful|asked|suggest(?:ed|s) that|used to"
    r"|previously|formerly"
    r"|in the past|until recently|old rules?|no longer|(?:no|not any|without|lack of) evidence"
    r"|(?:was|were|been) (?:abolished|repealed|revoked|withdrawn)|plan(?:s|ned)? to|would have|pretend(?:s|ed)?"
    r"|hypothetical)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:nobody|no one|none of|neither|nothing|no (?:\w+ )?\w+ (?:may|can|must|should|is|are|will))\b", re.IGNORECASE
)
_SOME = re.compile(
    r"\b(?:some|most|many|few|several|certain|usually|normally|generally|often|sometimes|occasionally|rarely|typically"
    r"|in some cases|in most cases|may be able to|might be able to|likely|about|around|approximately|roughly|nearly"
    r"|almost)\b",
    re.IGNORECASE,
)
_MOSTLY, _NEARLY_SO = (
    "usually normally generally typically often most",
    "about around approximately roughly nearly almost some",
)
_AS_SURE = {word: group for group in (_MOSTLY, _NEARLY_SO) for word in group.split()}
"""Words that say as much as each other."""
_ALWAYS = re.compile(r"\b(?:always|all|every|each|never|in all cases|definitely|certainly)\b", re.IGNORECASE)
_PERHAPS = frozenset({"may be able to", "might be able to", "in some cases", "in most cases"})
"""Words that matter also where the claim says it in other words."""
_FOLLOWS, _ALIKE = 0.6, 0.75


def only_spoken_of(claim: str, basis: Basis) -> Iterator[Fault]:
    """Words of the guidance that take back, limit or doubt what the claim says outright."""
    ours = {word.stem for word in words(claim)}
    said = {word.stem for word in content(claim)}
    if basis.anchor.endswith("?"):
        yield Fault("frame", True, "the guidance asks this and does not say it")
        return
    for form in (_ONLY_SPOKEN_OF, _NOBODY):
        for match in form.finditer(basis.anchor):
            if {word.stem for word in content(match[0]) or words(match[0])} & ours or not said:
                continue
            behind = {word.stem for word in content(basis.anchor[match.end() :])}
            around = {word.stem for word in content(basis.anchor[: match.start()])} | behind
            governed = behind if match[0].lower() not in _ANYWHERE else around
            if len(said & governed) >= _FOLLOWS * len(said):
                yield Fault("frame", True, f"the guidance says “{_told(basis.anchor, match)}”")
                return
    given = {word.stem for word in words(basis.anchor)}
    for match in _SOME.finditer(basis.anchor):
        told = match[0].lower()
        if (
            not (basis.nearly or (told in _PERHAPS and len(said & given) >= _ALIKE * len(said)))
            or told in claim.lower()
            or any(re.search(rf"\b{word}\b", claim, re.IGNORECASE) for word in _AS_SURE.get(told, "").split())
        ):
            continue
        behind = {word.stem for word in content(basis.anchor[match.end() :])[:3]}
        if behind & said:
            sure = _ALWAYS.search(claim)
            known = sure and re.search(rf"\b{sure[0]}\b", basis.anchor, re.IGNORECASE)
            yield Fault("frame", bool(sure and not known), f"the guidance says “{match[0]}”")
            return


def surer(claim: str, basis: Basis) -> Iterator[Fault]:
    """What only may be so ("you might not get it") told as certain ("you will not get it")."""
    for match in _MAYBE.finditer(basis.anchor):
        if len(match["what"]) <= _SHORT or match["what"].lower() in STOP_WORDS:
            continue
        flat = re.search(rf"\b(?:will|is|are|does|do){_ADVERBS} {re.escape(match['what'])}\b", claim, re.IGNORECASE)
        if flat and not any(ours["what"].lower() == match["what"].lower() for ours in _MAYBE.finditer(claim)):
            yield Fault("frame", False, f"the guidance says “{match[0]}”, the draft said “{flat[0]}”")
            return


_ADVERBS = r"(?: (?:not|be|also|still|only|even))*"
_MAYBE = re.compile(rf"\b(?:might|may|could){_ADVERBS} (?P<what>[a-z]+)", re.IGNORECASE)
_SHORT = 2


_ANYWHERE = frozenset(
    {"unlikely", "doubtful", "no longer", "previously", "formerly", "in the past", "until recently", "used to"}
)


def _told(sentence: str, match: re.Match[str]) -> str:
    """The words with some of those around them."""
    after = " ".join(sentence[match.end() :].split()[:4])
    return f"{match[0]} {after}".strip(" .,;:")
