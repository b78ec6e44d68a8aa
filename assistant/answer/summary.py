"""Picks the sentences around which a document turns: those most like all the others, and unlike each other.

Centrality as in LexRank (Erkan and Radev, 2004), with the mean similarity in place of the random walk, which ranks texts of
this length the same; redundancy as in maximal marginal relevance (Carbonell and Goldstein, 1998). Pure, but for `embed`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from assistant.answer.sentences_of import Piece

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

_FEWEST_WORDS, _MOST_WORDS = 6, 70
_LEAST, _MOST, _SHARE = 3, 10, 0.15
_LIKE_ANOTHER = 0.4  # taken off for each unit of similarity with what is picked already
_SAME_SECTION = 0.08  # and for each sentence picked under the same heading, so that the whole document is heard
_LEANS = 0.15  # taken off a sentence that cannot be read without the one before it
_LEANING = re.compile(
    r"(?:it|this|these|those|they|that|he|she|such|however|but|also|therefore|for example)\b", re.IGNORECASE
)
_OPENS = 0.05  # given to the first sentence under a heading, which often says what the rest explains


def summarised(pieces: Sequence[Piece], embed: Embed) -> list[int]:
    """Positions of the central pieces, in order; at most 10."""
    usable = [n for n, piece in enumerate(pieces) if _FEWEST_WORDS <= len(piece.said.split()) <= _MOST_WORDS]
    if not usable:
        return list(range(min(len(pieces), _LEAST)))
    vectors = embed([pieces[n].said for n in usable])
    central = vectors @ vectors.mean(axis=0)  # mean similarity, without a matrix of all pairs
    sections = [pieces[n].block.passage.headings for n in usable]
    opens = np.array([at == 0 or sections[at] != sections[at - 1] for at in range(len(usable))])
    leans = np.array([bool(_LEANING.match(pieces[n].said)) for n in usable])
    worth = central + _OPENS * opens - _LEANS * leans
    wanted = min(len(usable), max(_LEAST, min(_MOST, round(_SHARE * len(usable)))))
    picked: list[int] = []
    under: Counter[tuple[str, ...]] = Counter()
    while len(picked) < wanted:
        scores = worth - _SAME_SECTION * np.array([under[section] for section in sections])
        if picked:
            scores = scores - _LIKE_ANOTHER * (vectors @ vectors[picked].T).max(axis=1)
            scores[picked] = -np.inf
        best = int(scores.argmax())
        picked.append(best)
        under[sections[best]] += 1
    return sorted(usable[at] for at in picked)
