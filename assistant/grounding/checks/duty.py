"""Does the claim oblige, permit and deny what the guidance does?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents import CELL_SEPARATOR
from assistant.grounding.checks.basis import Basis, Fault, words_around
from assistant.grounding.duties import Duty, Said, said
from assistant.grounding.synonyms import may_stand_for
from assistant.grounding.words import content, words

_WEAKER = {Duty.MAY, Duty.SHOULD, Duty.NEED_NOT}


def other_duties(claim: str, basis: Basis) -> Iterator[Fault]:
    """Duties and denials that differ."""
    ours = said(claim)
    theirs = [(one, sentence) for sentence in basis.sentences for one in said(sentence)]
    claim_stems = {word.stem for word in words(claim)}
    given = {word.stem for word in words(basis.text)}
    met: set[Said] = set()
    for one in ours:
        same = [(other, sentence) for other, sentence in theirs if other.head == one.head and one.head]
        if not same and one.duty and _only(one, ours) and (basis.nearly or _is_alike(claim, basis.anchor)):
            same = [(other, sentence) for other, sentence in theirs if other.duty and _only(other, said(basis.anchor))]
        if same:
            met.update(other for other, _ in same)
            if not any(_agree(one, other) for other, _ in same):
                other, sentence = same[0]
                alike = _is_alike(claim, basis.anchor) or _alike(claim, one, sentence, other.head)
                hard = basis.nearly or alike or (one.denied != other.denied and _of_it(sentence, other))
                yield _binding(one, other, hard=hard)
        elif one.denied and (
            places := [sentence for sentence in basis.sentences if one.head in {word.stem for word in words(sentence)}]
        ):
            hard = basis.nearly or any(_alike(claim, one, sentence, one.head) for sentence in places)
            yield Fault("denial", hard, f"the draft said “{_phrase(claim, one)}”, the guidance does not deny it")
        elif one.duty is Duty.MUST and one.head in given and not _commanded(one.head, basis):
            yield Fault("duty", _only_tells(basis.anchor), f"the draft said “{one.text}”, the guidance does not")
        elif one.duty in {Duty.MUST, Duty.SHOULD} and one.head and not _is_known(one.head, given):
            yield Fault("duty", False, f"the draft said “{_phrase(claim, one)}”, the guidance does not")
    heads = {one.head for one in ours}
    denied = any(one.denied for one in ours)
    for position, other in enumerate(said(basis.anchor)):
        if other in met or not other.head or other.head in heads or other.head not in claim_stems:
            continue
        if other.denied and not denied:
            hard = basis.nearly or len(words_around(basis.anchor, other.start, other.end) & claim_stems) >= _ALIKE
            yield Fault("denial", hard, f"the guidance says “{other.text}”, the draft left that out")
        elif other.duty in _WEAKER and not any(one.duty for one in ours) and position == 0:
            yield Fault("duty", False, f"the guidance says “{other.text}”")


def _only_tells(sentence: str) -> bool:
    """Whether a sentence neither obliges nor permits, by itself or by what it leads into or heads."""
    is_part = sentence.endswith(":") or CELL_SEPARATOR in sentence
    return not is_part and not any(given.duty for given in said(sentence))


_ALIKE = 3
"""Words around a duty that a claim and a sentence must share to be taken to speak of the same thing."""


def _of_it(sentence: str, one: Said) -> bool:
    """Whether what is said there is said of "it" or "them", which a claim puts into words."""
    return bool(_PRONOUN.match(sentence, one.end))


_PRONOUN = re.compile(
    r"(?: [\w’'-]+){1,2}(?: (?:to|for|with|by|of|about))? (?:it|them|him|her|this|these|those)\b", re.IGNORECASE
)


def _is_alike(claim: str, sentence: str) -> bool:
    """Whether nearly all that a claim speaks of stands in the sentence."""
    ours = {word.stem for word in content(claim)}
    return len(ours & {word.stem for word in words(sentence)}) >= _NEARLY_ALL * len(ours)


_NEARLY_ALL = 0.75


def _only(one: Said, all_said: tuple[Said, ...]) -> bool:
    return [other for other in all_said if other.duty] == [one]


def _alike(claim: str, one: Said, sentence: str, head: str) -> bool:
    """Whether a duty is about the same in the sentence: words around it are shared, its head left aside."""
    ours = words_around(claim, one.start, one.end) - {head}
    near = [words_around(sentence, word.start, word.end) for word in words(sentence) if word.stem == head]
    return any(len(ours & theirs) >= _ALIKE for theirs in near or [frozenset(word.stem for word in content(sentence))])


def _agree(one: Said, other: Said) -> bool:
    if one.duty is other.duty:
        return True
    if one.duty is None or other.duty is None:  # "is not paid" beside "cannot be paid"
        return one.denied == other.denied
    return False


def _binding(one: Said, other: Said, *, hard: bool) -> Fault:
    kind = "denial" if one.denied != other.denied else "duty"
    return Fault(kind, hard, f"the guidance says “{other.text}”, the draft said “{one.text}”")


def _phrase(text: str, one: Said) -> str:
    return " ".join(text[one.start :].split()[: len(one.text.split()) + 2]).rstrip(".,;")


def _is_known(head: str, given: set[str]) -> bool:
    return head in given or any(may_stand_for(head, stem) for stem in given)


def _commanded(head: str, basis: Basis) -> bool:
    """Whether a sentence, or a part of it, begins with the word: "Tell HMRC …"."""
    return any(
        word.stem == head
        and (
            not (before := sentence[: word.start].rstrip())
            or before[-1] in ",;:.-–—)"
            or before.split()[-1].lower() in {"and", "or", "then", "please", "always", "not"}
        )
        for sentence in basis.sentences
        for word in words(sentence)
    )
