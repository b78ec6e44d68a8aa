"""An index in memory finds what the kept one finds, and two joined keep each row's document."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.answer import Assistant
from assistant.index import Embedder, HeldDocument, HeldIndex, JoinedIndex, passage_texts, typical_texts
from assistant.search import Filters, Scope, Searcher


@pytest.fixture(scope="module")
def embedder(bernard: Assistant) -> Embedder:
    return bernard.index.embedder


@pytest.fixture(scope="module")
def held(bernard: Assistant, embedder: Embedder) -> HeldIndex:
    """Everything that the kept index holds."""
    stored = {bernard.index.document_key(row): bernard.index.stored(row) for row in range(len(bernard.index))}
    return HeldIndex(
        [
            HeldDocument(one.document, one.passages, embedder.embed(passage_texts(one.document, one.passages)))
            for one in stored.values()
        ],
        embedder=embedder,
    )


def test_it_finds_what_the_kept_index_finds(bernard: Assistant, held: HeldIndex, embedder: Embedder) -> None:
    assert len(held) == len(bernard.index)
    (vector,) = embedder.embed(["How long is the fog log kept?"])
    kept = [(bernard.index.passage(row).text, round(score, 3)) for row, score in bernard.index.nearest(vector, 5)]
    found = [(held.passage(row).text, round(score, 3)) for row, score in held.nearest(vector, 5)]
    assert found == kept
    assert [held.passage(row).text for row, _ in held.best_by_terms("fog log", 2)] == [
        bernard.index.passage(row).text for row, _ in bernard.index.best_by_terms("fog log", 2)
    ]


def test_a_mask_leaves_documents_out(held: HeldIndex, embedder: Embedder) -> None:
    (vector,) = embedder.embed(["fog"])
    among = held.mask(lambda document: "Fog" not in document.title)
    assert 0 < among.sum() < len(held)
    rows = [row for row, _ in (*held.nearest(vector, 50, among=among), *held.best_by_terms("fog", 50, among=among))]
    assert rows
    assert not [row for row in rows if "Fog" in held.brief(row).title]


def test_an_index_of_nothing_finds_nothing(embedder: Embedder) -> None:
    empty = HeldIndex([], embedder=embedder)
    assert len(empty) == 0
    assert empty.nearest(np.zeros(embedder.dimension, dtype=np.float32), 5) == []
    assert empty.best_by_terms("anything", 5) == []


def test_two_joined_know_each_row(bernard: Assistant, held: HeldIndex, embedder: Embedder) -> None:
    joined = JoinedIndex(bernard.index, held)
    size = len(bernard.index)
    assert len(joined) == 2 * size
    for row in (0, size - 1, size, 2 * size - 1):
        stored = joined.stored(row)
        assert stored.passages[stored.rows.index(row)] == joined.passage(row)
        assert joined.page_size(row) == len(stored.rows)
        assert joined.brief(row).title == stored.document.title
        assert joined.passage_id(row) == (bernard.index if row < size else held).passage_id(row % size)
    keys = {joined.document_key(row) for row in range(size)}
    assert not keys & {joined.document_key(row) for row in range(size, 2 * size)}
    (vector,) = embedder.embed(["fog"])
    half = np.arange(2 * size) >= size
    assert {row >= size for row, _ in joined.nearest(vector, 10)} == {True, False}
    assert all(row >= size for row, _ in joined.nearest(vector, 10, among=half))
    assert all(row >= size for row, _ in joined.best_by_terms("fog", 10, among=half))
    assert joined.digest not in {bernard.index.digest, held.digest}


def test_a_searcher_goes_over_any_of_them(bernard: Assistant, held: HeldIndex) -> None:
    over: Searcher = bernard.searcher.over(held)
    first, *_ = over.search("How long is the fog log kept?").passages
    assert "fog log" in first.text
    assert bernard.searcher.index is bernard.index
    assert bernard.searcher.search("fog log", filters=Filters(scope=Scope.OWN)).passages == ()


def test_a_word_that_is_rare_in_guidance_counts_in_a_single_passage(bernard: Assistant, held: HeldIndex) -> None:
    first = held.documents[0]
    passage = first.passages[0]
    one = [HeldDocument(first.document, (passage,), np.zeros((1, held.embedder.dimension), dtype=np.float32))]
    word = max(passage.text.split(), key=len)
    ((_, alone),) = HeldIndex(one, embedder=held.embedder).best_by_terms(word, 3)
    beside = HeldIndex(one, embedder=held.embedder, beside=typical_texts(bernard.index))
    ((row, score),) = beside.best_by_terms(word, 3)
    assert row == 0
    assert score > 2 * alone
    assert len(beside) == 1
