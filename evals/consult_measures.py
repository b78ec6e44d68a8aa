"""The measures of themes and of mapping responses to them, as pure functions over sets and numbers.

A measure that is undefined is NaN, never 0 or 1. Know nothing of who found the themes.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Sets = Sequence[AbstractSet[str]]
Key = TypeVar("Key", bound=Hashable)
MATCHES = 0.4
"""F1 of responses from which a candidate is taken for a planted theme."""


def response_f1(found: Sequence[AbstractSet[str]], gold: Sequence[AbstractSet[str]]) -> list[float]:
    """F1 of each response's themes, NaN for those with no theme in either, which i.AI's mean leaves out.

    Source: themefinder's `calculate_mapping_metrics`, scikit-learn's F1 averaged over samples.
    """
    return [2 * len(f & g) / (len(f) + len(g)) if f or g else math.nan for f, g in zip(found, gold, strict=True)]


def micro_f1(found: Sets, gold: Sets) -> float:
    """F1 over all pairs of response and theme."""
    both = sum(len(f & g) for f, g in zip(found, gold, strict=True))
    total = sum(map(len, found)) + sum(map(len, gold))
    return 2 * both / total if total else math.nan


def macro_f1(found: Sets, gold: Sets) -> float:
    """Mean over the gold themes of each theme's F1."""
    themes = sorted({theme for one in gold for theme in one})
    values = []
    for theme in themes:
        f, g = [theme in one for one in found], [theme in one for one in gold]
        both = sum(a and b for a, b in zip(f, g, strict=True))
        values.append(2 * both / (sum(f) + sum(g)))
    return float(np.mean(values)) if values else math.nan


@dataclass(frozen=True, slots=True)
class Coverage:
    """Planted themes found, weighted by how many responses have them.

    Attributes:
        leading: Found where some candidate's responses have the theme more often than any other, and a third of them do.
        matching: Found where some candidate's responses match the theme's with an F1 of at least 0.4.
    """

    leading: float
    matching: float


def leads(candidate: AbstractSet[Key], theme: str, gold: Mapping[str, AbstractSet[Key]]) -> bool:
    """Whether a candidate's responses have a planted theme more often than any other, and a third of them do."""
    counts = {other: len(candidate & members) for other, members in gold.items()}
    return 0 < counts[theme] == max(counts.values()) and counts[theme] >= len(candidate) / 3


def overlap_f1(one: AbstractSet[Key], other: AbstractSet[Key]) -> float:
    """Harmonic mean of the shares of two sets that are in both; NaN where both are empty."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else math.nan


def coverage(candidates: Sequence[AbstractSet[Key]], gold: Mapping[str, AbstractSet[Key]]) -> Coverage:
    """How much of the planted themes the candidates cover; both are sets of responses."""
    leading = sum(len(members) for theme, members in gold.items() if any(leads(one, theme, gold) for one in candidates))
    matching = sum(
        len(members) for members in gold.values() if any(overlap_f1(one, members) >= MATCHES for one in candidates)
    )
    total = sum(map(len, gold.values()))
    return Coverage(leading / total, matching / total) if total else Coverage(math.nan, math.nan)


def led_by_chance(
    sizes: Sequence[int], responses: Sequence[Key], gold: Mapping[str, AbstractSet[Key]], *, draws: int = 200, seed: int = 0
) -> dict[str, float]:
    """How often some random group leads to each planted theme, groups of these sizes being drawn again and again.

    Many small groups lead to every theme by chance (a single response is a group that leads to whatever it says), so
    `leads` means something only beside this.

    Args:
        sizes: Of the candidates; each group is drawn from all responses, without the others' being left out.
        responses: All that could be in a candidate.
        gold: The responses of each planted theme.
        draws: Sets of groups that are drawn.
        seed: Of the draws.
    """
    has = np.array([[one in members for members in gold.values()] for one in responses], dtype=np.int64)
    led = np.zeros((draws, len(gold)), dtype=np.bool_)
    rng = np.random.default_rng(seed)
    for draw in range(draws):
        for size in sizes:
            counts = has[rng.permutation(len(responses))[:size]].sum(axis=0)
            led[draw] |= (counts > 0) & (counts == counts.max()) & (counts >= size / 3)
    return dict(zip(gold, map(float, led.mean(axis=0)), strict=True))


def picks_out(title: npt.NDArray[np.floating], responses: npt.NDArray[np.floating], members: AbstractSet[int]) -> float:
    """How surely a title picks out its theme: 1 for its own responses and no others, 0.5 for a title that fits any theme.

    The probability that a response of the theme is nearer (cosine) to the title than one outside it: the area under the
    receiver's curve, which is Mann and Whitney's U over the number of pairs (ties count half). Our own measure, since a
    title that is "very catch-all and non-specific" is one from which nobody could say which responses it stands for.

    Args:
        title: Vector of the title, of length 1.
        responses: Vectors of all responses, shape `(responses, dimension)`, of length 1.
        members: Places of the theme's responses.
    """
    near = responses @ title
    inside = np.array(sorted(members), dtype=np.int64)
    outside = np.setdiff1d(np.arange(len(responses)), inside)
    if not len(inside) or not len(outside):
        return math.nan
    ahead = near[inside][:, None] - near[outside][None, :]
    return float(((ahead > 0) + 0.5 * (ahead == 0)).mean())


def bits_a_word(title: AbstractSet[str], texts: Sequence[AbstractSet[str]]) -> float:
    """How rare the title's words are in the responses: mean of log2(responses / responses that hold the word).

    A word that every response uses says nothing (0 bits); one that none uses counts as if one did. NaN of a title that has
    no word but fillers. Source: inverse document frequency (Spärck Jones 1972).
    """
    if not title or not texts:
        return math.nan
    held = [max(1, sum(word in text for text in texts)) for word in title]
    return float(np.mean([math.log2(len(texts) / count) for count in held]))


def average_precision(relevant: Sequence[bool]) -> float:
    """Mean precision at the places of what is relevant, best first; 0 where nothing is."""
    precisions = [sum(relevant[:place]) / place for place, hit in enumerate(relevant, start=1) if hit]
    return float(np.mean(precisions)) if precisions else 0.0


def key_point_precision(scores: npt.NDArray[np.floating], labels: Mapping[tuple[int, int], bool], *, relaxed: bool) -> float:
    """Average precision of matching arguments to key points within one topic and stance.

    The best key point of each argument, the surer half of the arguments, in order of score; pairs without a label count as
    matches where relaxed, as none where strict.

    Source: `track_1_kp_matching.py` of the Key Point Analysis shared task 2021.

    Args:
        scores: Shape `(arguments, key points)`.
        labels: By argument and key point.
        relaxed: What a pair without a label counts as.
    """
    best = scores.argmax(axis=1)
    order = np.argsort(-scores.max(axis=1), kind="stable")[: int(len(scores) * 0.5)]
    return average_precision([labels.get((int(at), int(best[at])), relaxed) for at in order])
