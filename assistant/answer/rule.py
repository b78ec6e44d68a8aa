"""The rule that a page gives under "Time limits", when a time is asked for and only what stands around it was found.

A search finds the exceptions and the remarks of a page before its rule, which may have none of the question's words. Knows
nothing of likelihoods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer.evidence import Candidate
from assistant.answer.expected import Fact, Wanted, holds, under
from assistant.documents import BlockKind
from assistant.search import Searcher

_OF_TIME = {Fact.DURATION, Fact.DATE}


def rule_under_its_heading(
    searcher: Searcher, likeliest: Candidate, chosen: Sequence[Candidate], *, wanted: Wanted
) -> tuple[Candidate, ...]:
    """The first sentence with a time under such a heading of the likeliest block's page, which is to be quoted first.

    Args:
        searcher: Holds the page.
        likeliest: The block whose page is read.
        chosen: What is quoted, the rule perhaps among it; the heading that some of it stands under is preferred to others.
        wanted: The kind of fact asked for; only times are looked for.
    """
    if wanted.fact not in _OF_TIME:
        return ()
    stored = searcher.index.stored(likeliest.hit.row)
    document = stored.document
    headings = [block.passage.headings for block in chosen if block.document is document]
    found = [
        (row, passage, span, text)
        for row, passage in zip(stored.rows, stored.passages, strict=True)
        if under(passage.headings, wanted)
        for span in passage.spans
        if span.kind is BlockKind.PARAGRAPH and holds(text := document.text[span.start : span.end], wanted)
    ]
    if not found:
        return ()
    row, passage, span, text = next((one for one in found if one[1].headings in headings), found[0])
    if same := [block for block in chosen if block.document is document and block.span.block == span.block]:
        return tuple(same)
    hit = replace(likeliest.hit, row=row)
    return (Candidate(hit, likeliest.rank, passage, document, span, text, ""),)
