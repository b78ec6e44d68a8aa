"""Is it done by whom the guidance says? Compares who stands before a verb that both claim and guidance have.

Somebody else whom the guidance names, or who was put in the place of whom it names, is a hard fault; somebody in the place
of "you" a soft one: they may be the same. Knows nothing of what is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.duties import said
from assistant.grounding.words import Word, words


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something, or to whom it is done.

    Attributes:
        text: As written.
        names: The words that tell who, in a form to be compared.
        verb: Stem of what is done.
        you: Whether the reader is spoken to.
        whose: Whether it is somebody of the reader's: "your employer".
        is_passive: Whether it is done to them.
    """

    text: str
    names: frozenset[str]
    verb: str
    you: bool
    whose: bool
    is_passive: bool


_SAME = (
    frozenset("employee staff worker official servant officer colleague".split()),
    frozenset("department organisation authority body council employer institution agency".split()),
    frozenset("firm business company trader supplier".split()),
    frozenset("person people individual anyone anybody someone everyone everybody customer".split()),
)
"""Words for what may be the same doer."""

_BREAK = re.compile(
    r"[,;:.!?()–—\n]|\b(?:if|unless|when|where|while|that|which|who|whom|whose|because|although|though|but|and|or|so|once|until|then)\b",
    re.IGNORECASE,
)
_PRONOUN = frozenset("it they he she this that these those them there one which who what each both".split())
_WILL = re.compile(r"\b(?:will|would)\b(?! not\b|n't)", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\s+(?:not |also |always |normally |usually |only |never |all |both )*(?:be|been|being|have|has)\b", re.IGNORECASE
)
_LINKED = re.compile(r"\b(?:of|for|in|on|at|from|under|with|to|about|by|within|after|before|during)\b", re.IGNORECASE)


def other_doers(claim: str, basis: Basis) -> Iterator[Fault]:
    """Somebody else does it than in the guidance."""
    theirs = [doer for sentence in basis.sentences for doer in doers(sentence)]
    for ours in doers(claim):
        same = [doer for doer in theirs if doer.verb == ours.verb and doer.is_passive == ours.is_passive]
        if not same:
            continue
        if alike := [doer for doer in same if _may_be_same(ours, doer, basis)]:
            told = {word.stem for word in words(claim)}
            if all(_narrower(doer, told) for doer in alike):
                yield Fault("roles", False, f"the guidance says this of “{alike[0].text}”")
            continue
        hard = any(_is_other(ours, doer, basis) for doer in same)
        yield Fault("roles", hard, f"the guidance says this of “{same[0].text}”, the draft of “{ours.text}”")
    yield from _changed_sides(claim, basis)


def doers(text: str) -> list[Doer]:
    """Who must, should, may or will do what, clause by clause."""
    found = []
    spans = sorted({(one.start, one.end, one.head) for one in said(text) if one.duty and one.head} | set(_will(text)))
    for start_of, end, head in spans:
        start = max((other for _, other, _ in spans if other <= start_of), default=0)
        for match in _BREAK.finditer(text, start, start_of):
            if match[0].lower() not in {"and", "or"} or start:  # "employees in England and Scotland can" is one subject
                start = match.end()
        if doer := _doer(text[start:start_of].strip(), head, is_passive=bool(_PASSIVE.match(text, end))):
            found.append(doer)
    return found


def _will(text: str) -> Iterator[tuple[int, int, str]]:
    """What will be done, with the word it is said of."""
    for match in _WILL.finditer(text):
        ahead = next((word for word in words(text[match.end() : match.end() + 60]) if _may_be_done(word)), None)
        if ahead:
            yield match.start(), match.end(), ahead.stem


def _may_be_done(word: Word) -> bool:
    is_adverb = word.lower.endswith("ly") and word.lower not in _VERBS_IN_LY
    return word.is_content and not is_adverb and word.lower not in {"able", "need"}


_VERBS_IN_LY = frozenset("apply reply supply comply rely imply multiply fly".split())


def _doer(subject: str, verb: str, *, is_passive: bool) -> Doer | None:
    last = words(subject)[-1:]
    if not last or last[0].lower in _PRONOUN:
        return None
    if last[0].lower in {"you", "we"}:
        return Doer(last[0].text, frozenset(), verb, you=True, whose=False, is_passive=is_passive)
    linked = _LINKED.search(subject)
    all_words = words(subject[: linked.start()] if linked and linked.start() else subject)
    lower = [word.lower for word in all_words]
    names = frozenset(_singular(word) for word in all_words if word.is_content)
    return Doer(subject, names, verb, you=False, whose="your" in lower, is_passive=is_passive) if names else None


def _narrower(doer: Doer, told: set[str]) -> bool:
    """Whether the guidance speaks of some only, by words that the claim has nowhere: "civil servants working abroad"."""
    if doer.you:
        return False
    return any(word.is_content and word.stem not in told for word in words(doer.text)[1:])


def _singular(word: Word) -> str:
    """A word as it is compared: "requesters" is not a request, so its ending stays, but for the plural's."""
    lower = word.lower
    return lower[:-3] + "y" if lower.endswith("ies") else lower.removesuffix("s") if not lower.endswith("ss") else lower


def _may_be_same(ours: Doer, theirs: Doer, basis: Basis) -> bool:
    if ours.you or theirs.you:
        other = theirs if ours.you else ours
        spoken_to = {_singular(word) for word in words(basis.about if ours.you else f"{basis.anchor}\n{basis.about}")}
        return (ours.you and theirs.you) or (bool(other.names) and not other.whose and other.names <= spoken_to)
    return bool(ours.names & theirs.names) or any(ours.names & group and theirs.names & group for group in _SAME)


def _is_other(ours: Doer, theirs: Doer, basis: Basis) -> bool:
    """Whether it is surely somebody else: "your employer" is not "you", and whom the page names elsewhere is another."""
    if ours.you or theirs.you:
        third = not ours.you and any(not one.you and one.names == ours.names for one in doers(basis.elsewhere))
        return ours.whose or theirs.whose or third
    known = {_singular(word) for word in words(f"{basis.text}\n{basis.elsewhere}")}
    return basis.nearly or ours.names <= known


_DOING = re.compile(r"^[a-z]{3,}s$")
_NO_VERB = frozenset(
    "is was has does this its his always perhaps thus across less unless rules days weeks months years".split()
)


def _changed_sides(claim: str, basis: Basis) -> Iterator[Fault]:
    """Who does something in the claim stands on the other side of the same verb in the guidance: "HMRC pays …"."""
    ours = words(claim)
    for place, verb in enumerate(ours):
        if not place or not _DOING.match(verb.text) or verb.lower in _NO_VERB or verb.text.endswith("ss"):
            continue
        before = _subject_before(claim, verb)
        for sentence in basis.sentences if before else ():
            same = [word for word in words(sentence) if word.lower == verb.lower]
            if len(same) != 1:
                continue
            their_before = _subject_before(sentence, same[0])
            after = {_singular(word) for word in words(sentence) if word.start > same[0].end and word.is_content}
            if their_before and not before & their_before and before <= after:
                told = sentence[: same[0].start].strip().rpartition(",")[2].strip()
                yield Fault(
                    "roles", True, f"the guidance says this of “{told}”, the draft of “{claim[: verb.start].strip()}”"
                )
                return


def _subject_before(text: str, verb: Word) -> frozenset[str]:
    breaks = [match.end() for match in _BREAK.finditer(text, 0, verb.start)]
    start = breaks[-1] if breaks else 0
    return frozenset(_singular(word) for word in words(text) if start <= word.start < verb.start and word.is_content)
