"""How high the search ranks what answers. Pure functions over relevance in rank order; know nothing of passages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest


def ndcg(relevance: Sequence[float], ideal: Sequence[float], *, limit: int = 10) -> float:
    """Normalised discounted cumulative gain at a limit, with gains as they are and log2(rank + 1) as discount.

    Source: Järvelin and Kekäläinen, ACM TOIS 20 (2002), as trec_eval has it. NaN when nothing is
    relevant. The ideal ranking is that of everything judged relevant, found or not, so the value is at most 1.

    Args:
        relevance: Of each result, best first; each passage once.
        ideal: Of everything relevant that there is, in any order; it holds what is relevant among the results.
        limit: Results that count.

    Raises:
        ValueError: More was found than there is: the ideal lacks something that is relevant.
    """
    if any(found > there for found, there in zip_longest(_ranked(relevance), _ranked(ideal), fillvalue=0.0)):
        raise ValueError("the ideal lacks something that was found: it must hold everything relevant that there is")
    best = _gain(_ranked(ideal)[:limit])
    return _gain(relevance[:limit]) / best if best else math.nan


def _ranked(relevance: Sequence[float]) -> list[float]:
    return sorted((value for value in relevance if value > 0), reverse=True)


def _gain(relevance: Sequence[float]) -> float:
    return sum(value / math.log2(rank + 1) for rank, value in enumerate(relevance, start=1))


def reciprocal_rank(relevance: Sequence[float]) -> float:
    """1 ÷ the rank of the first relevant result; 0 when none is. Source: Voorhees, TREC-8 (1999)."""
    return next((1 / rank for rank, value in enumerate(relevance, start=1) if value > 0), 0.0)


def unjudged_share(judged: Sequence[bool], *, limit: int = 10) -> float:
    """Share of the first results of which nobody said whether they are relevant; NaN when there are no results."""
    first = judged[:limit]
    return sum(not one for one in first) / len(first) if first else math.nan
