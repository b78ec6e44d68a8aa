"""Cuts passages into sentences and finds those that a claim may rest on. Knows nothing of whether it does."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import LCSseq

from assistant.documents import CELL_SEPARATOR
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
    """A sentence, list item or table row of a passage.

    Attributes:
        passage: Position of the passage.
        start: Where its own words begin in the passage.
        end: One past the last.
        text: What it says, with the lead-in without which an item cannot be understood ("You must not: …").
        stems: The stems of all that.
        order: The same in order.
        lead: Where the lead-in stands in the passage; None where there is none, or it stands before the passage.
        is_row: Whether it is a row of a table.
        bare: Its own words.
        head: The headings of a row.
    """

    passage: int
    start: int
    end: int
    text: str
    stems: frozenset[str]
    order: tuple[str, ...]
    lead: tuple[int, int] | None = None
    is_row: bool = False
    bare: str = ""
    head: str = ""


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
    """All sentences, items and rows of all passages."""
    return [
        Unit(number, part.start, part.end, part.text, part.stems, part.order, part.lead, part.is_row, part.bare, part.head)
        for number, passage in enumerate(passages)
        for part in _cut(passage.text, passage.context)
    ]


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int
    text: str
    stems: frozenset[str]
    order: tuple[str, ...]
    lead: tuple[int, int] | None
    is_row: bool
    bare: str
    head: str


@lru_cache(maxsize=1024)
def _cut(text: str, context: str) -> tuple[_Part, ...]:
    found = []
    for start, end, led in _with_leads(text, context):
        bare = text[start:end]
        is_row = CELL_SEPARATOR in bare
        # A row is compared as it stands: what seems to be its headings may be another row.
        whole = f"{led.words.rstrip(': ')} {bare}" if led.words and not is_row else bare
        order = tuple(word.stem for word in words(f"{led.words} {bare}" if is_row else whole))
        place, head = (led.place if whole != bare else None), (led.words if is_row else "")
        found.append(_Part(start, end, whole, frozenset(order), order, place, is_row, bare, head))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Led:
    """What leads into a sentence: its words, and their place in the passage if they stand there."""

    words: str = ""
    place: tuple[int, int] | None = None


def _with_leads(text: str, context: str) -> Iterator[tuple[int, int, _Led]]:
    """Each sentence with what leads into it.

    Items follow their lead-in, and rows their headings, line by line, and an empty line ends both: so passages are put
    together. A passage that begins within a list or table has the lead-in or the headings as its context.
    """
    led, last = _Led(" ".join(context.split())), 0
    for start, end in _sentences_and_rows(text):
        breaks = text[last:start].count("\n") if last else 0
        if breaks > 1:
            led = _Led()
        begins_a_line = breaks or not last
        yield start, end, led if begins_a_line else _Led()
        is_head = CELL_SEPARATOR in text[start:end] and (breaks > 1 or not last) and not context
        if text[start:end].endswith(":") or is_head:
            led = _Led(text[start:end], (start, end))
        last = end


def _sentences_and_rows(text: str) -> Iterator[tuple[int, int]]:
    """Sentences by their places; a row of a table stays whole, whatever its cells hold."""
    row_end = 0
    for start, end in sentences(text):
        if start < row_end:
            continue
        line_end = text.find("\n", start)
        line_end = line_end if line_end >= 0 else len(text)
        if CELL_SEPARATOR in text[start:line_end]:
            row_end = start + len(text[start:line_end].rstrip())
            yield start, row_end
        else:
            yield start, end


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
            alone = units[n].is_row or (same_order >= NEARLY and not units[n].text.endswith(":"))
            further, whole = ((), shares[n]) if alone else _further(units[n], units, share)
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
            (unit for unit in units if not unit.is_row),
            key=lambda unit: (share(have | unit.stems), unit.passage == anchor.passage, -abs(unit.start - anchor.start)),
            default=anchor,
        )
        if (then := share(have | best.stems)) < now + _ADDS:
            break
        chosen.append(best)
        have, now = have | best.stems, then
    return tuple(chosen), now
