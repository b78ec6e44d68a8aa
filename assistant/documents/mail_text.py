"""Writes the plain text of an e-mail as blocks: flowed lines, quoted lines (">"), the marks that signing leaves.

What is quoted stands under the line that says who wrote it, or under "Earlier message"; what follows a quotation stands
under the writer's own name again, so that nobody's words are taken for another's. Knows nothing of e-mail formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assistant.documents.clean import readable
from assistant.documents.model import BlockKind, DocumentText
from assistant.documents.plain_text import add_paragraphs
from assistant.documents.text_paragraphs import paragraphs

EARLIER = "Earlier message"
"""Heading of quoted words when nothing says whose they are."""
_QUOTED = re.compile(r"((?:>[ \t]?)+)")
_HEAD = re.compile(r"\*?(?:From|Sent|Date|To|Cc|Subject):\*?\s")
_WROTE = re.compile(r"(?:^|\n)(On\s(?:(?!\n\s*\n|\nOn\s).){5,300}wrote\s?:)\s*\Z", re.DOTALL)
_DEEPEST = 8
_PGP = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)
_SIGNED = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:[A-Z]\w+: .*\r?\n)*", re.MULTILINE)
_SIGNATURE = re.compile(r"^-----BEGIN PGP SIGNATURE-----.*?(?:^-----END PGP SIGNATURE-----$|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(slots=True)
class _Part:
    """Lines that are quoted equally deep, without their marks."""

    depth: int
    lines: list[str] = field(default_factory=list)


def own_words(sender: str) -> str:
    """Heading of what the writer of a message says below a quotation."""
    return f"From: {sender}" if sender else "Reply"


def is_encrypted(text: str) -> bool:
    """Whether a text holds a message that is encrypted with PGP."""
    return _PGP.search(text) is not None


def add_plain(text: DocumentText, words: str, *, sender: str = "", flowed: bool = False, unspaced: bool = False) -> None:
    """Append the blocks of a message in plain text; its own headings are of the second level and below.

    Args:
        text: Collects the blocks.
        words: The message.
        sender: Who wrote it; heads what follows a quotation.
        flowed: Whether a space at the end of a line means that the paragraph goes on (RFC 3676).
        unspaced: With `flowed`: whether that space is to be dropped.
    """
    words = _SIGNATURE.sub("", _SIGNED.sub("", words)).replace("\r\n", "\n")
    headings = {0: own_words(sender)}
    depth = 0
    for part in _parts(words.split("\n"), flowed=flowed):
        body = "\n".join(_unflowed(part.lines, unspaced=unspaced) if flowed else part.lines)
        if not body.strip():
            continue
        if part.depth != depth:
            if part.depth > depth:
                headings.setdefault(part.depth, EARLIER)
            text.add(BlockKind.HEADING, headings.get(part.depth, EARLIER), level=1)
        depth = part.depth
        body, opening = _opening(body)
        headings = {known: heading for known, heading in headings.items() if known <= depth}
        if opening:
            headings[depth + 1] = opening
        add_paragraphs(text, paragraphs(readable("\n".join(_heads_apart(body.split("\n"))))), base_level=1)


def _parts(lines: Iterable[str], *, flowed: bool) -> Iterator[_Part]:
    part = _Part(0)
    for line in lines:
        mark = _QUOTED.match(line)
        depth = min(mark[1].count(">"), _DEEPEST) if mark else 0
        rest = line[mark.end() :] if mark else line
        if depth != part.depth and (depth or line.strip()):  # an empty line is in any depth
            yield part
            part = _Part(depth)
        part.lines.append(rest.removeprefix(" ") if flowed and not mark else rest)
    yield part


def _unflowed(lines: Iterable[str], *, unspaced: bool) -> Iterator[str]:
    """Whole paragraphs with an empty line after each."""
    held = ""
    for line in lines:
        held += line
        if line.endswith(" ") and line != "-- ":
            held = held[:-1] if unspaced else held
            continue
        yield held
        yield ""
        held = ""
    yield held


def _opening(body: str) -> tuple[str, str]:
    """A text and the line at its end that says who wrote what is quoted below, "" when there is none."""
    match = _WROTE.search(body.rstrip())
    return (body[: match.start(1)], " ".join(match[1].split())) if match else (body, "")


def _heads_apart(lines: Iterable[str]) -> Iterator[str]:
    """The lines, those of the head of an earlier message ("From: ...", "Sent: ...") each as a paragraph."""
    for line in lines:
        if _HEAD.match(line):
            yield from ("", line.replace("*", ""), "")
        else:
            yield line
