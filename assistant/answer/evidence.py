"""The blocks of the passages found, each described by numbers that say how likely it answers the question.

Knows nothing of how the numbers are weighed (`weighing`) or of how an answer is put together (`quotation`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.answer.expected import asked_for, holds
from assistant.answer.point import Met, Point, met, point_of
from assistant.documents import BlockKind, Document
from assistant.index import Passage, Span, StoredDocument
from assistant.search import Hit, Retrieval, Searcher

PASSAGES = 12
"""Passages whose blocks are considered; nine in ten gold evidence blocks of the development questions are in them."""

Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]

_WORD = re.compile(r"[a-z0-9£%]+")
_STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "she",
        "should",
        "so",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block that may be quoted.

    Attributes:
        hit: The passage found.
        rank: The passage's rank, from 0.
        passage: The passage itself.
        document: The whole document.
        span: The block's place.
        text: The block's text.
        lead_in: The text of the block that introduces it, "" when none.
    """

    hit: Hit
    rank: int
    passage: Passage
    document: Document
    span: Span
    text: str
    lead_in: str


def candidates(searcher: Searcher, retrieval: Retrieval) -> list[Candidate]:
    """The blocks of the best passages, passage by passage, in reading order within each."""
    found: list[Candidate] = []
    for rank, hit in enumerate(retrieval.hits[:PASSAGES]):
        stored = searcher.index.stored(hit.row)
        document, passage = stored.document, stored.passages[stored.rows.index(hit.row)]
        for span in (*passage.spans, *_qualification(stored, passage)):
            lead_in = "" if span.introduced_by is None else document.quote(document.blocks[span.introduced_by])
            text = document.text[span.start : span.end]
            found.append(Candidate(hit, rank, passage, document, span, text, lead_in))
    return found


_QUALIFIES = re.compile(
    r"^(however|but|unless|except|otherwise|this (does|do|will) not|these (do|will) not|there (is|are) (an? )?exception"
    r"|the (only )?exception)",
    re.IGNORECASE,
)


def qualifies(text: str) -> bool:
    """True when a block limits what stands before it: an exception or a condition that follows."""
    return bool(_QUALIFIES.match(text))


def _qualification(stored: StoredDocument, passage: Passage) -> tuple[Span, ...]:
    """The first block of the next passage under the same heading, when it limits what this one says."""
    following = stored.passages[passage.ordinal + 1 : passage.ordinal + 2]
    return tuple(
        following_passage.spans[0]
        for following_passage in following
        if following_passage.headings == passage.headings and qualifies(following_passage.text)
    )


FEATURES = (
    "passage_rank",
    "passage_score",
    "passage_similarity",
    "passage_terms",
    "similarity",
    "focus_similarity",
    "heading_similarity",
    "heading_focus_similarity",
    "words_shared",
    "words_shared_with_lead_in",
    "best_page",
    "length",
    "list_item",
    "table_row",
    "leads_in",
    "first_in_passage",
    "next_similarity",
    "passage_mean_similarity",
    "passage_best_similarity",
    "standing",
    "standing_rank",
    "best_in_passage",
    "top_three_passage",
    "blocks_in_passage",
    "best_passage_and_standing",
    "holds_fact_asked_for",
    "lacks_fact_asked_for",
)
"""What describes a block, in the order of the columns of `features`."""


def features(searcher: Searcher, retrieval: Retrieval, blocks: Sequence[Candidate]) -> Matrix:
    """Describe each block by numbers; shape `(len(blocks), len(FEATURES))`."""
    embed = searcher.remembered.embed
    places = [" > ".join((block.document.title, *block.passage.headings)) for block in blocks]
    distinct = sorted(set(places))
    vectors = embed([f"{block.lead_in} {block.text}".strip() for block in blocks] + distinct)
    similar = vectors[: len(blocks)] @ retrieval.vectors.T
    of_place = dict(zip(distinct, vectors[len(blocks) :] @ retrieval.vectors.T, strict=True))
    standing = _standardised(similar.sum(axis=1))
    order = np.argsort(np.argsort(-standing))
    best_score = retrieval.hits[0].score or 1.0  # 0 when the settings give its document type no weight
    best_page = blocks[0].document.url
    asked = content_words(retrieval.focus)
    wanted = asked_for(retrieval.focus)
    together = _positions_by_passage(blocks)
    rows = []
    for position, block in enumerate(blocks):
        siblings = together[block.rank]
        follows = position + 1 in siblings
        place = of_place[places[position]]
        rows.append(
            (
                1 / (1 + block.rank),
                block.hit.score / best_score,
                block.hit.similarity or 0.2,  # about the least that the vector search brings
                math.log1p(block.hit.terms),
                similar[position, 0],
                similar[position, 1],
                place[0],
                place[1],
                _share(asked, content_words(block.text)),
                _share(asked, content_words(f"{block.lead_in} {block.text}")),
                float(block.document.url == best_page),
                math.log1p(len(block.text.split())),
                float(block.span.kind is BlockKind.LIST_ITEM),
                float(block.span.kind in {BlockKind.TABLE_ROW, BlockKind.TABLE_HEAD}),
                float(block.text.endswith(":")),
                float(position == siblings[0]),
                similar[position + 1, 1] if follows else 0.0,
                similar[siblings, 1].mean(),
                similar[siblings, 1].max(),
                standing[position],
                1 / (1 + order[position]),
                float(standing[position] >= standing[siblings].max()),
                float(block.rank < 3),
                math.log1p(len(siblings)),
                standing[position] if block.rank == 0 else 0.0,
                float(holds(block.text, wanted)),
                float(bool(wanted) and not holds(block.text, wanted)),
            )
        )
    return np.array(rows, dtype=np.float64)


def content_words(text: str) -> frozenset[str]:
    """Words that carry meaning, without their endings."""
    return stemmed(word for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS)


def stemmed(words: Iterable[str]) -> frozenset[str]:
    """Words without their endings."""
    import Stemmer

    return frozenset(Stemmer.Stemmer("english").stemWords(list(words)))


def _share(wanted: frozenset[str], found: frozenset[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 0.0


def _standardised(values: npt.NDArray[np.float32]) -> Vector:
    spread = float(values.std())
    return np.asarray((values - values.mean()) / (spread + 1e-6), dtype=np.float64)


def _positions_by_passage(blocks: Sequence[Candidate]) -> dict[int, list[int]]:
    positions: dict[int, list[int]] = {}
    for position, block in enumerate(blocks):
        positions.setdefault(block.rank, []).append(position)
    return positions


LIKELIEST = 8
"""Blocks that are compared with the point of a question."""
_TOP = 3

RETRIEVAL_FEATURES = (
    "similarity",
    "passage_focus_similarity",
    "terms",
    "similarity_of_fifth",
    "similarity_drop",
    "agreement",
    "best_page_share",
    "words_found",
    "focus_words_found",
    "rare_words_missing",
    "heading_similarity",
    "title_similarity",
    "block_similarity",
    "best_block",
    "second_block",
    "blocks_expected",
    "best_over_its_heading",
    "blocks_over_headings",
    "lacks_fact",
    "lacks_fact_top_three",
    "lacks_fact_throughout",
    "share_with_fact",
    "lacks_named",
    "lacks_named_top_three",
    "lacks_named_throughout",
    "lacks_who",
    "lacks_who_top_three",
    "point_met",
    "point_met_top_three",
    "point_placed",
    "point_placed_top_three",
    "point_missing",
    "own_words_met",
    "own_words_met_top_three",
    "placed_with_fact",
    "own_words_met_with_fact",
)
"""What describes a whole retrieval, in the order of `retrieval_features`."""


def retrieval_features(
    searcher: Searcher, retrieval: Retrieval, blocks: Sequence[Candidate], described: Matrix, likely: Vector
) -> Vector:
    """Describe how well the passages found cover the question; shape `(len(RETRIEVAL_FEATURES),)`.

    Args:
        searcher: Where the passages came from.
        retrieval: What was found.
        blocks: The blocks of the passages.
        described: Their `features`.
        likely: The probability of each block to be evidence.
    """
    hits = retrieval.hits[:PASSAGES]
    similar = sorted((hit.similarity for hit in hits if hit.similarity is not None), reverse=True) or [0.0]
    pages = [searcher.index.document_key(hit.row) for hit in hits]
    seen = content_words(" ".join(f"{block.lead_in} {block.text}" for block in blocks))
    titled = content_words(" ".join(f"{block.document.title} {' '.join(block.passage.headings)}" for block in blocks))
    asked, wanted = content_words(retrieval.question), content_words(retrieval.focus)
    in_both = [hit for hit in hits if hit.similarity is not None and hit.terms > 0]
    titles = searcher.remembered.embed([blocks[0].document.title]) @ retrieval.vectors.T
    order = np.argsort(-likely, kind="stable")
    ordered = likely[order]
    column = {name: described[:, number] for number, name in enumerate(FEATURES)}
    nearest = np.maximum(column["similarity"], column["focus_similarity"])
    headed = np.maximum(column["heading_similarity"], column["heading_focus_similarity"])
    return np.array(
        [
            similar[0],
            column["passage_best_similarity"].max(),
            math.log1p(max(hit.terms for hit in hits)),
            similar[min(4, len(similar) - 1)],
            similar[0] - similar[-1],
            len(in_both) / len(hits),
            pages.count(pages[0]) / len(pages),
            _share(asked, seen | titled),
            _share(wanted, seen | titled),
            float(len(wanted - seen - titled)),
            headed.max(),
            float(titles.max()),
            nearest.max(),
            ordered[0],
            ordered[min(1, len(ordered) - 1)],
            float(likely.sum()),
            nearest[order[0]] - headed[order[0]],
            nearest.max() - headed.max(),
            *_point_features(retrieval.focus, [blocks[position] for position in order[:LIKELIEST]]),
        ],
        dtype=np.float64,
    )


def _point_features(question: str, likeliest: Sequence[Candidate]) -> list[float]:
    """How far the likeliest blocks meet the point of the question, best first."""
    point = point_of(question)
    found = [_met_by(point, block) for block in likeliest]
    top = found[:_TOP]
    with_fact = [one for one in found if one.fact]
    return [
        float(not found[0].fact),
        float(not any(one.fact for one in top)),
        float(not with_fact),
        len(with_fact) / len(found),
        float(not found[0].named),
        float(not any(one.named for one in top)),
        float(not any(one.named for one in found)),
        float(not found[0].who),
        float(not any(one.who for one in top)),
        found[0].words,
        max(one.words for one in top),
        found[0].placed,
        max(one.placed for one in top),
        math.log1p(min(one.missing for one in top)),
        found[0].own,
        max(one.own for one in top),
        max((one.placed for one in with_fact), default=0.0),
        max((one.own for one in with_fact), default=0.0),
    ]


def _met_by(point: Point, block: Candidate) -> Met:
    headings, title = block.passage.headings, block.document.title
    return met(point, text=block.text, lead_in=block.lead_in, headings=headings, title=title)
