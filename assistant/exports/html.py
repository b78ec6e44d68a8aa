"""A paper as one HTML file: it loads nothing, runs nothing, and prints with the marking at the head of each page.

Everything passes through `escape`. Pure functions. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from assistant.exports.paper import (
    LEFT_OUT,
    LEFT_OUT_WHY,
    NEAREST,
    NEAREST_WHY,
    NOT_OFFICIAL,
    Footnote,
    Heading,
    Items,
    Link,
    Paper,
    Part,
    Section,
    Statement,
)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_html(paper: Paper) -> bytes:
    """The whole paper."""
    style = Path(__file__).with_name("paper.css").read_text("utf-8")
    # What stands in the margins of each printed page. The marking is from a fixed list, and the foot has no quotation marks.
    margins = f'@page{{@top-center{{content:"{paper.marking}"}}@bottom-left{{content:"{paper.foot}"}}}}'
    marking = f'<p class="marking">{escape(paper.marking)}</p>' if paper.marking else ""
    meanings = "".join(f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>" for word, meaning in paper.meanings)
    key = f'<section class="key"><h2>What the words beside each statement mean</h2><dl>{meanings}</dl></section>'
    notes = "".join(_footnote(note) for note in paper.footnotes)
    sources = f'<section class="notes"><h2>Footnotes</h2><ol>{notes}</ol></section>' if notes else ""
    body = "".join(_section(section) for section in paper.sections)
    page = (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(paper.title)}</title><style>{style}{margins}</style></head><body>"
        f"<header>{marking}</header><main><h1>{escape(paper.title)}</h1>{body}{key if meanings else ''}{sources}</main>"
        f'<footer><p>{escape(NOT_OFFICIAL)}</p><p class="foot">{escape(paper.foot)}</p>{marking}</footer></body></html>\n'
    )
    return page.encode()


def _section(section: Section) -> str:
    heading = f"<h2>{escape(section.question)}</h2>" if section.question else ""
    return f"<section>{heading}{''.join(_inside(section))}</section>"


def _inside(section: Section) -> Iterator[str]:
    yield f"<h3>{escape(section.status)}</h3>"
    yield from (f"<p>{escape(line)}</p>" for line in section.reply)
    yield from (f'<p class="notice"><strong>Note:</strong> {_lines(notice)}</p>' for notice in section.notices)
    yield from (_part(part) for part in section.parts)
    if section.choices:
        yield f"<ul>{''.join(f'<li>{escape(choice)}</li>' for choice in section.choices)}</ul>"
    if section.left_out:
        items = "".join(f"<li>{_lines(one.text)}{_reasons(one)}</li>" for one in section.left_out)
        yield f"<h3>{LEFT_OUT}</h3><p>{escape(LEFT_OUT_WHY)}</p><ul>{items}</ul>"
    if section.nearest:
        yield f"<h3>{NEAREST}</h3><p>{escape(NEAREST_WHY)}</p><ul>{''.join(_link(page) for page in section.nearest)}</ul>"
    yield f'<p class="origin">{escape(section.origin)}</p>'


def _part(part: Part) -> str:
    if isinstance(part, Heading):
        return f"<h4>{escape(part.text)}</h4>"
    if isinstance(part, Statement):
        return f"<p>{_lines(part.text)}{_checked(part)}</p>"
    if isinstance(part, Items):
        items = "".join(f"<li>{_lines(one.text)}{_checked(one)}</li>" for one in part.statements)
        return f"<p>{_lines(part.lead_in)}</p><ul>{items}</ul>"
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in (*part.headings, "Check"))
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}<td>{_checked(one)}</td></tr>" for row, one in part.rows
    )
    return f"<table>{f'<thead><tr>{head}</tr></thead>' if part.headings else ''}<tbody>{rows}</tbody></table>"


def _checked(one: Statement) -> str:
    marks = ", ".join(
        f'<a href="#note-{note.number}" id="mark-{note.number}" aria-label="Footnote {note.number}">{note.number}</a>'
        for note in one.footnotes
    )
    return f'<sup>{marks}</sup> <span class="verdict">{escape(one.verdict)}</span>{_reasons(one)}'


def _reasons(one: Statement) -> str:
    return "".join(f'<span class="reason">{escape(reason)}</span>' for reason in one.reasons)


def _link(page: Link) -> str:
    told = f"{page.title} ({page.organisation})" if page.organisation else page.title
    address = escape(page.address)
    return f"<li>{escape(told)}{f': <a href={chr(34)}{address}{chr(34)}>{address}</a>' if address else ''}</li>"


def _footnote(note: Footnote) -> str:
    about = ", ".join(filter(None, [note.title, note.organisation]))
    address = escape(note.address)
    place = f'<a href="{address}">{address}</a>' if address else escape(note.place)
    remark = f' <strong class="remark">{escape(note.remark)}.</strong>' if note.remark else ""
    back = f'<a href="#mark-{note.number}" class="back" aria-label="Back to the text of footnote {note.number}">↑</a>'
    return (
        f'<li id="note-{note.number}" value="{note.number}"><q>{escape(note.quote)}</q> {escape(about)}. '
        f"{escape(note.dated)}. {escape(note.retrieved)}. {place}.{remark} {back}</li>"
    )


def _lines(text: str) -> str:
    return "<br>".join(escape(line.strip()) for line in text.splitlines() if line.strip())
