"""Cuts a document into passages: consecutive blocks under one heading, with exact offsets.

Knows nothing of files, vectors or search. The size was chosen by measurement (docs/benchmarks.md, "Passage size").
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents import Block, BlockKind, Document
from assistant.settings import PassageSettings

SPLITTER_VERSION = 1
"""Raise it when the same settings would cut the same document differently."""

_UPLOADED_ID = "own-"
_SENTENCE_END = re.compile(r"(?<=[.!?;:])[\"'’”)\]]*\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """A quotable piece of a passage, by offsets in `Document.text`: a block, or sentences of a very long one.

    `introduced_by` is the position in `Document.blocks` of the block needed to understand this one, or None.
    """

    start: int
    end: int
    kind: BlockKind
    level: int
    introduced_by: int | None
    block: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Unit of retrieval: `document.text[start:end]`.

    Attributes:
        ordinal: Position among the document's passages, from 0.
        start: First character in the document's text.
        end: One past the last.
        text: The passage's own text, without headings or title.
        headings: Heading path, outermost first, without the document's title.
        context: Lead-in sentence or column headings that stand in an earlier passage, "" when not needed.
        anchor: What to append to the document's URL to open it here.
        page: Page in a paginated document, from 1.
        spans: The quotable pieces.
    """

    ordinal: int
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    context: str
    anchor: str
    page: int | None
    spans: tuple[Span, ...]


def embedded_text(title: str, headings: Sequence[str], context: str, text: str) -> str:
    """What the embedding model and BM25 see of a passage: the words that say where it stands, then its text."""
    place = " > ".join((title, *headings))
    return "\n".join(part for part in (place, context, text) if part)


UPLOADED = "own:"
"""What the locations of documents begin with that a user brought and that are in no index of guidance."""


def is_uploaded(location: str) -> bool:
    """True for the location, or the `document_id`, of a document that a user brought."""
    return location.startswith((UPLOADED, _UPLOADED_ID))


def document_id(location: str) -> str:
    """A name for the document read from `location`, which stays while it is read from there, whatever it says."""
    digest = hashlib.sha256(location.encode()).hexdigest()[:12]
    return f"{_UPLOADED_ID}{digest}" if is_uploaded(location) else digest


def passage_id(location: str, ordinal: int) -> str:
    """A name for a passage, which stays while its document stays as it is: it counts from the document's start."""
    return f"{document_id(location)}-{ordinal}"


def document_of(passage_id: str) -> str:
    """The `document_id` in a passage's name."""
    return passage_id.rpartition("-")[0]


def vector_id(embedded_text: str) -> str:
    """Name of a text's vector: equal texts share one vector, and a vector never changes under its name."""
    return hashlib.sha256(embedded_text.encode()).hexdigest()[:32]


def splitter_fingerprint(settings: PassageSettings) -> str:
    """Names the splitting rules, to tell an index built with others."""
    return f"v{SPLITTER_VERSION}/{settings.target_words}/{settings.max_words}"


def split(document: Document, settings: PassageSettings) -> list[Passage]:
    """Cut a document into passages, in reading order; together they hold every block that is not a heading."""
    passages: list[Passage] = []
    for headings, anchor, blocks in _sections(document):
        for unit in _pack(document, blocks, settings):
            passages.append(_passage(document, len(passages), headings, anchor, unit))
    return passages


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], str, list[int]]]:
    """Runs of blocks under one heading, as (heading path, anchor, block positions)."""
    path: list[tuple[int, str, str]] = []
    current: list[int] = []
    for position, block in enumerate(document.blocks):
        if block.kind is not BlockKind.HEADING:
            current.append(position)
            continue
        if current:
            yield _place(path, current)
            current = []
        while path and path[-1][0] >= block.level:
            path.pop()
        path.append((block.level, document.quote(block), block.anchor))
    if current:
        yield _place(path, current)


def _place(path: Sequence[tuple[int, str, str]], blocks: list[int]) -> tuple[tuple[str, ...], str, list[int]]:
    anchor = next((anchor for _, _, anchor in reversed(path) if anchor), "")
    return tuple(text for _, text, _ in path), anchor, blocks


def _pack(document: Document, positions: Sequence[int], settings: PassageSettings) -> Iterator[list[Span]]:
    """Group a section's spans into passages of about `target_words`, never over `max_words` unless one span is longer."""
    current: list[Span] = []
    words = 0
    for group in _groups(document, positions, settings):
        size = sum(_words(document, span) for span in group)
        if current and (words >= settings.target_words or words + size > settings.max_words):
            yield current
            current, words = [], 0
        current += group
        words += size
    if current:
        yield current


def _groups(document: Document, positions: Sequence[int], settings: PassageSettings) -> Iterator[list[Span]]:
    """Spans that belong together: a lead-in with its list, column headings with their rows; cut only when too long."""
    group: list[Span] = []
    members: set[int] = set()
    words = 0
    for position in positions:
        block = document.blocks[position]
        for span in _spans(document, position, block, settings.max_words):
            size = _words(document, span)
            belongs = block.introduced_by in members or span.start != block.start
            if group and (not belongs or words + size > settings.max_words):
                yield group
                group, words = [], 0
                members = members if belongs else set()
            group.append(span)
            members.add(position)
            words += size
    if group:
        yield group


def _spans(document: Document, position: int, block: Block, max_words: int) -> Iterator[Span]:
    """The block itself, or runs of its sentences when it is longer than a passage may be."""
    for start, end in _cut(document.text, block.start, block.end, max_words):
        yield Span(start, end, block.kind, block.level, block.introduced_by, position)


def _cut(text: str, start: int, end: int, max_words: int) -> Iterator[tuple[int, int]]:
    if len(text[start:end].split()) <= max_words:
        yield start, end
        return
    boundaries = [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
    cursor, count = start, 0
    previous = start
    for stop in [*boundaries, end]:
        for piece_start, piece_end, size in _by_words(text, previous, stop, max_words):
            if count and count + size > max_words:
                yield _trim(text, cursor, piece_start)
                cursor, count = piece_start, 0
            count += size
            previous = piece_end
    if cursor < end:
        yield _trim(text, cursor, end)


def _by_words(text: str, start: int, end: int, max_words: int) -> Iterator[tuple[int, int, int]]:
    """A sentence, or runs of `max_words` words of one that is longer still, as (start, end, words)."""
    starts = [match.start() for match in re.finditer(r"\S+", text[start:end])]
    for first in range(0, len(starts), max_words):
        last = min(first + max_words, len(starts))
        stop = end if last == len(starts) else start + starts[last]
        yield start + starts[first] if first else start, stop, last - first


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _words(document: Document, span: Span) -> int:
    return len(document.text[span.start : span.end].split())


def _passage(document: Document, ordinal: int, headings: tuple[str, ...], anchor: str, spans: list[Span]) -> Passage:
    start, end = spans[0].start, spans[-1].end
    page = document.blocks[spans[0].block].page
    return Passage(
        ordinal=ordinal,
        start=start,
        end=end,
        text=document.text[start:end],
        headings=headings,
        context=_context(document, spans, start),
        anchor=f"#page={page}" if page else anchor,
        page=page,
        spans=tuple(spans),
    )


def _context(document: Document, spans: Sequence[Span], start: int) -> str:
    """What introduces any of the spans and stands before the passage, each line once."""
    lines = (line for span in spans for line in context_of(document, span, start).splitlines())
    return "\n".join(dict.fromkeys(lines))


def context_of(document: Document, span: Span, before: int) -> str:
    """The blocks that introduce `span` and stand before offset `before`, outermost first, one a line."""
    lines: list[str] = []
    position = span.introduced_by
    while position is not None:
        block = document.blocks[position]
        if block.start < before:
            lines.append(document.quote(block))
        position = block.introduced_by
    return "\n".join(reversed(lines))
