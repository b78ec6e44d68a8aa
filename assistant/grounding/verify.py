"""Checks one claim against passages: does it say what they say, and where?

Deterministic: the same claim and passages always get the same verdict. Facts that differ decide before any score does. Knows
nothing of models that write.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.grounding.checks import Basis, Fault, faults
from assistant.grounding.features import Vector, describe, windows
from assistant.grounding.model import Check, PassageText, Support, Verdict
from assistant.grounding.quoted import is_quoted
from assistant.grounding.units import ORDERED, Ground, grounds
from assistant.grounding.weighing import Weights, fitted
from assistant.grounding.wording import NEARLY
from assistant.grounding.words import RAISED, plain_letters, words
from assistant.index import Remembered, TokenEmbedder

if TYPE_CHECKING:
    from assistant.grounding.learned import LearnedChecker

_CONTRADICTED = 0.1
"""Highest score of a claim whose facts differ from the guidance's."""
_CAPPED = 0.01
"""How far below "supported" a claim stays that leaves out a condition."""
_REMEMBERED = 400  # texts whose word-piece vectors are kept; 400 of 100 word pieces take about 60 MiB
_FRAME = re.compile(
    r"(?:according to|under|based on|as set out in) (?:the |these )?(?:\w+ )?(?:guidance|rules|sources?|note|guide),\s+"
    r"|(?:the |this )(?:\w+ )?(?:guidance|guide|source|note) (?:also )?(?:says|states|explains|makes clear|adds) that\s+"
    r"|(?:in (?:short|summary|brief|other words|addition)|to summari[sz]e),\s+"
    r"|(?:additionally|also|furthermore|moreover),\s+"
    r"|(?:note|please note|remember|keep in mind|it is important to note|be aware) that\s+",
    re.IGNORECASE,
)
_LEAST_WORDS, _LONGEST = 3, 2000
"""Fewest words and most characters of a claim; the longest sentences of real guidance have some 900."""
_TOO_LONG = "It is too long to be one statement, and was not checked."
_NOTHING = "Nothing in the guidance cited speaks of this."
_NOT_SAID = "The guidance cited does not say this."
_STITCHED = "The draft puts together what the guidance says in several places."
_STITCHED_FROM = 0.8
"""Score from which a claim is let through that is put together from sentences of which none holds most of it."""
_MOST = 0.55
_FEW_WORDS, _MOST_WORDS = 0.5, 0.8
"""Share of a claim's words, by weight, below which word pieces that come near are no evidence, and above which they are.

Of 240 true paraphrases (`evals.checker`, seed 6) one had less than .5, and 3 less than .8 with a score in the doubtful band;
of the claims of a small model in that band 5 of 6 were made up (docs/benchmarks.md).
"""
_IN_PART = "The guidance cited says only part of this."


@dataclass(frozen=True, slots=True)
class _Found:
    """The sentences that a claim is taken to rest on, and how its facts differ from theirs."""

    ground: Ground
    faults: tuple[Fault, ...]

    @property
    def hard(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.hard)

    @property
    def is_stitched(self) -> bool:
        """Whether no one sentence holds most of the claim, and none leads into another."""
        ground = self.ground
        leads = any(unit.bare.endswith(":") for unit in ground.units)
        return bool(ground.further) and ground.anchor_share < _MOST and not leads


class Checker:
    """Checks claims; made once, and safe for several threads."""

    def __init__(
        self, tokens: TokenEmbedder, *, learned: LearnedChecker | None = None, learned_weight: float = 0.5,
        weights: Weights | None = None, without: Collection[str] = (),
    ) -> None:  # fmt: skip
        """Make a checker.

        Args:
            tokens: Makes vectors of word pieces.
            learned: A second opinion on the score of claims whose facts do not differ.
            learned_weight: Its share, from 0 to 1.
            weights: The fitted weights kept with the code, when not given.
            without: Names in `CHECKS` of what to leave out; to measure what each is worth.
        """
        self._tokens = Remembered(tokens.tokens, capacity=_REMEMBERED)
        self._learned, self._learned_weight = learned, learned_weight
        self._weights = weights or fitted()
        self._without = frozenset(without)

    def verify(self, claim: str, passages: Sequence[PassageText]) -> Check:
        """What the passages say of a claim.

        Args:
            claim: One sentence, without the numbers of its citations.
            passages: What it may rest on, in any order.

        Returns:
            The verdict with its reasons, and the spans that the claim rests on or comes nearest to.
        """
        if len(claim) > _LONGEST:
            return Check(Verdict.UNSUPPORTED, 0.0, (_TOO_LONG,))
        claim = without_frame(plain_letters(_FRACTION.sub(_as_decimal, claim)))
        if strange := unreadable(claim):
            return Check(Verdict.UNSUPPORTED, 0.0, (f"“{strange}” cannot be compared with the guidance.",))
        found = _nearest(claim, passages, without=self._without)
        if found is None or len(words(claim)) < _LEAST_WORDS:
            return Check(Verdict.UNSUPPORTED, 0.0, (_NOTHING,))
        spans = tuple(_spans(found.ground))
        if not found.hard and is_quoted(claim, found.ground.anchor.text):
            if found.faults:
                return Check(Verdict.PARTLY_SUPPORTED, self._below_supported(1.0), _reasons(found.faults), spans)
            return Check(Verdict.QUOTED, 1.0, (), spans)
        score = self._score(claim, passages, found)
        if found.hard:
            return Check(Verdict.UNSUPPORTED, round(min(score, _CONTRADICTED), 4), _reasons(found.hard), spans)
        if score < self._least(found):
            return Check(Verdict.UNSUPPORTED, round(score, 4), (*_reasons(found.faults), _NOT_SAID), spans)
        if found.faults or found.is_stitched or score < self._weights.supported_from:
            reasons = _reasons(found.faults) or (_STITCHED if found.is_stitched else _IN_PART,)
            return Check(Verdict.PARTLY_SUPPORTED, self._below_supported(score), reasons, spans)
        return Check(Verdict.SUPPORTED, round(score, 4), (), spans)

    def describe(self, claim: str, passages: Sequence[PassageText]) -> Vector | None:
        """The numbers behind the score, see `features`; None where no passage shares a word. For fitting and measuring."""
        found = _nearest(claim, passages, without=self._without)
        return describe(claim, passages, found.ground, found.faults, tokens=self._tokens) if found else None

    def support(self, claim: str, passages: Sequence[PassageText]) -> float:
        """The probability that passages bear out a claim, before facts that differ decide. For measuring."""
        found = _nearest(claim, passages, without=self._without)
        return self._score(claim, passages, found) if found else 0.0

    def _score(self, claim: str, passages: Sequence[PassageText], found: _Found) -> float:
        numbers = describe(claim, passages, found.ground, found.faults, tokens=self._tokens)
        score = float(self._weights.support.probability(numbers[None, :])[0])
        if self._learned is None:
            return score
        opinion = max(self._learned.support(claim, windows([passages[n] for n in _used(found.ground)])), default=0.0)
        return _mixed(score, opinion, share=self._learned_weight)

    def _least(self, found: _Found) -> float:
        """The score from which a claim is shown at all: the fewer of its words the guidance has, the surer it must be."""
        if found.is_stitched:
            return _STITCHED_FROM
        if self._learned is None and found.ground.share < _FEW_WORDS:
            return 1.0
        if found.ground.share < _MOST_WORDS:
            full, part = self._weights.supported_from, self._weights.partly_from
            return (full + part) / 2 if found.faults else full
        return self._weights.partly_from

    def _below_supported(self, score: float) -> float:
        return round(min(score, self._weights.supported_from - _CAPPED), 4)


_FRACTION = re.compile(r"(?<=\d)[½¼¾]")
_DECIMAL = {"½": ".5", "¼": ".25", "¾": ".75"}


def _as_decimal(found: re.Match[str]) -> str:
    return _DECIMAL[found[0]]


def unreadable(claim: str) -> str:
    """Letters and figures that no word of the claim holds: those of other scripts, which no check would see."""
    seen = [False] * len(claim)
    for word in words(claim):
        seen[word.start : word.end] = [True] * (word.end - word.start)
    return "".join(
        letter
        for letter, is_seen in zip(claim, seen, strict=True)
        if letter.isalnum() and not is_seen and letter not in RAISED
    )


def _spans(ground: Ground) -> Iterator[Support]:
    """What the claim rests on: each sentence with what leads into it, the most important first."""
    places: dict[Support, None] = {}
    for unit in ground.units:
        places[Support(unit.passage, unit.start, unit.end)] = None
    for unit in ground.units:
        if unit.lead:
            places[Support(unit.passage, *unit.lead)] = None
    yield from places


def without_frame(claim: str) -> str:
    """A claim without the words that only introduce it ("According to the guidance, …"), which no passage has."""
    framed = _FRAME.match(claim)
    rest = claim[framed.end() :] if framed else ""
    return f"{rest[0].upper()}{rest[1:]}" if len(rest.split()) >= _LEAST_WORDS else claim


def _nearest(claim: str, passages: Sequence[PassageText], *, without: Collection[str] = ()) -> _Found | None:
    """Where a claim fits best: fewest facts that differ, then most words shared."""
    possible = [
        _Found(ground, tuple(faults(claim, _basis(ground, passages), without=without)))
        for ground in grounds(claim, passages)
    ]
    return min(
        possible,
        key=lambda one: (len(one.hard), -one.ground.anchor_share - ORDERED * one.ground.order, len(one.faults)),
        default=None,
    )


def _basis(ground: Ground, passages: Sequence[PassageText]) -> Basis:
    used = [passages[number] for number in _used(ground)]
    others = [passage for number, passage in enumerate(passages) if number not in _used(ground)]
    return Basis(
        anchor=ground.anchor.text,
        further=tuple(unit.text for unit in ground.further),
        about="\n".join((*(passage.about for passage in used), *(unit.head for unit in ground.units if unit.head))),
        extent=tuple(nation for passage in used for nation in passage.extent),
        elsewhere="" if ground.anchor.is_row else "\n".join(passage.text for passage in used),
        other_pages="\n".join(passage.title for passage in others),
        nearly=ground.order >= NEARLY,
    )


def _used(ground: Ground) -> list[int]:
    return list(dict.fromkeys(unit.passage for unit in ground.units))


def _mixed(one: float, other: float, *, share: float) -> float:
    """The two probabilities averaged as log-odds, so that a sure opinion weighs more than a doubtful one."""

    def odds(value: float) -> float:
        value = min(max(value, 1e-6), 1 - 1e-6)
        return math.log(value / (1 - value))

    return 1 / (1 + math.exp(-((1 - share) * odds(one) + share * odds(other))))


def _reasons(found: Sequence[Fault]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{fault.reason[0].upper()}{fault.reason[1:]}." for fault in found))
