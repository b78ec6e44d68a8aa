"""Lines to groups: which lines make one paragraph, one heading or one item of a list.

Decides by distance, indentation and look, and joins what a column or page break cut in two. Knows nothing of offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import pairwise

from assistant.documents.pdf_lines import Line, spaced
from assistant.documents.pdf_styles import Look, Styles
from assistant.documents.pdf_tables import Table

BULLETS = frozenset("•●○▪■□◦‣⁃∙►➢✓✔–—-·")
_LABEL = re.compile(r"\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)]|\((?:[a-zA-Z]|\d{1,2})\)")
_CAPTION = re.compile(r"(?:Table|Figure|Fig\.?|Box|Chart|Flowchart|Diagram|Map|Table)(?:\s+[A-Z]?\d[\d.]*[a-z]?\b|\s*:)")
_NOTE_MARK = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[*†‡§]{1,3}|\d{1,2}")
_SENTENCE_END = re.compile(r"[.!?:;][”’\"')\]]*$")
_UNFINISHED = re.compile(r"(?:\w-|\b(?:of|the|a|an|and|or|to|in|for|with|by|from|on|at|than|as|is|are|was|were))$")
_LONGEST_HEADING = 250


class Role(Enum):
    """What a group is."""

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    NOTE = auto()
    CAPTION = auto()


@dataclass(slots=True)
class Group:
    """Lines that belong together; `left` is where its text begins, in points, and orders the depth of list items."""

    role: Role
    lines: list[Line]
    look: Look | None = None
    left: float = 0.0
    framed: bool = False
    texts: list[str] = field(default_factory=list)

    @property
    def page(self) -> int:
        """Page on which it begins."""
        return self.lines[0].page

    @property
    def text(self) -> str:
        """Its words, without regard to hyphens at the ends of lines."""
        return " ".join(self.texts)


@dataclass(frozen=True, slots=True)
class Column:
    """Lines of one column, with the extent of its text."""

    lines: Sequence[Line]
    left: float
    right: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Column:
        """The column that these lines fill."""
        return cls(lines, min(line.left for line in lines), max(line.right for line in lines))


def group(lines: Sequence[Line], styles: Styles, *, framed: bool = False) -> list[Group]:
    """The groups of one column, of the part of a column above or below a table, or of a frame, which has no headings."""
    column = Column.of(lines)
    if framed:
        column = replace(column, right=0.0)  # text in the middle of a frame breaks where it likes
    groups = [_open(lines[0], column, styles)]
    for above, line in pairwise(lines):
        last = groups[-1]
        if _starts_anew(above, line, last, column, styles):
            groups.append(_open(line, column, styles))
        else:
            last.lines.append(line)
            last.texts.append(line.text)
    for found in groups:
        found.framed = framed
        if found.role is Role.HEADING and framed:
            found.role = Role.PARAGRAPH
    _settle(groups)
    return groups


def _open(line: Line, column: Column, styles: Styles) -> Group:
    first = line.words[0].text
    if first[0] in BULLETS and len(first) == 1 and len(line.words) > 1:
        return Group(Role.ITEM, [line], None, line.words[1].left, texts=[spaced(line.words[1:])])
    look = styles.look(line)
    if _CAPTION.match(line.text):
        return Group(Role.CAPTION, [line], look, line.left, texts=[line.text])
    if line.size < 0.93 * styles.body.size and _NOTE_MARK.fullmatch(first) and len(line.words) > 1:
        return Group(Role.NOTE, [line], None, line.left, texts=[line.text])
    if look is not None and line.left < column.left + 0.4 * (column.right - column.left):
        return Group(Role.HEADING, [line], look, line.left, texts=[line.text])
    if _LABEL.fullmatch(first) and len(line.words) > 1:
        return Group(Role.ITEM, [line], None, line.words[1].left, texts=[line.text])
    return Group(Role.PARAGRAPH, [line], None, line.left, texts=[line.text])


def _starts_anew(above: Line, line: Line, last: Group, column: Column, styles: Styles) -> bool:
    """Whether `line` begins a new group rather than going on with `last`, whose last line is `above`."""
    distance = line.baseline - above.baseline
    if distance > 1.25 * max(styles.spacing(line.size), styles.spacing(above.size)) or distance <= 0:
        return True
    if abs(line.size - above.size) > 0.6:
        return True
    opened = _open(line, column, styles)
    if last.role is Role.HEADING or opened.role is Role.HEADING:
        return not _goes_on_as_heading(above, line, last, opened, column)
    if opened.role in (Role.ITEM, Role.CAPTION, Role.NOTE):
        return not _is_dash_in_sentence(line, above, last)
    return _is_new_paragraph(above, line, last, column)


def _goes_on_as_heading(above: Line, line: Line, last: Group, opened: Group, column: Column) -> bool:
    if last.look == opened.look and last.role is opened.role:
        return line.text[0].islower() or not _had_room(above, line, column)
    # A line that is bold throughout in the middle of a sentence is no heading.
    unfinished = not _SENTENCE_END.search(above.text) and not _had_room(above, line, column)
    if last.role is not Role.HEADING:
        return unfinished
    return unfinished and line.text[0].islower() and above.size == line.size


def _is_dash_in_sentence(line: Line, above: Line, last: Group) -> bool:
    """A line of running text may begin with a dash or with a number and a stop."""
    if line.words[0].text in "–—-*":
        return last.role is Role.PARAGRAPH and abs(line.left - above.left) < 2 and not _SENTENCE_END.search(above.text)
    label = _LABEL.fullmatch(line.words[0].text) is not None
    aligned = abs(line.left - above.left) < 2 and last.role is not Role.ITEM
    return (label and aligned and not _SENTENCE_END.search(above.text)) or (label and abs(line.left - last.left) < 2)


def _is_new_paragraph(above: Line, line: Line, last: Group, column: Column) -> bool:
    if line.left < above.left - 4:
        indented_first = len(last.lines) == 1 and last.role is Role.PARAGRAPH and above.left - line.left < 3 * line.size
        return not (indented_first and not _SENTENCE_END.search(above.text)) or _had_room(above, line, column)
    if last.role is not Role.ITEM and line.left > above.left + 4 and len(last.lines) > 1:
        return bool(_SENTENCE_END.search(above.text))
    if _UNFINISHED.search(above.text):
        return False
    begins = line.text[0].isupper() or line.text[0].isdigit() or line.text[0] in "“‘\"'("
    return begins and _had_room(above, line, column)


def _had_room(above: Line, line: Line, column: Column) -> bool:
    """Whether the first word of `line` would have fitted on the line above, so that the break was meant."""
    first = line.words[0]
    return above.right + (first.right - first.left) + 2 * line.size < column.right


def _settle(groups: list[Group]) -> None:
    """Turn back into paragraphs what looked like headings and reads like sentences."""
    for found, after in zip(groups, [*groups[1:], None], strict=True):
        if found.role is not Role.HEADING:
            continue
        text = found.text
        sentence = text.endswith((".", ";", ",")) or len(text) > _LONGEST_HEADING or text[0].islower()
        loose = (
            after is not None
            and after.role is Role.PARAGRAPH
            and after.lines[0].page == found.page
            and after.text[0].islower()
        )
        labels = after is not None and (after.role is Role.CAPTION or after.text.startswith("Source"))
        if sentence or loose or labels or not any(character.isalpha() for character in text):
            found.role = Role.PARAGRAPH


def joined_over_breaks(pieces: Iterable[list[Group] | Table]) -> list[Group | Table]:
    """One list of groups and tables; a paragraph cut by the end of a column or page, or by a gap, is whole again."""
    whole: list[Group | Table] = []
    cut: Group | None = None
    for piece in pieces:
        if isinstance(piece, Table):
            whole.append(piece)
            continue
        at_break = True
        for found in piece:
            if found.role is Role.NOTE:
                whole.append(found)
                continue
            if cut is not None and _goes_on(cut, found, at_break=at_break):
                cut.lines += found.lines
                cut.texts += found.texts
            else:
                whole.append(found)
                cut = cut if found.role is Role.CAPTION else found
            at_break = False
    return whole


def _goes_on(cut: Group, rest: Group, *, at_break: bool) -> bool:
    """Whether `rest` is the end of the sentence that `cut` begins."""
    if cut.framed or rest.framed or rest.role is not Role.PARAGRAPH or cut.role not in (Role.PARAGRAPH, Role.ITEM):
        return False
    if abs(cut.lines[-1].size - rest.lines[0].size) > 0.6 or _SENTENCE_END.search(cut.text):
        return False
    start = rest.text[0]
    if not at_break:
        return start.islower() and cut.role is Role.PARAGRAPH and len(cut.lines) > 1
    if start.islower() or cut.text.endswith("-"):
        return True
    broad = cut.lines[-1].right > rest.lines[0].right - 8 * rest.lines[0].size
    return cut.role is Role.PARAGRAPH and broad and len(rest.lines) > 1 and (start.isalnum() or start in "(“‘")
