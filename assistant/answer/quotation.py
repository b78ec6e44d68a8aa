"""Drafts an answer by quotation: the chosen blocks, each with what introduces it, word for word.

It cannot invent: every character of a claim is a span of a source. Knows nothing of thresholds or of search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.evidence import Candidate
from assistant.answer.model import Citation, Source
from assistant.answer.sources import SourceList
from assistant.documents import BlockKind
from assistant.search import Searcher


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A claim before it is checked."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is checked; sources are numbered from 1 in the order they are first cited."""

    claims: tuple[DraftClaim, ...]
    sources: tuple[Source, ...]
    partial: tuple[int, ...] = ()
    """Numbers of sources of which a list is quoted in part."""
    best: int = 0
    """Position of the claim made of the likeliest evidence."""


def draft_by_quotation(searcher: Searcher, chosen: Sequence[Candidate]) -> Draft:
    """Quote the chosen blocks in the order given."""
    sources = SourceList(searcher)
    claims, partial = [], []
    introduced = {_introducer(block) for block in chosen}
    quoted = {(id(block.document), block.span.block) for block in chosen}
    for block in chosen:
        if (id(block.document), block.span.block) in introduced:
            continue  # it is quoted with what it introduces
        citations = citations_of(block, sources)
        joint = "\n" if block.span.kind is BlockKind.TABLE_ROW else " "
        claims.append(DraftClaim(joint.join(citation.quote for citation in citations), citations))
        if not quoted.issuperset(_list_of(block)):
            partial.append(citations[-1].source)
    return Draft(tuple(claims), sources.numbered, tuple(dict.fromkeys(partial)))


def _list_of(block: Candidate) -> set[tuple[int, int]]:
    """The items of the list that a block stands in, itself included; a row of a table stands alone."""
    if block.span.kind is not BlockKind.LIST_ITEM or block.span.introduced_by is None:
        return set()
    items = enumerate(block.document.blocks)
    return {(id(block.document), number) for number, item in items if item.introduced_by == block.span.introduced_by}


def _introducer(block: Candidate) -> tuple[int, int | None]:
    return id(block.document), block.span.introduced_by


def citations_of(block: Candidate, sources: SourceList) -> tuple[Citation, ...]:
    """The span itself, after the blocks that introduce it, outermost first."""
    spans = [(block.span.start, block.span.end)]
    position = block.span.introduced_by
    while position is not None:
        introduction = block.document.blocks[position]
        spans.insert(0, (introduction.start, introduction.end))
        position = introduction.introduced_by
    return tuple(citation for start, end in spans for citation in sources.cite(block, start, end))
