"""Weighs what a very short document of one's own says as if it stood among others.

How far the best passage stands out from the fifth is a sign of an answer in an index of thousands. In a document of one
passage nothing can stand out, and that alone cost an answer whose words are all there half of its odds. So where there are
fewer than five passages and no word of the question is missing, the sign is set to what it is on average, which says
nothing. Where a word is missing, it stays as it is. Knows nothing of where the document came from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.answer.evidence import RETRIEVAL_FEATURES, Candidate, Vector, content_words
from assistant.search import Retrieval

FEWEST = 5
"""Passages from which the fifth best is one of them."""

_STANDS_OUT = "similarity_drop"
_ASKING = content_words("how much many long often far old soon must may might shall need have done happen kind sort")
"""Words that ask, of which no answer has to hold any."""


def as_among_others(
    described: Vector, average: Vector, retrieval: Retrieval, blocks: Sequence[Candidate], *, passages: int
) -> Vector:
    """The description of a retrieval, without what is only due to there being so few passages.

    Args:
        described: As `evidence.retrieval_features` gives it.
        average: Of the same features where they were fitted.
        retrieval: What was found.
        blocks: The blocks of the passages.
        passages: How many there were to find.
    """
    if passages >= FEWEST or _STANDS_OUT not in RETRIEVAL_FEATURES or _missing(retrieval, blocks):
        return described
    at, changed = RETRIEVAL_FEATURES.index(_STANDS_OUT), np.array(described)
    changed[at] = max(described[at], average[at])
    return changed


def _missing(retrieval: Retrieval, blocks: Sequence[Candidate]) -> frozenset[str]:
    """Words of the question that neither the blocks nor what stands over them has."""
    seen = " ".join(" ".join((one.document.title, *one.passage.headings, one.lead_in, one.text)) for one in blocks)
    return content_words(retrieval.focus) - _ASKING - content_words(seen)
