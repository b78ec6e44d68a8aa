"""Passages as the numbered sources of one answer: what a reader is told of each, and which characters of it are cited.

Knows nothing of how passages were found or of who drafts from them.
"""

from __future__ import annotations

from assistant.answer.evidence import Candidate
from assistant.answer.model import Citation, Source
from assistant.documents import Document
from assistant.index import Passage, StoredDocument, is_uploaded
from assistant.search import Searcher, not_current


class SourceList:
    """Numbers passages from 1, in the order in which they are first named."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._by_row: dict[int, Source] = {}

    @property
    def numbered(self) -> tuple[Source, ...]:
        """All so far, in order."""
        return tuple(self._by_row.values())

    def of(self, block: Candidate) -> Source:
        """The passage in which a block was found."""
        stored = self._searcher.index.stored(block.hit.row)
        return self._source(block, stored, block.hit.row, block.passage)

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
        "recognised": document.recognised,
        "uploaded": is_uploaded(document.location),
    }


def _notice(document: Document) -> str:
    if document.withdrawn and "withdrawn" not in document.notice.lower():
        return f"The publisher has withdrawn this page. {document.notice}".strip()
    if document.notice:
        return document.notice
    if document.superseded_by:
        return f"This has been replaced by {document.superseded_by}."
    return ""
