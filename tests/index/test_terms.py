"""Terms: BM25 over the texts of passages, row for row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.index.terms import TermIndex

TEXTS = [
    "Business Income Manual BIM42125\nDeduct the cost of a lamp that is used only for the trade.",
    "Fog signals\nSound the fog signal when visibility falls.",
    "Form C2\nSend the form to the harbour master, by the 1994 Order.",
    "Fog signals > Records\nKeep the fog log for 7 years. Fog, fog and fog again.",
]


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> TermIndex:
    folder = tmp_path_factory.mktemp("terms") / "built"
    TermIndex.build(TEXTS, folder)
    return TermIndex.load(folder)


def rows(terms: TermIndex, question: str, limit: int = 10) -> list[int]:
    return [row for row, _ in terms.best(question, limit)]


def test_row_n_is_the_nth_text(terms: TermIndex) -> None:
    assert terms.size == len(TEXTS)
    assert rows(terms, "harbour master") == [2]
    assert rows(terms, "visibility") == [1]


@pytest.mark.parametrize("question", ["BIM42125", "What does bim42125 say?"])
def test_section_numbers_are_found_in_either_case(terms: TermIndex, question: str) -> None:
    assert rows(terms, question)[0] == 0


@pytest.mark.parametrize("question", ["C2", "1994"])
def test_names_of_forms_and_years_are_words(terms: TermIndex, question: str) -> None:
    assert rows(terms, question) == [2]


def test_endings_do_not_matter(terms: TermIndex) -> None:
    assert rows(terms, "signalling lamps") == rows(terms, "signal lamp")


def test_scores_are_best_first_positive_and_zero_where_nothing_is_shared(terms: TermIndex) -> None:
    scores = terms.scores("fog records")
    best = terms.best("fog records", 10)

    assert scores.shape == (4,)
    assert (scores[0], scores[2]) == (0, 0)
    assert best == [(3, float(scores[3])), (1, float(scores[1]))]
    assert scores[3] > scores[1] > 0


def test_scores_are_bm25(tmp_path: Path) -> None:
    TermIndex.build(["lamp oil lamp", "oil horn", "horn bell wick"], tmp_path / "built")

    score = TermIndex.load(tmp_path / "built").scores("lamp")[0]

    # Lucene's variant: idf = ln(1 + (N - df + .5) / (df + .5)), then tf / (tf + k1 (1 - b + b length / mean length))
    idf = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    assert score == pytest.approx(idf * 2 / (2 + 1.5 * (1 - 0.75 + 0.75 * 3 / (8 / 3))), rel=1e-5)


@pytest.mark.parametrize("question", ["zebra crossing", "the of and", "a b c", "?", "", "1"])
def test_words_that_no_text_has_find_nothing(terms: TermIndex, question: str) -> None:
    assert terms.best(question, 5) == []
    assert not terms.scores(question).any()


def test_no_more_than_the_limit_and_only_among_the_rows_allowed(terms: TermIndex) -> None:
    allowed = np.array([True, True, True, False])

    assert rows(terms, "fog", 1) == [3]
    assert [row for row, _ in terms.best("fog", 5, among=allowed)] == [1]
    assert terms.best("fog", 5, among=np.zeros(4, dtype=bool)) == []
    assert terms.best("fog", 0) == []


@pytest.mark.parametrize("texts", [[], ["a", "? !"]])
def test_an_index_without_words_finds_nothing(tmp_path: Path, texts: list[str]) -> None:
    TermIndex.build(texts, tmp_path / "built")
    terms = TermIndex.load(tmp_path / "built")

    assert terms.best("fog", 5) == []
    assert terms.best("fog", 5, among=np.ones(len(texts), dtype=bool)) == []


def test_one_text_can_be_found(tmp_path: Path) -> None:
    TermIndex.build(["Fog signals"], tmp_path / "built")

    assert rows(TermIndex.load(tmp_path / "built"), "fog") == [0]
