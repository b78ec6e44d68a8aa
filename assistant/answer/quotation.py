"""Drafts an answer by quotation: the chosen blocks, each with what introduces it, word for word.

It cannot invent: every character of a claim is a span of a source. Knows nothing of thresholds or of search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.evidence import Candidate
from assistant.answer.model import Citation, Source
from assistant.documents import BlockKind, Document
from assistant.index import Passage, StoredDocument
from assistant.search import Searcher, not_current


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


def draft_by_quotation(searcher: Searcher, chosen: Sequence[Candidate]) -> Draft:
    """Quote the chosen blocks in the order given."""
    sources = _Sources(searcher)
    claims, partial = [], []
    introduced = {_introducer(block) for block in chosen}
    quoted = {(id(block.document), block.span.block) for block in chosen}
    for block in chosen:
        if (id(block.document), block.span.block) in introduced:
            continue  # it is quoted with what it introduces
        citations = _citations(block, sources)
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


def _citations(block: Candidate, sources: _Sources) -> tuple[Citation, ...]:
    """The span itself, after the blocks that introduce it, outermost first."""
    spans = [(block.span.start, block.span.end)]
    position = block.span.introduced_by
    while position is not None:
        introduction = block.document.blocks[position]
        spans.insert(0, (introduction.start, introduction.end))
        position = introduction.introduced_by
    return tuple(citation for start, end in spans for citation in sources.cite(block, start, end))


class _Sources:
    """Numbers passages as they are cited."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._by_row: dict[int, Source] = {}

    @property
    def numbered(self) -> tuple[Source, ...]:
        return tuple(self._by_row.values())

    def cite(self, block: Candidate, start: int, end: int) -> list[Citation]:
        """Citations of a span of the block's document; more than one when it runs over several passages."""
        stored = self._searcher.index.stored(block.hit.row)
        found = []
        for row, passage in zip(stored.rows, stored.passages, strict=True):
            first, last = max(start, passage.start), min(end, passage.end)
            if first < last:
                source = self._source(block, stored, row, passage)
                begin, stop = first - passage.start, last - passage.start
                found.append(Citation(source=source.number, quote=passage.text[begin:stop], start=begin, end=stop))
        return found

    def _source(self, block: Candidate, stored: StoredDocument, row: int, passage: Passage) -> Source:
        if row not in self._by_row:
            hit = row == block.hit.row
            self._by_row[row] = Source(
                number=len(self._by_row) + 1,
                rank=block.rank + 1,
                score=round(block.hit.score, 6) if hit else 0.0,
                passage_id=self._searcher.index.passage_id(row),
                **_described(stored.document, passage),
            )
        return self._by_row[row]


def _described(document: Document, passage: Passage) -> dict[str, object]:
    return {
        "url": document.url + passage.anchor,
        "title": document.title,
        "headings": passage.headings,
        "text": passage.text,
        "context": passage.context,
        "organisation": "; ".join(document.organisations),
        "document_type": document.document_type,
        "updated": document.updated,
        "withdrawn": not_current(document),
        "notice": _notice(document),
        "extent": document.extent,
    }


def _notice(document: Document) -> str:
    if document.withdrawn and "withdrawn" not in document.notice.lower():
        return f"The publisher has withdrawn this page. {document.notice}".strip()
    if document.notice:
        return document.notice
    if document.superseded_by:
        return f"This has been replaced by {document.superseded_by}."
    return ""
