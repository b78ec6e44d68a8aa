"""Lines of a text file to paragraphs: joins what was wrapped, parts what was run together.

Understands both habits, a line for each paragraph and lines of even width. Of headings and lists it knows only the
labels that begin them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.line_joining import LineJoiner, is_contents_line

_WIDEST = 125
"""Lines longer than this are whole paragraphs."""
_SENTENCE_END = re.compile(r"[.!?:;][”’\"')\]]*$")
_LABEL = r"(?:\d{1,2}(?:\.\d{1,3})+|\d[A-Z]\d{1,2}|\([a-z]{1,4}\)|[a-z]\.|[ivx]{2,4}\.|[•●▪◦])"
_RUN_IN = re.compile(rf"(?:(?<=[.:;,—])|(?<=\band)|(?<=\bor))\s+(?={_LABEL}\s{{2,}}\S)|(?<=\S)\s+(?=[•●▪]\s)")
_TITLED = re.compile(r"([A-Z][^.:;!?\d]{2,70}?)\s+(?=\d{1,2}\.\d{1,2}\s+[A-Z])")
_NOTE = re.compile(r"(?<=[.:;])\s+(?=NOTES?(?: \d)?:)")
_LETTER = re.compile(r"\(?([a-y])([.)])\s+\S")
_STARTS_BLOCK = re.compile(rf"(?:{_LABEL}|[-–*o]|\d{{1,2}}[.)]|\(?[ivx]+\))\s+\S")
_RULE = re.compile(r"([=\-_*~])\1{2,}")
_LEAST_CUT = 60


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text with its indentation in characters, and what stands around it.

    Attributes:
        text: Without line breaks.
        indent: Spaces before its first line.
        alone: An empty line, or the end of the text, stands before and after it.
        underline: The character it is underlined with, "" if none.
    """

    text: str
    indent: int
    alone: bool
    underline: str = ""


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text, in order, without tables of contents."""
    chunks = _chunks(text)
    lengths = sorted(len(line.strip()) for chunk in chunks for line in chunk)
    width = lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0
    joiner = LineJoiner(line.strip() for chunk in chunks for line in chunk)
    found = [p for chunk in chunks for p in _of_chunk(chunk, width, joiner)]
    return list(_rejoined(found, joiner))


def _chunks(text: str) -> list[list[str]]:
    """Lines between empty lines."""
    chunks: list[list[str]] = [[]]
    for line in re.split(r"\r\n?|\n|\v|\u2028", text.replace("\f", "\n\n").replace("\u2029", "\n\n")):
        if not line.strip():
            chunks.append([])
        elif not is_contents_line(line):
            chunks[-1].extend(_parted(line.expandtabs(4)))
    return [chunk for chunk in chunks if chunk]


def _parted(line: str) -> Iterator[str]:
    """A line where the numbered paragraphs and items run into it begin lines of their own."""
    titled = _TITLED.match(line)
    if titled:
        yield titled[1]
        line = line[titled.end() :]
    for part in _RUN_IN.split(line):
        for item in _NOTE.split(part):
            yield from _items(item)


def _items(line: str) -> Iterator[str]:
    """An item "b. ..." into which the next, "c.  ...", has run without a stop between them."""
    while label := _LETTER.match(line):
        opening, following = line[: label.start(1)], chr(ord(label[1]) + 1)
        run_in = re.search(rf"\s+(?={re.escape(opening + following + label[2])}\s{{2,}}\S)", line)
        if run_in is None:
            break
        yield line[: run_in.start()]
        line = line[run_in.end() :]
    yield line


def _of_chunk(chunk: Sequence[str], width: int, joiner: LineJoiner) -> Iterator[Paragraph]:
    groups: list[list[str]] = []
    underlines: dict[int, str] = {}
    for line in chunk:
        rule = _RULE.fullmatch(line.strip())
        if rule and groups:
            underlines[len(groups) - 1] = rule[1]
        elif groups and len(groups) - 1 not in underlines and _goes_on(groups[-1], line, width):
            groups[-1].append(line)
        elif not rule:
            groups.append([line])
    for place, group in enumerate(groups):
        indent = len(group[0]) - len(group[0].lstrip())
        yield Paragraph(joiner.join(group), indent, len(groups) == 1, underlines.get(place, ""))


def _goes_on(group: Sequence[str], line: str, width: int) -> bool:
    """Whether a line without an empty one before it belongs to the paragraph above."""
    above, text = group[-1].strip(), line.strip()
    if _STARTS_BLOCK.match(text) or width > _WIDEST:
        return False
    full = len(above) + 1 + len(text.split()[0]) > 0.8 * width
    return (full and width > 40) or (text[0].islower() and not _SENTENCE_END.search(above))


def _rejoined(found: Iterable[Paragraph], joiner: LineJoiner) -> Iterator[Paragraph]:
    """Unite paragraphs that a page break or an empty line cut in mid-word or mid-sentence."""
    held: Paragraph | None = None
    for paragraph in found:
        if held is not None and _was_cut(held, paragraph):
            held = Paragraph(joiner.pair(held.text, paragraph.text), held.indent, held.alone)
            continue
        if held is not None:
            yield held
        held = paragraph
    if held is not None:
        yield held


def _was_cut(above: Paragraph, below: Paragraph) -> bool:
    if above.underline or not below.text[0].islower() or _STARTS_BLOCK.match(below.text):
        return False
    in_word = re.search(r"[^\W\d_]-$", above.text) is not None
    in_sentence = len(above.text) >= _LEAST_CUT and not _SENTENCE_END.search(above.text)
    return in_word or in_sentence
