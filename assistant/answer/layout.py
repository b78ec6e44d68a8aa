"""How claims stand together wherever an answer is shown: sentences, items under their lead-in, rows under their headings.

Knows nothing of HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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
class Place:
    """Where the introduction of an item stands, which tells it from the same words elsewhere.

    Attributes:
        quoted: The quotation that introduces the item; None when the words stand before the passage or nowhere.
        page: Address and headings of the passage, for words that stand before it.
    """

    quoted: Citation | None = None
    page: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemList:
    """List items that share the sentence that introduces them, which stands at `places`."""

    lead_in: str
    items: tuple[Item, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Table rows that share their column headings, at `places`; `headings` is empty when they are not known."""

    headings: tuple[str, ...]
    rows: tuple[Item, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Introduction:
    words: str
    place: Place


Piece = Sentence | ItemList | Table


def arrange(claims: Sequence[Claim], sources: Mapping[int, Source]) -> list[Piece]:
    """Group neighbouring claims that share a lead-in or column headings; the order of claims stays.

    The same words in two places are two lead-ins: "You must:" in one document says nothing of the items in another.
    """
    pieces: list[Piece] = []
    for claim in claims:
        piece = _piece(claim, sources)
        last = pieces[-1] if pieces else None
        if isinstance(piece, ItemList) and isinstance(last, ItemList) and _same_list(piece, last):
            pieces[-1] = replace(last, items=last.items + piece.items)
        elif isinstance(piece, Table) and isinstance(last, Table) and _same_table(piece, last):
            pieces[-1] = replace(last, rows=last.rows + piece.rows)
        else:
            pieces.append(piece)
    return pieces


def cells(row: str) -> tuple[str, ...]:
    """The cells of a table row."""
    return tuple(cell.strip() for cell in row.split(CELL_SEPARATOR))


def _piece(claim: Claim, sources: Mapping[int, Source]) -> Piece:
    introductions, text = _without_introductions(claim, sources)
    places = tuple(part.place for part in introductions) or (_before(sources[claim.citations[0].source]),)
    if CELL_SEPARATOR in text:
        headings = cells(introductions[-1].words) if introductions else ()
        return Table(headings if len(headings) == len(cells(text)) else (), (Item(claim, text),), places)
    if introductions:
        return ItemList("\n".join(part.words for part in introductions), (Item(claim, text),), places)
    return Sentence(claim)


def _without_introductions(claim: Claim, sources: Mapping[int, Source]) -> tuple[list[_Introduction], str]:
    """What introduces a claim, outermost first, and the claim's own words.

    Introductions are what the claim's text opens with, of its earlier quotations and its passage's context.
    """
    text = claim.text.strip()
    introductions: list[_Introduction] = []
    for candidate in _candidates(claim.citations, sources):
        if text.startswith(candidate.words) and len(text) > len(candidate.words):
            introductions.append(candidate)
            text = text[len(candidate.words) :].strip()
    return introductions, text


def _candidates(citations: Sequence[Citation], sources: Mapping[int, Source]) -> Iterator[_Introduction]:
    """What may introduce the last quotation, outermost first.

    An earlier quotation introduces it when it ends with a colon or ends its line; one that merely runs on does not.
    """
    for citation in citations:
        source = sources[citation.source]
        yield from (_Introduction(line, _before(source)) for line in source.context.splitlines() if line)
    for citation in citations[:-1]:
        if citation.quote.rstrip().endswith(":") or sources[citation.source].text[citation.end : citation.end + 1] == "\n":
            yield _Introduction(citation.quote.strip(), Place(quoted=citation))


def _before(source: Source) -> Place:
    """The place before a passage: the same for passages that share a heading, over which a long list may run."""
    return Place(page=(source.url, source.title, *source.headings))


def _same_list(one: ItemList, other: ItemList) -> bool:
    return one.places == other.places and one.lead_in == other.lead_in


def _same_table(one: Table, other: Table) -> bool:
    width = len(cells(one.rows[0].text))
    return one.places == other.places and one.headings == other.headings and width == len(cells(other.rows[0].text))
