"""How high the search ranks what answers. Pure functions over relevance in rank order; know nothing of passages."""

from __future__ import annotations

import math
from collections.abc import Sequence


def ndcg(relevance: Sequence[float], ideal: Sequence[float], *, limit: int = 10) -> float:
    """Normalised discounted cumulative gain at a limit, with gains as they are and log2(rank + 1) as discount.

    Source: Järvelin and Kekäläinen, ACM TOIS 20 (2002), as trec_eval has it. NaN when nothing is
    relevant.

    Args:
        relevance: Of each result, best first.
        ideal: Of everything relevant that there is, in any order.
        limit: Results that count.
    """
    best = _gain(sorted(ideal, reverse=True)[:limit])
    return _gain(relevance[:limit]) / best if best else math.nan


def _gain(relevance: Sequence[float]) -> float:
    return sum(value / math.log2(rank + 1) for rank, value in enumerate(relevance, start=1))


def reciprocal_rank(relevance: Sequence[float]) -> float:
    """1 ÷ the rank of the first relevant result; 0 when none is. Source: Voorhees, TREC-8 (1999)."""
    return next((1 / rank for rank, value in enumerate(relevance, start=1) if value > 0), 0.0)


def unjudged_share(judged: Sequence[bool], *, limit: int = 10) -> float:
    """Share of the first results of which nobody said whether they are relevant; NaN when there are no results."""
    first = judged[:limit]
    return sum(not one for one in first) / len(first) if first else math.nan
