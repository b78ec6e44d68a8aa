"""A paper as Markdown with footnotes, as GitHub and Pandoc read it. Whatever could be markup is escaped.

Pure functions. Knows nothing of answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$!^@]|&(?=[#A-Za-z0-9]+;)|:(?=//)|(?<=mailto):|(?<=xmpp):)", re.IGNORECASE)
_AT_START = re.compile(r"^([-+=])")
_NUMBERED = re.compile(r"^(\d+)([.)])")
_BARE = re.compile(r"\b(www)\.", re.IGNORECASE)


def write_markdown(paper: Paper) -> bytes:
    """The whole paper."""
    marking = [f"**{paper.marking}**"] if paper.marking else []
    parts = [*marking, f"# {escaped(paper.title)}"]
    for section in paper.sections:
        parts += _section(section)
    parts += [f"{escaped(word)}: {escaped(meaning)}." for word, meaning in paper.meanings]
    parts += ["---", escaped(NOT_OFFICIAL), escaped(paper.foot), *marking]
    parts += [_footnote(note) for note in paper.footnotes]
    return ("\n\n".join(parts) + "\n").encode()


def escaped(text: str) -> str:
    """Text that Markdown shows as it is; line breaks stay line breaks."""
    return "\\\n".join(_escaped_line(line.strip()) for line in text.splitlines() if line.strip())


def _escaped_line(line: str) -> str:
    line = _BARE.sub(r"\1\\.", _MARKUP.sub(r"\\\1", line))
    return _NUMBERED.sub(r"\1\\\2", _AT_START.sub(r"\\\1", line))


def _section(section: Section) -> Iterator[str]:
    if section.question:
        yield f"## {escaped(section.question)}"
    yield f"### {escaped(section.status)}"
    yield from (escaped(line) for line in section.reply)
    yield from (f"> Note: {_in_line(notice)}" for notice in section.notices)
    yield from (_part(part) for part in section.parts)
    if section.choices:
        yield "\n".join(f"- {_in_line(choice)}" for choice in section.choices)
    if section.left_out:
        yield f"### {LEFT_OUT}"
        yield escaped(LEFT_OUT_WHY)
        yield "\n".join(f"- {_in_line(one.text)}{_reasons(one)}" for one in section.left_out)
    if section.nearest:
        yield f"### {NEAREST}"
        yield escaped(NEAREST_WHY)
        yield "\n".join(f"- {_link(page)}" for page in section.nearest)
    yield f"*{_in_line(section.origin)}*"


def _part(part: Part) -> str:
    if isinstance(part, Heading):
        return f"#### {_in_line(part.text)}"
    if isinstance(part, Statement):
        return f"{escaped(part.text)}{_checked(part)}"
    if isinstance(part, Items):
        items = "\n".join(f"- {_in_line(one.text)}{_checked(one)}" for one in part.statements)
        return f"{escaped(part.lead_in)}\n\n{items}"
    width = len(part.rows[0][0])
    head = part.headings or ("",) * width
    lines = [_row([*(_in_line(cell) for cell in head), "Check"]), _row(["---"] * (width + 1))]
    lines += [_row([*(_in_line(cell) for cell in row), _checked(one).strip()]) for row, one in part.rows]
    return "\n".join(lines)


def _row(values: list[str]) -> str:
    return f"| {' | '.join(values)} |"


def _checked(one: Statement) -> str:
    marks = "".join(f"[^{note.number}]" for note in one.footnotes)
    return f"{marks} **({one.verdict})**{_reasons(one)}"


def _reasons(one: Statement) -> str:
    return "".join(f" *{_in_line(reason)}*" for reason in one.reasons)


def _in_line(text: str) -> str:
    return _escaped_line(" ".join(text.split()))


def _link(page: Link) -> str:
    told = _in_line(f"{page.title} ({page.organisation})" if page.organisation else page.title)
    return f"{told}: <{page.address}>" if page.address else told


def _footnote(note: Footnote) -> str:
    about = ", ".join(filter(None, [note.title, note.organisation]))
    place = f"<{note.address}>" if note.address else _in_line(note.place)
    remark = f" {_in_line(note.remark)}." if note.remark else ""
    return f"[^{note.number}]: “{_in_line(note.quote)}” {_in_line(about)}. {note.dated}. {note.retrieved}. {place}.{remark}"
