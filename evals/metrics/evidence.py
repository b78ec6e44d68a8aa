"""What was found and shown of the evidence, as pure functions over texts and sets. Know nothing of who answered.

A measure that is undefined (nothing to find, nobody asked) is NaN, never 0 or 1.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate

import numpy as np

_NOT_A_WORD = re.compile(r"\W+")


def normalised(text: str) -> str:
    """Lower case, runs of characters that belong to no word as one space: how texts are compared."""
    return _NOT_A_WORD.sub(" ", text).strip().lower()


def first_words(texts: Iterable[str], limit: int) -> list[str]:
    """The first `limit` words of texts read one after the other; the text in which the limit falls is cut there."""
    words: list[str] = []
    for text in texts:
        words += text.split()
        if len(words) >= limit:
            break
    return words[:limit]


def evidence_found(gold: Sequence[str], words: Sequence[str]) -> float:
    """Share of the gold sentences that stand whole in `words`, compared as `normalised` texts."""
    if not gold:
        return math.nan
    read = f" {normalised(' '.join(words))} "
    return sum(f" {normalised(sentence)} " in read for sentence in gold) / len(gold)


class Texts:
    """Texts to be asked which of them hold a sentence whole, compared as `normalised` texts; each is read once."""

    def __init__(self, texts: Iterable[str]) -> None:
        read = [f" {normalised(text)} " for text in texts]
        self._starts = [0, *accumulate(len(one) + 1 for one in read)]
        self._read = "\n".join(read)  # no normalised text has a line break, so no sentence is found across two

    def holding(self, sentence: str) -> list[int]:
        """The places of the texts that hold it, in order."""
        wanted = f" {normalised(sentence)} "
        found: list[int] = []
        place = self._read.find(wanted) if wanted.strip() else -1
        while place >= 0:
            found.append(bisect_right(self._starts, place) - 1)
            place = self._read.find(wanted, self._starts[found[-1] + 1])
        return found


def right_page(gold: str, found: str | None) -> float:
    """1 when the first passage's address, without its fragment, is the gold page's, else 0."""
    return float(found is not None and found.partition("#")[0] == gold)


def f1(shown: AbstractSet[str], gold: AbstractSet[str]) -> float:
    """Harmonic mean of precision and recall of a set: 2·|both| ÷ (|shown| + |gold|); 0 when nothing is shown."""
    return 2 * len(shown & gold) / (len(shown) + len(gold)) if gold else math.nan


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, interpolated between neighbours."""
    return float(np.quantile(values, share)) if values else math.nan


def share_answered(confidences: Sequence[float], threshold: float) -> float:
    """Share of the questions that are answered at a threshold."""
    return sum(value >= threshold for value in confidences) / len(confidences) if confidences else math.nan


def threshold_to_answer(confidences: Sequence[float], share: float) -> float:
    """The highest threshold at which at least `share` of the questions are answered."""
    if not confidences:
        return math.nan
    needed = max(1, math.ceil(share * len(confidences) - 1e-9))
    return sorted(confidences, reverse=True)[needed - 1]
