"""An answer to be pasted elsewhere, as plain text and as simple HTML, with its sources and what has to be known of it.

Pure functions. Everything that comes from an answer passes through `escape` in the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from assistant.answer import Answer, Citation, Claim, Source
from assistant.web.links import file_name, web_address
from assistant.web.markup import lines

_DRAFTED = "Found by Bernard, which is not an official service. Check the pages before you rely on this."
_WRITTEN = f"Drafted with AI assistance. {_DRAFTED}"


def plain(answer: Answer) -> str:
    """The answer as plain text: question, claims with numbers, notices, sources with addresses."""
    parts = [answer.question]
    for heading, claims in groupby(answer.claims, key=lambda claim: claim.heading):
        parts += [heading] if heading else []
        parts += [f"{claim.text} {_numbers(claim)}{_doubt(claim)}" for claim in claims]
    parts += [f"Note: {notice.text}" for notice in answer.notices]
    parts.append("Sources")
    parts += [f"[{source.number}] {_reference(source)}" for source in answer.sources]
    parts.append(_last_line(answer))
    return "\n\n".join(parts)


def rich(answer: Answer) -> str:
    """The same as HTML without styles, which word processors and mail take over."""
    parts = [f"<p><strong>{escape(answer.question)}</strong></p>"]
    for heading, claims in groupby(answer.claims, key=lambda claim: claim.heading):
        parts += [f"<p><strong>{escape(heading)}</strong></p>"] if heading else []
        parts += [f"<p>{lines(claim.text)} {escape(_numbers(claim) + _doubt(claim))}</p>" for claim in claims]
    parts += [f"<p><em>Note: {escape(notice.text)}</em></p>" for notice in answer.notices]
    items = "".join(f"<li>{_linked(source)}</li>" for source in answer.sources)
    return f"{''.join(parts)}<p><strong>Sources</strong></p><ol>{items}</ol><p><em>{_last_line(answer)}</em></p>"


def _numbers(claim: Claim) -> str:
    return "".join(f"[{number}]" for number in _cited(claim.citations))


def _cited(citations: Sequence[Citation]) -> list[int]:
    return list(dict.fromkeys(citation.source for citation in citations))


def _doubt(claim: Claim) -> str:
    return f" ({claim.verdict.value})" if claim.reasons else ""


def _reference(source: Source) -> str:
    if source.uploaded:
        return f"Your document, {source.title}: {_place(source)}"
    dated = f", updated {source.updated.day} {source.updated:%B %Y}" if source.updated else ", no date given"
    return f"{source.title}{f', {source.organisation}' if source.organisation else ''}{dated}: {_place(source)}"


def _place(source: Source) -> str:
    return web_address(source.url) or file_name(source.url) or "no address known"


def _linked(source: Source) -> str:
    address = web_address(source.url)
    told = escape(_reference(source).rpartition(": ")[0] if address else _reference(source))
    return f'{told}: <a href="{escape(address)}">{escape(address)}</a>' if address else told


def _last_line(answer: Answer) -> str:
    return _DRAFTED if answer.model == "quotation" else _WRITTEN
