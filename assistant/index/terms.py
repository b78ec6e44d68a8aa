"""The terms of all passages, for BM25 (bm25s), built at ingest and loaded without reading it whole.

Knows only rows: row n is the n-th text it was built from.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


_ROWS = "rows"  # how many texts it was built from, also when none has a term
_TEXTS = "texts"  # fingerprint of the texts it was built from


def texts_fingerprint(texts: Iterable[str]) -> str:
    """Names texts in their order."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()


class TermIndex:
    """BM25 scores of every passage for a question."""

    def __init__(self, retriever: Any, tokenizer: Any, size: int) -> None:
        self._retriever = retriever
        self._tokenizer = tokenizer
        self.size = size

    @classmethod
    def build(cls, texts: Iterable[str], folder: Path) -> None:
        """Build over `texts` and save into `folder`, which must not exist."""
        texts = list(texts)
        made = cls.of(texts)
        folder.mkdir(parents=True)
        (folder / _ROWS).write_text(str(made.size))
        (folder / _TEXTS).write_text(texts_fingerprint(texts))
        if made._retriever is not None:
            made._retriever.save(str(folder), show_progress=False)
            made._tokenizer.save_vocab(str(folder))

    @classmethod
    def of(cls, texts: Iterable[str]) -> TermIndex:
        """Build over `texts` in memory."""
        import bm25s

        tokenizer = _tokenizer()
        tokens = tokenizer.tokenize(list(texts), show_progress=False, return_as="tuple")
        if not tokens.vocab or not any(len(ids) for ids in tokens.ids):
            return cls(None, tokenizer, len(tokens.ids))
        retriever = bm25s.BM25()
        retriever.index(tokens, show_progress=False)
        return cls(retriever, tokenizer, len(tokens.ids))

    @staticmethod
    def fingerprint(folder: Path) -> str:
        """Names the texts that the terms in `folder` were built from; see `texts_fingerprint`."""
        return (folder / _TEXTS).read_text()

    @classmethod
    def load(cls, folder: Path) -> TermIndex:
        """Open what `build` saved."""
        import bm25s

        tokenizer = _tokenizer()
        size = int((folder / _ROWS).read_text()) if (folder / _ROWS).is_file() else 0
        if not (folder / "params.index.json").is_file():
            return cls(None, tokenizer, size)
        retriever = bm25s.BM25.load(str(folder), mmap=True)
        tokenizer.load_vocab(str(folder))
        return cls(retriever, tokenizer, int(retriever.scores["num_docs"]))

    def scores(self, question: str) -> Scores:
        """BM25 of every row for `question`; shape `(size,)`, 0 where no term is shared."""
        terms = self._terms(question)
        if self._retriever is None or not terms:
            return np.zeros(self.size, dtype=np.float32)
        scores: Scores = self._retriever.get_scores(terms)
        return scores

    def best(self, question: str, limit: int, *, among: npt.NDArray[np.bool_] | None = None) -> list[tuple[int, float]]:
        """The best rows for `question`, as (row, score), best first; rows that share no term are left out."""
        limit = min(limit, self.size)
        if not limit:
            return []
        scores = self.scores(question)
        if among is not None:
            scores = np.where(among, scores, 0)
        top = np.argpartition(-scores, limit - 1)[:limit]
        top = top[np.lexsort((top, -scores[top]))]
        return [(int(row), float(scores[row])) for row in top if scores[row] > 0]

    def rows(self) -> list[dict[str, float]]:
        """What is kept of each row: its terms with their scores."""
        rows: list[dict[str, float]] = [{} for _ in range(self.size)]
        if self._retriever is None:
            return rows
        words = {number: word for word, number in self._tokenizer.get_vocab_dict().items()}
        scores = self._retriever.scores
        for number, (start, stop) in enumerate(pairwise(scores["indptr"])):
            for entry in range(start, stop):
                rows[int(scores["indices"][entry])][words.get(number, "")] = float(scores["data"][entry])
        return rows

    def _terms(self, question: str) -> Sequence[int]:
        if self._retriever is None:
            return []
        found = self._tokenizer.tokenize([question], update_vocab=False, show_progress=False, return_as="ids")
        unknown = {self._tokenizer.get_vocab_dict().get("")}
        return [term for term in found[0] if term not in unknown]


@dataclass(frozen=True, slots=True)
class TermsCompared:
    """How terms that are kept differ from those made again.

    Attributes:
        rows: How many texts they were built from.
        other_texts: Whether those were other texts, or in another order.
        differing: The rows that have other terms.
        damaged: The files that differ.
    """

    rows: int
    other_texts: bool
    differing: tuple[int, ...]
    damaged: tuple[str, ...]


def compare_terms(folder: Path, texts: Sequence[str]) -> TermsCompared:
    """Build terms over `texts` anew, elsewhere, and compare those in `folder` with them.

    Raises:
        Exception: Of any kind, when those in `folder` cannot be loaded.
    """
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "terms"
        TermIndex.build(texts, made)
        kept = TermIndex.load(folder)
        names = sorted({path.name for path in (*made.iterdir(), *folder.iterdir())})
        damaged = tuple(name for name in names if _contents(folder / name) != _contents(made / name))
        other_texts = TermIndex.fingerprint(folder) != TermIndex.fingerprint(made)
        differing: tuple[int, ...] = ()
        if damaged:
            ours, theirs = kept.rows(), TermIndex.load(made).rows()
            differing = tuple(row for row, terms in enumerate(theirs) if row >= len(ours) or ours[row] != terms)
        return TermsCompared(kept.size, other_texts, differing, damaged)


def _contents(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _tokenizer() -> Any:
    import Stemmer
    from bm25s.tokenization import Tokenizer

    # Section numbers ("BIM42125"), form names ("C2") and years are words here, so one-letter tokens alone are dropped.
    return Tokenizer(stemmer=Stemmer.Stemmer("english"), stopwords="english", splitter=r"(?u)\b\w\w+\b")
