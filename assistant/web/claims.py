"""Writes claims as HTML: sentences, lists and tables, each with its verdict and its citation numbers.

Pure functions. Knows nothing of where on the page they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from assistant.answer import Citation, Claim, Source, Verdict
from assistant.web.layout import ItemList, Piece, Sentence, Table, cells
from assistant.web.markup import lines, origin_tag, reasons_of

_VERDICTS = {
    Verdict.QUOTED: ("Quoted", "Word for word from the source"),
    Verdict.SUPPORTED: ("Supported", "Checked: the source says this"),
    Verdict.PARTLY_SUPPORTED: ("Partly supported", "The source says part of this"),
    Verdict.UNSUPPORTED: ("Unsupported", "The source does not say this"),
}

# Each verdict has a shape of its own, so that it can be told without colour: a square with quotation marks, a circle
# with a tick, a half-filled circle, a triangle.
_SHAPES = {
    Verdict.QUOTED: '<rect x="1" y="1" width="14" height="14"/>'
    '<path class="b-shape-line" d="M6.5 5.5c-2 .6-2.5 2-2.5 4.5h2.5V7.8H5.3M12 5.5c-2 .6-2.5 2-2.5 4.5H12V7.8h-1.2"/>',
    Verdict.SUPPORTED: '<circle cx="8" cy="8" r="7"/><path class="b-shape-line" d="M4.5 8.2l2.4 2.5 4.6-5.2"/>',
    Verdict.PARTLY_SUPPORTED: '<circle class="b-shape-outline" cx="8" cy="8" r="6.2"/>'
    '<path d="M8 1.5a6.5 6.5 0 0 0 0 13z"/>',
    Verdict.UNSUPPORTED: '<path d="M8 .8L15.8 15H.2z"/><path class="b-shape-line" d="M8 5.5v4.2M8 11.4v1.8"/>',
}


class ClaimWriter:
    """Writes claims in order; numbers them so that a citation can point out its own words in the source."""

    def __init__(self, turn: int | str, sources: Mapping[int, Source], *, is_linked: bool = True) -> None:
        self._turn = turn
        self._is_linked = is_linked  # the sources are on the page
        self._sources = sources
        self._is_named = len({source.url for source in sources.values() if source.uploaded}) > 1
        self._number = 0

    def piece(self, piece: Piece) -> str:
        """Claims that stand together."""
        if isinstance(piece, Sentence):
            return f'<p class="b-claim">{self.claim(piece.claim)}</p>'
        if isinstance(piece, ItemList):
            items = "".join(f"<li>{lines(item.text)} {self._checked(item.claim)}</li>" for item in piece.items)
            return f'<div class="b-claim"><p class="b-lead-in">{lines(piece.lead_in)}</p><ul>{items}</ul></div>'
        return self._table(piece)

    def claim(self, claim: Claim) -> str:
        """One claim with its check, without an element around it."""
        return f"{lines(claim.text)} {self._checked(claim)}"

    def _table(self, table: Table) -> str:
        head = "".join(f'<th role="columnheader" scope="col">{escape(heading)}</th>' for heading in table.headings)
        if head:
            head = (
                f'<thead role="rowgroup"><tr role="row">{head}<th role="columnheader" scope="col">Source</th></tr></thead>'
            )
        rows = []
        for row in table.rows:
            names = table.headings or ("",) * len(cells(row.text))
            values = "".join(
                f'<td role="cell"><span class="b-cell-name" aria-hidden="true">{escape(name)}</span>{escape(value)}</td>'
                for name, value in zip(names, cells(row.text), strict=True)
            )
            rows.append(f'<tr role="row">{values}<td role="cell">{self._checked(row.claim)}</td></tr>')
        return (
            f'<div class="b-claim"><table class="b-table" role="table">{head}'
            f'<tbody role="rowgroup">{"".join(rows)}</tbody></table></div>'
        )

    def _checked(self, claim: Claim) -> str:
        """The citation numbers and the verdict of a claim."""
        self._number += 1
        links = "".join(self._citation(number, f"t{self._turn}-claim-{self._number}") for number in _cited(claim.citations))
        cited = [self._sources[number] for number in _cited(claim.citations)]
        tags = origin_tag(cited, is_named=self._is_named)
        if any(source.withdrawn for source in cited):
            tags += ' <span class="b-tag-warning">No longer current</span>'
        return f'<span class="b-check">{links} {verdict_mark(claim.verdict)}</span>{tags}{reasons_of(claim)}'

    def _citation(self, number: int, claim: str) -> str:
        title = escape(self._sources[number].title)
        if not self._is_linked:
            return f'<span class="b-cite"><span class="b-hidden">Source </span>{number}</span>'
        return (
            f'<a class="b-cite" href="#t{self._turn}-source-{number}" data-claim="{claim}">'
            f'<span class="b-hidden">Source </span>{number}<span class="b-hidden">, {title}</span></a>'
        )


def _cited(citations: Iterable[Citation]) -> list[int]:
    return list(dict.fromkeys(citation.source for citation in citations))


def verdict_mark(verdict: Verdict) -> str:
    """The word and the shape of a verdict."""
    word, meaning = _VERDICTS[verdict]
    return (
        f'<span class="b-verdict b-verdict-{verdict.name.lower().replace("_", "-")}" title="{meaning}">'
        f'<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{_SHAPES[verdict]}</svg>'
        f"{word}</span>"
    )
