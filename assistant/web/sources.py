"""Writes the sources of an answer as HTML: where each stands, what to know of it, and its words with those quoted marked.

Pure functions. Knows nothing of claims beyond what they cite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from assistant.answer import Answer, Claim, Source
from assistant.search import Neighbour
from assistant.web.links import address_of_page, address_of_quote, file_name, host_name
from assistant.web.markup import is_own, lines, link, origin_tag


@dataclass(frozen=True, slots=True)
class Mark:
    """A quoted span of a source, by offsets in its text, and the id of the claim it stands behind."""

    start: int
    end: int
    claim: str


def source_list(answer: Answer, turn: int | str, *, is_open: bool, has_more: bool = False) -> str:
    """The sources of an answer in a panel that can be closed.

    Args:
        answer: Whose sources.
        turn: Position in the conversation, which keeps ids apart.
        is_open: The panel begins open.
        has_more: Each source can be asked for more of its page.
    """
    marks = _marks_by_source(answer.claims, turn)
    cards = "".join(_source(source, marks.get(source.number, ()), turn, has_more=has_more) for source in answer.sources)
    opened = " open" if is_open else ""
    return (
        f'<aside class="b-sources" aria-label="Sources of answer {turn}"><details{opened}>'
        f'<summary><h3>Sources <span class="b-count">({len(answer.sources)})</span></h3></summary>'
        f'<ol class="b-source-list">{cards}</ol></details></aside>'
    )


def _source(source: Source, marks: Sequence[Mark], turn: int | str, *, has_more: bool) -> str:
    identity = f"t{turn}-source-{source.number}"
    return (
        f'<li class="b-source" id="{identity}" tabindex="-1" aria-labelledby="{identity}-title">'
        f'<h4 class="b-source-title" id="{identity}-title"><span class="b-number"><span class="b-hidden">Source </span>'
        f"{source.number}</span> {escape(source.title)}{origin_tag([source])}</h4>"
        f"{_headings(source)}{_about(source)}{_source_notice(source)}"
        f'<div class="b-passage">{_context(source)}{highlighted(source.text, marks)}</div>'
        f"{_more(identity, turn, source.number) if has_more else ''}"
        f'<p class="b-source-links">{_source_link(source, marks)}'
        f'<a class="b-back" href="#t{turn}-question">Back to the answer'
        f'<span class="b-hidden"> from source {source.number}</span></a></p></li>'
    )


def _more(identity: str, turn: int | str, number: int) -> str:
    """Fetched by bernard.js when it is first opened; `more_of_page` is what it then holds."""
    return (
        f'<details class="b-more" data-turn="{turn}" data-source="{number}"><summary>Show more of this page'
        f'<span class="b-hidden">, source {number}</span></summary>'
        f'<div id="{identity}-more"><p>Fetching…</p></div></details>'
    )


def more_of_page(passages: Sequence[Neighbour]) -> str:
    """What stands around a source on its page, in order, the source itself marked."""
    if not passages:
        return "<p>The index no longer holds this page as it was.</p>"
    parts = []
    shown: tuple[str, ...] = ()
    for passage in passages:
        if passage.headings and passage.headings != shown:
            parts.append(f'<p class="b-headings">{" › ".join(escape(heading) for heading in passage.headings)}</p>')
            shown = passage.headings
        text = highlighted(passage.text, ())
        lead_in = f'<p class="b-context">{lines(passage.context)}</p>' if passage.context else ""
        here = '<p class="b-here">The passage quoted:</p>' if passage.is_found else ""
        parts.append(f'<div class="b-passage{" b-passage-here" if passage.is_found else ""}">{here}{lead_in}{text}</div>')
    return "".join(parts)


def _headings(source: Source) -> str:
    path = [heading for heading in source.headings if heading != source.title]
    return f'<p class="b-headings">{" › ".join(escape(heading) for heading in path)}</p>' if path else ""


def _about(source: Source) -> str:
    scan = "Recognised from a scan; letters may be wrong" if source.recognised else ""
    facts = [source.organisation, _dated(source), _extent(source.extent), scan]
    return f'<ul class="b-about-source">{"".join(f"<li>{escape(fact)}</li>" for fact in facts if fact)}</ul>'


def _dated(source: Source) -> str:
    if source.uploaded:
        return f"Dated {source.updated.day} {source.updated:%B %Y}" if source.updated else ""
    if not source.updated:
        return "No date given" if is_own(source) else "No date on the page"
    return f"{'As at' if is_own(source) else 'Updated'} {source.updated.day} {source.updated:%B %Y}"


def _extent(nations: Sequence[str]) -> str:
    if not nations:
        return ""
    *others, last = nations
    return f"Applies to {', '.join(others)} and {last}" if others else f"Applies to {last}"


def _source_notice(source: Source) -> str:
    text = source.notice or ("This guidance is no longer current." if source.withdrawn else "")
    if not text:
        return ""
    if source.withdrawn:
        return (
            '<div class="b-warning b-warning-small"><span class="b-warning-icon" aria-hidden="true">!</span>'
            f'<strong class="b-warning-text"><span class="b-hidden">Warning: </span>{escape(text)}</strong></div>'
        )
    return f'<p class="b-inset">{escape(text)}</p>'


def _context(source: Source) -> str:
    return f'<p class="b-context">{lines(source.context)}</p>' if source.context else ""


def _source_link(source: Source, marks: Sequence[Mark]) -> str:
    if is_own(source):
        address, what = address_of_page(source.url), "official page"
    else:
        first = min(marks, key=lambda mark: mark.start, default=None)
        words = source.text[first.start : first.end] if first else ""
        address, what = address_of_quote(source.url, words), "page"
    if not address:
        name = file_name(source.url)
        return f'<span class="b-file">{escape(f"File: {name}" if name else "No address known")}</span>'
    return link(address, f"Open the {what} on {host_name(address)}")


def _marks_by_source(claims: Sequence[Claim], turn: int | str) -> dict[int, list[Mark]]:
    marks: dict[int, list[Mark]] = {}
    for number, claim in enumerate(claims, start=1):
        for citation in claim.citations:
            marks.setdefault(citation.source, []).append(Mark(citation.start, citation.end, f"t{turn}-claim-{number}"))
    return marks


def highlighted(text: str, marks: Sequence[Mark]) -> str:
    """`text` as paragraphs, one a line, with every marked span in <mark>; spans may overlap and cross lines."""
    paragraphs = []
    start = 0
    for line in text.splitlines(keepends=True):
        words = line.rstrip("\r\n")
        if words.strip():
            paragraphs.append(f"<p>{_highlighted_line(text, start, start + len(words), marks)}</p>")
        start += len(line)
    return "".join(paragraphs)


def _highlighted_line(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    inside = [mark for mark in marks if mark.start < end and mark.end > start]
    edges = {start, end, *(max(mark.start, start) for mark in inside), *(min(mark.end, end) for mark in inside)}
    ordered = sorted(edges)
    parts = []
    for left, right in pairwise(ordered):
        names = " ".join(dict.fromkeys(mark.claim for mark in inside if mark.start <= left and mark.end >= right))
        words = escape(text[left:right])
        parts.append(f'<mark data-claims="{names}">{words}</mark>' if names else words)
    return "".join(parts)
