"""How far responses use the words of a theme, or words near to them in meaning: "kids" beside "children".

For each word of a theme's wording, the nearest word of the response (cosine of the two words' vectors, from 0.5 on) counts,
weighted by how few responses and how few themes have it: late interaction (Khattab and Zaharia 2020) over single words, with
the inverse document frequency of Spärck Jones (1972). Vectors of whole sentences blur single words; this brings them back.
Knows nothing of files or people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from assistant.consult.clusters import Vectors
from assistant.consult.naming import is_filler

Scores = npt.NDArray[np.float64]
Embed = Callable[[Sequence[str]], Vectors]

_WORD = re.compile(r"[a-z']+")
_FEWEST_LETTERS = 3
MOST_WORDS = 20_000
"""Different words of the responses that are looked at, the most frequent first: their vectors take 30 MB."""
_NEAR = 0.5
"""Cosine from which another word counts as near; of .4, .5, .6 and .7, the best on IBM's training arguments."""


def words(text: str) -> frozenset[str]:
    """The words of a text that say what it is about."""
    found = _WORD.findall(text.lower().replace("’", "'"))
    return frozenset(word for word in found if len(word) >= _FEWEST_LETTERS and not is_filler(word))


def vocabulary(texts: Sequence[str]) -> list[str]:
    """The words of all texts, in the order of the alphabet."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in words(text):
            counts[word] = counts.get(word, 0) + 1
    kept = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_WORDS]
    return sorted(kept)


def shared_words(
    texts: Sequence[str], wordings: Sequence[str], *, known: Sequence[str], vectors: Vectors, embed: Embed
) -> Scores:
    """How much each text shares of each theme's words, shape `(texts, themes)`, with a standard deviation of 1.

    Args:
        texts: Of the responses.
        wordings: Of the themes.
        known: The words whose vectors are given.
        vectors: Of these words, shape `(words, dimension)`.
        embed: Makes vectors of the themes' words.
    """
    of_themes = [words(wording) for wording in wordings]
    asked = sorted({word for one in of_themes for word in one})
    if not asked or not len(vectors) or not texts:
        return np.zeros((len(texts), len(wordings)))
    near = np.clip((embed(asked) @ vectors.T - _NEAR) / (1 - _NEAR), 0, 1)
    row = {word: at for at, word in enumerate(known)}
    held = np.zeros((len(texts), len(asked)))
    for at, text in enumerate(texts):
        there = [row[word] for word in words(text) if word in row]
        if there:
            held[at] = near[:, there].max(axis=1)
    of = np.array([[word in one for word in asked] for one in of_themes], dtype=np.float64)
    rare = np.log(1 + len(texts) / (1 + held.sum(axis=0))) * np.log(1 + len(wordings) / of.sum(axis=0))
    scores: Scores = held @ (of * rare).T / np.sqrt((of * rare**2).sum(axis=1) + 1e-9)
    spread = float(scores.std())
    return scores / spread if spread else scores
