"""Writes an answer as HTML. Everything that comes from an answer passes through `escape`; nothing else makes markup.

Pure functions. Knows nothing of Gradio: the same markup can serve any page with bernard.css.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from assistant.answer import Answer, AnswerNotice, Choice, Citation, Claim, NearestPage, Notice, Source, Status, Verdict
from assistant.answer.notices import OWN_NOTE
from assistant.answer.replies import heading_for
from assistant.web.conversation import Progress
from assistant.web.layout import ItemList, Piece, Sentence, Table, arrange, cells
from assistant.web.links import address_of_page, address_of_quote, file_name, host_name, web_address
from assistant.web.words import OWN_SUMMARY

_HEADINGS = {
    Status.ANSWERED: "What the guidance says",
    Status.PARTLY_ANSWERED: "Part of an answer",
    Status.NOT_IN_GUIDANCE: "Not in the guidance",
    Status.NEEDS_CLARIFICATION: "Bernard needs to know more",
    Status.OUT_OF_SCOPE: "Not something Bernard can answer",
    Status.BLOCKED: "This question was not searched for",
    Status.FAILED: "Something went wrong",
}

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

_ONLY_SUMMARIES = "What Bernard's summaries say"
"""In place of "What the guidance says" when none of the publisher's own text is quoted."""

_OWN_TAG = f' <span class="b-tag">{OWN_SUMMARY}</span>'

_WARNINGS = {Notice.WITHDRAWN, Notice.SUPERSEDED, Notice.CONFLICT, Notice.OTHER_NATION, Notice.RECOGNISED}


@dataclass(frozen=True, slots=True)
class Mark:
    """A quoted span of a source, by offsets in its text, and the id of the claim it stands behind."""

    start: int
    end: int
    claim: str


def conversation(answers: Sequence[Answer]) -> str:
    """All exchanges, oldest first; the sources of the last are open."""
    return "".join(exchange(answer, turn=turn, latest=turn == len(answers)) for turn, answer in enumerate(answers, start=1))


def exchange(answer: Answer, *, turn: int, latest: bool = True) -> str:
    """A question with its answer and its sources.

    Args:
        answer: What to show.
        turn: Position in the conversation, from 1; keeps the ids of one page apart.
        latest: Open the list of sources.
    """
    body = _answer(answer, turn) + (_sources(answer, turn, is_open=latest) if answer.sources else "")
    columns = "b-columns" if answer.sources else "b-columns b-columns-single"
    return (
        f'<article class="b-exchange" aria-labelledby="t{turn}-question">'
        f'<h2 class="b-question" id="t{turn}-question" tabindex="-1">'
        f'<span class="b-hidden">Your question: </span>{escape(answer.question)}</h2>'
        f'<div class="{columns}">{body}</div></article>'
    )


def progress(written: Progress) -> str:
    """An answer that is still being written: the claims that passed their check so far, without their sources."""
    page = _ClaimWriter(0, {source.number: source for source in written.sources}, is_linked=False)
    body = "".join(f'<p class="b-claim">{page.claim(claim)}</p>' for claim in written.claims)
    return (
        f'<article class="b-exchange" aria-busy="true"><h2 class="b-question"><span class="b-hidden">Your question: </span>'
        f'{escape(written.question)}</h2><div class="b-columns b-columns-single"><div class="b-answer">{body}</div></div>'
        "</article>"
    )


def announcement(answer: Answer) -> str:
    """What a screen reader hears when an answer is ready, as plain text."""
    if not answer.claims:
        return f"{_heading(answer)}."
    return f"Answer ready. {_heading(answer)}: {_tally(answer)}."


def fault(message: str) -> str:
    """A message by the question box, "" for none."""
    if not message:
        return ""
    return (
        '<div class="b-fault" role="alert"><p class="b-fault-text" id="question-fault">'
        f'<span class="b-hidden">Error: </span>{escape(message)}</p></div>'
    )


def _answer(answer: Answer, turn: int) -> str:
    parts = [f'<h3 class="b-status">{_heading(answer)}</h3>']
    if answer.claims:
        parts.append(f'<p class="b-tally">{escape(_tally(answer))}</p>')
    else:
        parts += _paragraphs(answer.text)
    parts += [_notice(notice, turn) for notice in answer.notices]
    by_number = {source.number: source for source in answer.sources}
    page = _ClaimWriter(turn, by_number)
    parts += [page.piece(piece) for piece in arrange(answer.claims, by_number)]
    if answer.claims and answer.model != "quotation":
        parts.append(f'<p class="b-drafted">{_drafted_by(answer)}</p>')
    if answer.withheld:
        parts.append(_withheld(answer.withheld))
    if answer.nearest:
        parts.append(_nearest(answer.nearest))
    if answer.choices:
        parts.append(_choices(answer.choices))
    return f'<div class="b-answer">{"".join(parts)}</div>'


def _heading(answer: Answer) -> str:
    if answer.status is Status.ANSWERED and answer.sources and all(_is_own(source) for source in answer.sources):
        return _ONLY_SUMMARIES
    return heading_for(answer.reason) or _HEADINGS[answer.status]


def _is_own(source: Source) -> bool:
    """True for a note of Bernard's own: its words, and its headings, are not those of the page it links to."""
    return source.document_type == OWN_NOTE


def _tally(answer: Answer) -> str:
    quoted = all(claim.verdict is Verdict.QUOTED for claim in answer.claims)
    claims = _count(len(answer.claims), "quotation" if quoted else "statement")
    pages = {source.url.partition("#")[0] or source.title for source in answer.sources if not _is_own(source)}
    summaries = {source.title for source in answer.sources if _is_own(source)}
    origins = [f"{_count(len(pages), 'page')} of guidance"] if pages else []
    if summaries:
        origins.append(f"{len(summaries)} of Bernard's summaries")
    return f"{claims} from {' and '.join(origins)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _paragraphs(text: str) -> list[str]:
    return [f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip()]


def _drafted_by(answer: Answer) -> str:
    quoted = (
        " Sentences marked “Quoted” are word for word." if any(c.verdict is Verdict.QUOTED for c in answer.claims) else ""
    )
    return f"Written by the language model {escape(answer.model)}; each sentence was checked against its source.{quoted}"


def _withheld(claims: Sequence[Claim]) -> str:
    were = "was" if len(claims) == 1 else "were"
    items = "".join(f"<li>{_lines(claim.text)}{_reasons(claim)}</li>" for claim in claims)
    return (
        '<details class="b-withheld"><summary>Left out: could not be matched to the guidance '
        f'<span class="b-count">({_count(len(claims), "sentence")} {were} withheld)</span></summary>'
        f"<p>Do not rely on these: the check found no support for them.</p><ul>{items}</ul></details>"
    )


def _reasons(claim: Claim) -> str:
    return "".join(f'<span class="b-reason">{escape(reason)}</span>' for reason in claim.reasons)


def _nearest(pages: Sequence[NearestPage]) -> str:
    items = "".join(f"<li>{_page_link(page)}{_organisation(page.organisation)}</li>" for page in pages)
    return (
        '<section class="b-nearest"><h4>You may want to look at</h4>'
        f"<p>The nearest pages in the guidance. They are not an answer to your question.</p><ul>{items}</ul></section>"
    )


def _choices(choices: Sequence[Choice]) -> str:
    """Buttons, each of which asks its question; bernard.js puts it into the question box and sends it."""
    items = "".join(
        f'<li><button type="button" class="b-choice" data-question="{escape(choice.question)}">{escape(choice.label)}'
        "</button></li>"
        for choice in choices
    )
    return f'<ul class="b-choices">{items}</ul>'


def _page_link(page: NearestPage) -> str:
    address = web_address(page.url)
    if not address:
        return f"{escape(page.title)}{_in_file(page.url)}"
    return _link(address, page.title)


def _organisation(name: str) -> str:
    return f'<span class="b-organisation">{escape(name)}</span>' if name else ""


def _in_file(url: str) -> str:
    name = file_name(url)
    return f' <span class="b-file">{escape(name)}</span>' if name else ""


def _link(address: str, words: str) -> str:
    """A link out of the page; `address` has been through `links`."""
    return (
        f'<a class="b-link" href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(words)} '
        '<span class="b-new-tab">(opens in a new tab)</span></a>'
    )


def _notice(notice: AnswerNotice, turn: int) -> str:
    text = escape(notice.text)
    if notice.sources:
        text += f' <span class="b-notice-sources">{_see(notice.sources, turn)}</span>'
    if notice.kind in _WARNINGS:
        return (
            '<div class="b-warning"><span class="b-warning-icon" aria-hidden="true">!</span>'
            f'<strong class="b-warning-text"><span class="b-hidden">Warning: </span>{text}</strong></div>'
        )
    return f'<div class="b-inset">{text}</div>'


def _see(numbers: Sequence[int], turn: int) -> str:
    return "".join(
        f'<a class="b-cite" href="#t{turn}-source-{number}"><span class="b-hidden">See source </span>{number}</a>'
        for number in numbers
    )


class _ClaimWriter:
    """Writes claims in order; numbers them so that a citation can point out its own words in the source."""

    def __init__(self, turn: int, sources: Mapping[int, Source], *, is_linked: bool = True) -> None:
        self._turn = turn
        self._is_linked = is_linked  # the sources are on the page
        self._sources = sources
        self._number = 0

    def piece(self, piece: Piece) -> str:
        if isinstance(piece, Sentence):
            return f'<p class="b-claim">{self.claim(piece.claim)}</p>'
        if isinstance(piece, ItemList):
            items = "".join(f"<li>{_lines(item.text)} {self._checked(item.claim)}</li>" for item in piece.items)
            return f'<div class="b-claim"><p class="b-lead-in">{_lines(piece.lead_in)}</p><ul>{items}</ul></div>'
        return self._table(piece)

    def claim(self, claim: Claim) -> str:
        return f"{_lines(claim.text)} {self._checked(claim)}"

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
        tags = _OWN_TAG if any(_is_own(source) for source in cited) else ""
        if any(source.withdrawn for source in cited):
            tags += ' <span class="b-tag-warning">No longer current</span>'
        return f'<span class="b-check">{links} {_verdict(claim.verdict)}</span>{tags}{_reasons(claim)}'

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


def _verdict(verdict: Verdict) -> str:
    word, meaning = _VERDICTS[verdict]
    return (
        f'<span class="b-verdict b-verdict-{verdict.name.lower().replace("_", "-")}" title="{meaning}">'
        f'<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{_SHAPES[verdict]}</svg>'
        f"{word}</span>"
    )


def _lines(text: str) -> str:
    return "<br>".join(escape(line.strip()) for line in text.splitlines() if line.strip())


def _sources(answer: Answer, turn: int, *, is_open: bool) -> str:
    marks = _marks_by_source(answer.claims, turn)
    cards = "".join(_source(source, marks.get(source.number, ()), turn) for source in answer.sources)
    opened = " open" if is_open else ""
    return (
        f'<aside class="b-sources" aria-label="Sources of answer {turn}"><details{opened}>'
        f'<summary><h3>Sources <span class="b-count">({len(answer.sources)})</span></h3></summary>'
        f'<ol class="b-source-list">{cards}</ol></details></aside>'
    )


def _source(source: Source, marks: Sequence[Mark], turn: int) -> str:
    identity = f"t{turn}-source-{source.number}"
    return (
        f'<li class="b-source" id="{identity}" tabindex="-1" aria-labelledby="{identity}-title">'
        f'<h4 class="b-source-title" id="{identity}-title"><span class="b-number"><span class="b-hidden">Source </span>'
        f"{source.number}</span> {escape(source.title)}{_OWN_TAG if _is_own(source) else ''}</h4>"
        f"{_headings(source)}{_about(source)}{_source_notice(source)}"
        f'<div class="b-passage">{_context(source)}{highlighted(source.text, marks)}</div>'
        f'<p class="b-source-links">{_source_link(source, marks)}'
        f'<a class="b-back" href="#t{turn}-question">Back to the answer'
        f'<span class="b-hidden"> from source {source.number}</span></a></p></li>'
    )


def _headings(source: Source) -> str:
    path = [heading for heading in source.headings if heading != source.title]
    return f'<p class="b-headings">{" › ".join(escape(heading) for heading in path)}</p>' if path else ""


def _about(source: Source) -> str:
    scan = "Recognised from a scan; letters may be wrong" if source.recognised else ""
    facts = [source.organisation, _dated(source), _extent(source.extent), scan]
    return f'<ul class="b-about-source">{"".join(f"<li>{escape(fact)}</li>" for fact in facts if fact)}</ul>'


def _dated(source: Source) -> str:
    if not source.updated:
        return "No date given" if _is_own(source) else "No date on the page"
    return f"{'As at' if _is_own(source) else 'Updated'} {source.updated.day} {source.updated:%B %Y}"


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
    return f'<p class="b-context">{_lines(source.context)}</p>' if source.context else ""


def _source_link(source: Source, marks: Sequence[Mark]) -> str:
    if _is_own(source):
        address, what = address_of_page(source.url), "official page"
    else:
        first = min(marks, key=lambda mark: mark.start, default=None)
        words = source.text[first.start : first.end] if first else ""
        address, what = address_of_quote(source.url, words), "page"
    if not address:
        name = file_name(source.url)
        return f'<span class="b-file">{escape(f"File: {name}" if name else "No address known")}</span>'
    return _link(address, f"Open the {what} on {host_name(address)}")


def _marks_by_source(claims: Sequence[Claim], turn: int) -> dict[int, list[Mark]]:
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
