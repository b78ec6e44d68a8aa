"""How claims stand together on the page: sentences, list items under their lead-in, table rows under their headings.

Knows nothing of HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Citation, Claim, Source
from assistant.documents import CELL_SEPARATOR


@dataclass(frozen=True, slots=True)
class Sentence:
    """A claim that stands alone."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Item:
    """A list item or table row: its claim, and the claim's words without the lead-in or headings."""

    claim: Claim
    text: str


@dataclass(frozen=True, slots=True)
class ItemList:
    """List items that share the sentence that introduces them."""

    lead_in: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Table rows that share their column headings; `headings` is empty when they are not known."""

    headings: tuple[str, ...]
    rows: tuple[Item, ...]


Piece = Sentence | ItemList | Table


def arrange(claims: Sequence[Claim], sources: Mapping[int, Source]) -> list[Piece]:
    """Group neighbouring claims that share a lead-in or column headings; the order of claims stays."""
    pieces: list[Piece] = []
    for claim in claims:
        piece = _piece(claim, sources)
        last = pieces[-1] if pieces else None
        if isinstance(piece, ItemList) and isinstance(last, ItemList) and piece.lead_in == last.lead_in:
            pieces[-1] = ItemList(last.lead_in, last.items + piece.items)
        elif isinstance(piece, Table) and isinstance(last, Table) and _same_table(piece, last):
            pieces[-1] = Table(last.headings, last.rows + piece.rows)
        else:
            pieces.append(piece)
    return pieces


def cells(row: str) -> tuple[str, ...]:
    """The cells of a table row."""
    return tuple(cell.strip() for cell in row.split(CELL_SEPARATOR))


def _piece(claim: Claim, sources: Mapping[int, Source]) -> Piece:
    introduction, text = _without_introduction(claim, sources)
    if CELL_SEPARATOR in text:
        headings = cells(introduction.splitlines()[-1]) if introduction else ()
        return Table(headings if len(headings) == len(cells(text)) else (), (Item(claim, text),))
    if introduction:
        return ItemList(introduction, (Item(claim, text),))
    return Sentence(claim)


def _without_introduction(claim: Claim, sources: Mapping[int, Source]) -> tuple[str, str]:
    """The words that introduce a claim, one part a line, and the claim's own words.

    Introductions are what the claim's text opens with, of its earlier quotations and its passage's context.
    """
    text = claim.text.strip()
    introductions: list[str] = []
    for words in _candidates(claim.citations, sources):
        if text.startswith(words) and len(text) > len(words):
            introductions.append(words)
            text = text[len(words) :].strip()
    return "\n".join(introductions), text


def _candidates(citations: Sequence[Citation], sources: Mapping[int, Source]) -> Iterator[str]:
    """What may introduce the last quotation, outermost first.

    An earlier quotation introduces it when it ends with a colon or ends its line; one that merely runs on does not.
    """
    for citation in citations:
        yield from (line for line in sources[citation.source].context.splitlines() if line)
    for citation in citations[:-1]:
        if citation.quote.rstrip().endswith(":") or sources[citation.source].text[citation.end : citation.end + 1] == "\n":
            yield citation.quote.strip()


def _same_table(one: Table, other: Table) -> bool:
    return one.headings == other.headings and len(cells(one.rows[0].text)) == len(cells(other.rows[0].text))
