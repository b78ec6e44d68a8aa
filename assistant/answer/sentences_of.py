"""A whole document as candidates for quotation: sentence by sentence, each item and row with what introduces it.

Knows nothing of what is looked for in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answer.evidence import Candidate
from assistant.documents import Block, BlockKind, Document
from assistant.grounding import sentences
from assistant.index import HeldIndex, Passage, Span, StoredDocument
from assistant.search import Hit

_WHOLE = {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence, item or row.

    Attributes:
        block: How it is quoted.
        said: What it says, after the sentence of each block that leads into it.
    """

    block: Candidate
    said: str


def documents_at(index: HeldIndex, locations: tuple[str, ...]) -> list[StoredDocument]:
    """The documents at these locations, in this order."""
    found = {stored.document.location: stored for stored in index.documents}
    return [found[location] for location in locations if location in found]


def pieces(stored: StoredDocument) -> list[Piece]:
    """Every sentence, item and row in order; lead-ins, column headings and questions come with others or not at all."""
    document = stored.document
    return [
        _piece(stored, position, block, start, end)
        for position, block in enumerate(document.blocks)
        for start, end in _cuts(document, block)
        if not document.text[start:end].rstrip().endswith((":", "?"))
    ]


def _cuts(document: Document, block: Block) -> Iterator[tuple[int, int]]:
    if block.kind in _WHOLE:
        yield block.start, block.end
    elif block.kind is BlockKind.PARAGRAPH:
        for start, end in sentences(document.quote(block)):
            yield block.start + start, block.start + end


def _piece(stored: StoredDocument, position: int, block: Block, start: int, end: int) -> Piece:
    document = stored.document
    row, passage = _passage_at(stored, start)
    span = Span(start, end, block.kind, block.level, block.introduced_by, position)
    leads: list[str] = []
    introducer = block.introduced_by
    while introducer is not None:
        leads.insert(0, document.quote(document.blocks[introducer]))
        introducer = document.blocks[introducer].introduced_by
    text = document.text[start:end]
    found = Candidate(Hit(row, 0.0, None, 0.0), passage.ordinal, passage, document, span, text, " ".join(leads))
    return Piece(found, " ".join([*map(_last_sentence, leads), text]))


def _last_sentence(text: str) -> str:
    start, end = list(sentences(text))[-1]
    return text[start:end]


def _passage_at(stored: StoredDocument, start: int) -> tuple[int, Passage]:
    at = max(n for n, passage in enumerate(stored.passages) if passage.start <= start)
    return stored.rows[at], stored.passages[at]
