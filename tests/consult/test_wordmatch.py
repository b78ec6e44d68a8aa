"""Words that a response shares with a theme count, those near in meaning too, and those that all use hardly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.consult import Statement, map_responses
from assistant.consult.mapping import theme_vectors
from assistant.consult.model import Theme
from assistant.consult.wordmatch import shared_words, vocabulary, words

NEAR = {"children": 0, "kids": 0, "fares": 1, "buses": 2, "late": 3}


def embed(texts: Sequence[str]) -> np.ndarray:
    vectors = np.zeros((len(texts), 40), dtype=np.float32)
    for at, text in enumerate(texts):
        vectors[at, NEAR.get(text, 5 + sum(map(ord, text)) % 35)] = 1
    return vectors


def scores(texts: Sequence[str], wordings: Sequence[str]) -> np.ndarray:
    known = vocabulary(texts)
    return shared_words(texts, wordings, known=known, vectors=embed(known), embed=embed)


def test_only_words_that_say_something_are_looked_at() -> None:
    assert words("The kids’ bus isn't late, it is on time") == {"kids'", "bus", "late", "time"}
    assert vocabulary(["late buses", "late trains"]) == ["buses", "late", "trains"]


def test_a_word_near_in_meaning_counts_like_the_word_itself() -> None:
    found = scores(["Our kids suffer", "The fares hurt", "Nobody came"], ["Children", "Fares"])

    assert found[0, 0] > 0 == found[0, 1]
    assert found[1, 1] > 0 == found[1, 0]
    assert not found[2].any()


def test_a_word_that_every_response_uses_tells_less_than_one_that_few_use() -> None:
    found = scores(["buses late", "buses fares", "buses", "buses"], ["Buses and fares", "Late"])

    assert found[1, 0] > 2 * found[2, 0] > 0


def test_nothing_to_compare_gives_nothing() -> None:
    assert scores([], ["Fares"]).shape == (0, 1)
    assert not scores(["of the"], ["Fares", "and"]).any()


def test_shared_words_decide_between_themes_that_lie_equally_near() -> None:
    whole = np.full((30, 4), 0.5, dtype=np.float32)
    points = [Statement(place, 0, 4) for place in range(30)]
    themes = theme_vectors([Theme("A", "one", ""), Theme("B", "two", "")], lambda texts: whole[: len(texts)])
    shared = np.zeros((30, 2))
    shared[7, 1] = 5.0

    mapped = map_responses(whole, whole, points, themes=themes, places=range(30), shared=shared)

    assert [one.theme for one in mapped.assignments if one.response == 7] == ["B"]
