"""Cuts passages into sentences and finds those that a claim may rest on. Knows nothing of whether it does."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import LCSseq

from assistant.grounding.model import PassageText
from assistant.grounding.sentences import sentences
from assistant.grounding.wording import NEARLY
from assistant.grounding.words import Word, content, words

ORDERED = 0.35
"""Weight of standing in the same order, beside that of being the same words."""
_LOOKED_AT = 8
_NEAR_BEST = 0.12
_NEAR_SAME = 0.03
"""How much less than the best another sentence may fit to be considered; the second where the best is nearly the claim."""
_ANCHORS = 4
_FURTHER = 2
_ADDS = 0.1
"""Least share of a claim's words that a further sentence must add to be taken along."""


Share = Callable[[frozenset[str]], float]
"""What share of a claim, by weight, some stems hold."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or list item of a passage: `passages[passage].text[start:end] == text`."""

    passage: int
    start: int
    end: int
    text: str
    stems: frozenset[str]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Sentences that a claim may rest on: the nearest, others that add what it lacks, and how much of the claim they hold.

    Attributes:
        anchor: The nearest sentence.
        further: Others, the most useful first.
        anchor_share: Share of the claim's words, by weight, that stand in the anchor.
        share: The same for all of them together.
        order: How much of the claim stands in the anchor in the same order, from 0 to 1.
    """

    anchor: Unit
    further: tuple[Unit, ...]
    anchor_share: float
    share: float
    order: float

    @property
    def units(self) -> tuple[Unit, ...]:
        """All of them, the anchor first."""
        return (self.anchor, *self.further)


def cut(passages: Sequence[PassageText]) -> list[Unit]:
    """All sentences of all passages."""
    return [
        Unit(number, start, end, passage.text[start:end], stems, order)
        for number, passage in enumerate(passages)
        for start, end, stems, order in _cut(passage.text)
    ]


@lru_cache(maxsize=1024)
def _cut(text: str) -> tuple[tuple[int, int, frozenset[str], tuple[str, ...]], ...]:
    found = []
    for start, end in sentences(text):
        order = tuple(word.stem for word in words(text[start:end]))
        found.append((start, end, frozenset(order), order))
    return tuple(found)


def grounds(claim: str, passages: Sequence[PassageText]) -> list[Ground]:
    """The sentences that a claim may rest on, the likeliest first; empty when it shares no word with any."""
    units = [unit for unit in cut(passages) if unit.order]
    said = content(claim) or words(claim)
    if not said or not units:
        return []
    weights = _weights(said, units)
    total = sum(weights.values())
    order = tuple(word.stem for word in words(claim))

    def share(stems: frozenset[str]) -> float:
        return sum(weight for stem, weight in weights.items() if stem in stems) / total

    shares = [share(unit.stems) for unit in units]
    best = sorted(range(len(units)), key=lambda n: -shares[n])[:_LOOKED_AT]
    scored = []
    for n in best:
        if shares[n] > 0:
            same_order = LCSseq.similarity(order, units[n].order) / len(order)
            scored.append((shares[n] + ORDERED * same_order, same_order, n))
    scored.sort(key=lambda one: (-one[0], one[2]))
    found = []
    within = _NEAR_BEST if scored and scored[0][1] < NEARLY else _NEAR_SAME
    for score, same_order, n in scored[:_ANCHORS]:
        if score >= scored[0][0] - within:
            further, whole = (
                _further(units[n], units, share) if same_order < NEARLY or units[n].text.endswith(":") else ((), shares[n])
            )
            found.append(Ground(units[n], further, shares[n], whole, same_order))
    return found


def _weights(said: Sequence[Word], units: Sequence[Unit]) -> dict[str, float]:
    """Words that stand in fewer sentences tell more."""
    held = Counter(stem for unit in units for stem in unit.stems)
    return {word.stem: math.log(1 + len(units) / (1 + held[word.stem])) + 0.2 for word in said}


def _further(anchor: Unit, units: Sequence[Unit], share: Share) -> tuple[tuple[Unit, ...], float]:
    have, chosen = anchor.stems, list[Unit]()
    now = share(have)
    for _ in range(_FURTHER):
        best = max(
            units,
            key=lambda unit: (share(have | unit.stems), unit.passage == anchor.passage, -abs(unit.start - anchor.start)),
        )
        if (then := share(have | best.stems)) < now + _ADDS:
            break
        chosen.append(best)
        have, now = have | best.stems, then
    return tuple(chosen), now
