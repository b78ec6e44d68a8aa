"""Describes by numbers how well passages bear out a claim: words shared, meanings near, facts that differ.

Knows nothing of how the numbers are weighed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from assistant.grounding.checks import Fault
from assistant.grounding.model import PassageText
from assistant.grounding.units import Ground, cut
from assistant.grounding.words import STOP_WORDS, Word, words

if TYPE_CHECKING:
    from assistant.index import Remembered, Tokens

Vector = npt.NDArray[np.float64]

FEATURES = (
    "tokens_mean",
    "tokens_least",
    "tokens_least_two",
    "tokens_lowest_quarter",
    "window_mean",
    "window_least_two",
    "window_lowest_quarter",
    "similarity",
    "second_similarity",
    "share",
    "anchor_share",
    "order",
    "pairs",
    "triples",
    "new_words",
    "new_share",
    "new_words_least",
    "new_words_mean",
    "new_in_window",
    "new_names",
    "length",
    "evidence_length",
    "hard_quantities",
    "hard_names",
    "soft_names",
    "hard_others",
    "soft_others",
    "quantities_and_names",
)
"""What describes a claim, in the order of the numbers of `describe`."""

_SENTENCES, _OVERLAP = 3, 1
"""Sentences of a window, and how many of them the next one has too."""
_MOST_WINDOWS = 80


@dataclass(frozen=True, slots=True)
class _Nearness:
    """How near each word piece of a claim comes to the passages: anywhere, and in the one best window."""

    spans: tuple[tuple[int, int], ...]
    anywhere: Vector
    in_window: Vector
    counted: npt.NDArray[np.bool_]
    similar: tuple[float, ...]
    window: str


def describe(
    claim: str, passages: Sequence[PassageText], ground: Ground, found: Sequence[Fault], *, tokens: Remembered[Tokens]
) -> Vector:
    """The numbers that describe a claim; shape `(len(FEATURES),)`.

    Args:
        claim: One sentence.
        passages: What it may rest on.
        ground: The sentences it seems to rest on.
        found: How its facts differ from theirs.
        tokens: Makes vectors of word pieces.
    """
    near = _nearness(claim, passages, tokens)
    all_words = words(claim)
    said = [word for word in all_words if word.is_content] or list(all_words)
    given = [word.stem for passage in passages for word in words(passage.text)]
    held = frozenset(given) | frozenset(word.stem for passage in passages for word in words(passage.about))
    new = [word for word in said if word.stem not in held]
    window = frozenset(word.stem for word in words(near.window))
    of_new = [value for span, value in zip(near.spans, near.anywhere, strict=True) if _in_any(span, new)]
    order = [word.stem for word in all_words]
    counted, counted_in_window = np.sort(near.anywhere[near.counted]), np.sort(near.in_window[near.counted])
    quarter = max(1, len(counted) // 4)
    kinds = [(fault.kind, fault.hard) for fault in found]
    facts = sum(kind in {"quantity", "name"} for kind, _ in kinds)
    return np.array(
        [
            counted.mean(),
            counted[0],
            counted[:2].mean(),
            counted[:quarter].mean(),
            counted_in_window.mean(),
            counted_in_window[:2].mean(),
            counted_in_window[:quarter].mean(),
            near.similar[0],
            near.similar[min(1, len(near.similar) - 1)],
            ground.share,
            ground.anchor_share,
            ground.order,
            _share(list(pairwise(order)), set(pairwise(given))),
            _share(
                list(zip(order, order[1:], order[2:], strict=False)), set(zip(given, given[1:], given[2:], strict=False))
            ),
            math.log1p(len(new)),
            len(new) / len(said),
            min(of_new, default=1.0),
            float(np.mean(of_new)) if of_new else 1.0,
            sum(word.stem not in window for word in said) / len(said),
            float(sum(word.text[0].isupper() for word in new[1:])),
            math.log1p(len(said)),
            math.log1p(len(given)),
            float(kinds.count(("quantity", True))),
            float(kinds.count(("name", True))),
            float(kinds.count(("name", False))),
            float(sum(hard and kind not in {"quantity", "name"} for kind, hard in kinds)),
            float(sum(not hard and kind != "name" for kind, hard in kinds)),
            math.log1p(facts),
        ],
        dtype=np.float64,
    )


def windows(passages: Sequence[PassageText]) -> list[str]:
    """The passages in overlapping runs of sentences, short enough for the model."""
    found: list[str] = []
    units = cut(passages)
    for number in range(len(passages)):
        texts = [unit.text for unit in units if unit.passage == number]
        starts = range(0, max(len(texts) - _OVERLAP, 1), _SENTENCES - _OVERLAP)
        found += filter(None, (" ".join(texts[start : start + _SENTENCES]) for start in starts))
    return found


def _nearness(claim: str, passages: Sequence[PassageText], tokens: Remembered[Tokens]) -> _Nearness:
    texts = _likeliest(claim, windows(passages))
    ours, *theirs = tokens.of([claim, *texts])
    pieces = len(ours.spans)
    anywhere, best, window = np.zeros(pieces), np.zeros(pieces), ""
    counted = np.array([_counts(claim[start:end]) for start, end in ours.spans], dtype=bool)
    if not counted.any():
        counted[:] = True
    similar = []
    for text, other in zip(texts, theirs, strict=True):
        nearest = _nearest(ours, other)
        similar.append(float(ours.whole @ other.whole))
        anywhere = np.maximum(anywhere, nearest)
        if nearest[counted].mean() > best[counted].mean():
            best, window = nearest, text
    return _Nearness(ours.spans, anywhere, best, counted, tuple(sorted(similar, reverse=True)) or (0.0,), window)


def _likeliest(claim: str, texts: list[str]) -> list[str]:
    """At most `_MOST_WINDOWS` of them: those that share most words with the claim, for a source of many pages."""
    if len(texts) <= _MOST_WINDOWS:
        return texts
    said = {word.stem for word in words(claim) if word.is_content}
    return sorted(texts, key=lambda text: -len(said & {word.stem for word in words(text)}))[:_MOST_WINDOWS]


def _nearest(ours: Tokens, other: Tokens) -> Vector:
    if not len(other.spans):
        return np.zeros(len(ours.spans))
    return np.asarray((ours.vectors @ other.vectors.T).max(axis=1), dtype=np.float64)


def _counts(piece: str) -> bool:
    return piece.isalnum() and (len(piece) > 1 or piece.isdigit()) and piece.lower() not in STOP_WORDS


def _in_any(span: tuple[int, int], of: Sequence[Word]) -> bool:
    return any(word.start <= span[0] < word.end for word in of)


def _share(ours: Sequence[object], theirs: set[object]) -> float:
    return sum(one in theirs for one in ours) / len(ours) if ours else 1.0
