"""Question → ranked passages: meaning (vectors) and words (BM25), fused, with the page's other passages counting too.

Knows nothing of answers. Each weight's measurement is in docs/benchmarks.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

import numpy as np

from assistant.documents import Document
from assistant.index import Mask, Passage, RememberedVectors, Searchable, Vectors, embedded_text
from assistant.safety import screen
from assistant.search.focus import focus
from assistant.search.model import Filters, FoundPassage, SearchResult
from assistant.search.ranking import fuse, ranked, resemblance, shingles, weigh_pages
from assistant.search.rerank import Reranker, make_reranker
from assistant.settings import SearchSettings

_FOCUS_WEIGHT = 0.25  # of the question proper beside the whole text; 0 and .5 put the right page first less often
_OLD_VERSION_WEIGHT = 0.6  # withdrawn and superseded guidance comes after current guidance that says as much
_FEWEST, _SHARE = 10, 5  # a search takes at most a fifth of a small index: else every page has its best four in it
_SAME = 0.9  # resemblance from which two passages are one


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage as found, with what each search thought of it.

    Attributes:
        row: Its number in the index.
        score: Fused score.
        similarity: Cosine to the question, its focus counting more; None when the vector search did not bring it.
        terms: BM25, 0 when the term search did not bring it.
    """

    row: int
    score: float
    similarity: float | None
    terms: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a question brought.

    Attributes:
        question: As searched for.
        focus: The question proper.
        vectors: Of the question and of its focus; shape `(2, dimension)`.
        hits: Best first, near-duplicates collapsed.
        timings_ms: Milliseconds by stage.
    """

    question: str
    focus: str
    vectors: Vectors
    hits: tuple[Hit, ...]
    timings_ms: dict[str, float]


class Searcher:
    """Searches one index."""

    def __init__(self, index: Searchable, settings: SearchSettings, *, reranker: Reranker | None = None) -> None:
        self.index: Searchable = index
        self.remembered = RememberedVectors(index.embedder)
        """Vectors of blocks and headings, which the answers to many questions share."""
        self._settings = settings
        self._reranker = reranker or make_reranker(settings.reranker)

    def over(self, index: Searchable) -> Searcher:
        """The same search of another index, which was made with the same embedder."""
        other = copy(self)
        other.index = index
        return other

    def search(self, question: str, *, limit: int = 10, filters: Filters | None = None, id: str = "") -> SearchResult:
        """The best passages for a question, as the outside contract gives them.

        Raises:
            InputError: The question is empty or too long.
        """
        with self.index.steady():
            retrieval = self.retrieve(question, limit=limit, filters=filters)
            passages = tuple(self.found(hit, rank) for rank, hit in enumerate(retrieval.hits, start=1))
        return SearchResult(id=id, question=question, passages=passages, timings_ms=retrieval.timings_ms)

    def retrieve(
        self,
        question: str,
        *,
        limit: int = 10,
        filters: Filters | None = None,
        keep: Callable[[Document], bool] | None = None,
    ) -> Retrieval:
        """The best passages for a question, with the scores behind them.

        Args:
            question: What to look for, up to 10,000 characters.
            limit: Most hits returned.
            filters: Which documents to search.
            keep: A further test of documents, for evaluations that take pages away.

        Raises:
            InputError: The question is empty or too long.
        """
        question = screen(question)
        clock = _Clock()
        among = self._mask(filters, keep)
        centre = focus(question)
        vectors = self.index.embedder.embed([question] if centre == question else [question, centre])
        vectors = vectors[[0, -1]]
        clock.lap("embed")
        hits = self._rank(question, vectors, among)
        clock.lap("search")
        hits = self._collapse(hits, limit)
        hits = self._rerank(question, hits)
        clock.lap("rerank" if self._reranker else "collapse")
        return Retrieval(question, centre, vectors, tuple(hits[:limit]), clock.laps)

    def found(self, hit: Hit, rank: int) -> FoundPassage:
        """A hit as the outside contract gives it."""
        document, passage = self.index.brief(hit.row), self.index.passage(hit.row)
        return FoundPassage(
            rank=rank,
            score=round(hit.score, 6),
            passage_id=self.index.passage_id(hit.row),
            url=document.url + passage.anchor,
            title=document.title,
            headings=passage.headings,
            text=passage.text,
            context=passage.context,
            organisation="; ".join(document.organisations),
            document_type=document.document_type,
            recognised=document.recognised,
            updated=document.updated,
            withdrawn=not_current(document),
        )

    def neighbours(self, row: int, *, before: int = 1, after: int = 1) -> list[Passage]:
        """The passages around a row in its document, in order, the row's own included."""
        stored = self.index.stored(row)
        at = stored.rows.index(row)
        return list(stored.passages[max(0, at - before) : at + after + 1])

    def _mask(self, filters: Filters | None, keep: Callable[[Document], bool] | None) -> Mask | None:
        if not filters and keep is None:
            return None
        chosen = filters or Filters()
        return self.index.mask(lambda document: chosen.accepts(document) and (keep is None or keep(document)))

    def _rank(self, question: str, vectors: Vectors, among: Mask | None) -> list[Hit]:
        settings = self._settings
        taken = min(settings.candidates, max(_FEWEST, len(self.index) // _SHARE))
        mixed = vectors[0] + _FOCUS_WEIGHT * vectors[1]
        near = dict(self.index.nearest(mixed / np.linalg.norm(mixed), taken, among=among))
        terms = dict(self.index.best_by_terms(question, taken, among=among))
        scores = fuse([(settings.dense_weight, list(near)), (settings.bm25_weight, list(terms))])
        scores = weigh_pages(scores, self.index.document_key, self.index.page_size, weight=settings.page_weight)
        scores = {row: score * self._document_weight(row) for row, score in scores.items()}
        return [Hit(row, scores[row], near.get(row), terms.get(row, 0.0)) for row in ranked(scores)]

    def _document_weight(self, row: int) -> float:
        document = self.index.brief(row)
        weight = self._settings.document_type_weights.get(document.document_type, 1.0)
        return weight * (_OLD_VERSION_WEIGHT if not_current(document) else 1.0)

    def _collapse(self, hits: list[Hit], limit: int) -> list[Hit]:
        """Drop passages that say the same as a better one."""
        kept: list[Hit] = []
        seen: list[frozenset[tuple[str, ...]]] = []
        wanted = max(limit, self._settings.rerank_top if self._reranker else 0)
        for hit in hits:
            words = shingles(self.index.passage(hit.row).text)
            if any(resemblance(words, other) >= _SAME for other in seen):
                continue
            kept.append(hit)
            seen.append(words)
            if len(kept) >= wanted:
                break
        return kept

    def _rerank(self, question: str, hits: list[Hit]) -> list[Hit]:
        if self._reranker is None:
            return hits
        top, rest = hits[: self._settings.rerank_top], hits[self._settings.rerank_top :]
        texts = []
        for hit in top:
            passage = self.index.passage(hit.row)
            texts.append(embedded_text(self.index.brief(hit.row).title, passage.headings, passage.context, passage.text))
        scores = self._reranker.score(question, texts)
        order = sorted(range(len(top)), key=lambda position: (-scores[position], position))
        return [top[position] for position in order] + rest


def not_current(document: Document) -> bool:
    """True when a document is withdrawn or replaced by another."""
    return document.withdrawn or bool(document.superseded_by)


class _Clock:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 3)
        self._last = now
