"""How scores of two searches become one ranking: reciprocal rank fusion, the weight of the page, near-duplicates.

Pure functions over rows and scores; knows nothing of the index.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

RRF_K = 10
"""Constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009, who used 60).

With 10 the first ranks count for more; it found more evidence than 5, 20, 40 and 60 here (docs/benchmarks.md)."""

_LONG_PAGE = 40  # passages; measured together with the exponent (docs/benchmarks.md)
_WORD = re.compile(r"\w+")


def fuse(rankings: Iterable[tuple[float, Sequence[int]]]) -> dict[int, float]:
    """Weighted reciprocal rank fusion: score(row) = Σ weight / (10 + rank), ranks from 1.

    Args:
        rankings: (weight, rows best first) for each search.
    """
    scores: dict[int, float] = defaultdict(float)
    for weight, rows in rankings:
        for rank, row in enumerate(rows, start=1):
            scores[row] += weight / (RRF_K + rank)
    return dict(scores)


def weigh_pages(
    scores: Mapping[int, float],
    page_of: Callable[[int], Hashable],
    size_of: Callable[[int], int],
    *,
    weight: float,
    top: int = 4,
) -> dict[int, float]:
    """Add to each passage a share of the scores of its page's best passages: a page with several hits is the right one.

    A page of more than 40 passages has more chances of a hit, so its share is cut by (40 / size) ** 0.35.

    Args:
        scores: Score by row.
        page_of: Names the page of a row.
        size_of: How many passages the page of a row has.
        weight: Share added.
        top: How many of a page's passages count.
    """
    pages: dict[Hashable, list[float]] = defaultdict(list)
    for row, score in scores.items():
        pages[page_of(row)].append(score)
    sums = {page: sum(sorted(found, reverse=True)[:top]) for page, found in pages.items()}
    return {row: score + weight * _chance(size_of(row)) * sums[page_of(row)] for row, score in scores.items()}


def _chance(size: int) -> float:
    return float(min(1.0, _LONG_PAGE / size) ** 0.35)


def ranked(scores: Mapping[int, float]) -> list[int]:
    """Rows by score, best first; ties by row, so that a ranking is the same on every run."""
    return sorted(scores, key=lambda row: (-scores[row], row))


def shingles(text: str, size: int = 5) -> frozenset[tuple[str, ...]]:
    """Runs of `size` words, to compare texts by; a shorter text is one run."""
    words = _WORD.findall(text.lower())
    if len(words) <= size:
        return frozenset([tuple(words)])
    return frozenset(tuple(words[start : start + size]) for start in range(len(words) - size + 1))


def resemblance(first: frozenset[tuple[str, ...]], second: frozenset[tuple[str, ...]]) -> float:
    """Jaccard index of two sets of shingles, from 0 to 1 (Broder, 1997)."""
    union = len(first | second)
    return len(first & second) / union if union else 1.0
