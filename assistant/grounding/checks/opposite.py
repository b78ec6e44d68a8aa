"""Does the claim say the opposite of a word that the guidance has in the same place?"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.duties import said
from assistant.grounding.opposites import OPPOSITES, Opposite
from assistant.grounding.words import Word, words


def opposites(claim: str, basis: Basis) -> Iterator[Fault]:
    """Words that say the opposite."""
    ours, theirs = words(claim), [words(sentence) for sentence in basis.sentences]
    for opposite in OPPOSITES:
        for here in _places(opposite.one, ours):
            neighbours = _neighbours(ours, here, len(opposite.one))
            if any(
                neighbours & _neighbours(sentence, place, len(opposite.one)) or _bare(neighbours)
                for sentence in theirs
                for place in _places(opposite.one, sentence)
            ):
                continue  # it stands there too
            for sentence in theirs:
                places = _places(opposite.other, sentence)
                if any(neighbours & _neighbours(sentence, place, len(opposite.other)) for place in places):
                    if _denied_at(claim, ours[here]) != _denied_at_any(sentence, places, basis):
                        break
                    yield _opposed(opposite)
                    break


def _opposed(opposite: Opposite) -> Fault:
    return Fault(
        "opposite", True, f"the guidance says “{' '.join(opposite.other)}”, the draft said “{' '.join(opposite.one)}”"
    )


def _bare(neighbours: frozenset[str]) -> bool:
    return not neighbours


def _places(phrase: tuple[str, ...], text: tuple[Word, ...]) -> list[int]:
    size = len(phrase)
    return [
        n
        for n in range(len(text) - size + 1)
        if text[n].lower == phrase[0]
        and tuple(word.lower for word in text[n : n + size]) == phrase
        and not (n and phrase[0] in _BOUNDS and text[n - 1].lower in {"no", "not"})
    ]


_BOUNDS = frozenset("more less fewer later earlier longer shorter".split())


def _neighbours(text: tuple[Word, ...], place: int, size: int) -> frozenset[str]:
    before = [word.stem for word in text[max(0, place - 4) : place] if word.is_content][-2:]
    after = [word.stem for word in text[place + size : place + size + 4] if word.is_content][:2]
    return frozenset((*before, *after))


def _denied_at(text: str, word: Word) -> bool:
    return any(one.denied and one.start < word.start and word.start - one.end < 25 for one in said(text))


def _denied_at_any(sentence: tuple[Word, ...], places: list[int], basis: Basis) -> bool:
    texts = [text for text in basis.sentences if words(text) == sentence]
    return any(_denied_at(text, sentence[place]) for text in texts for place in places)
