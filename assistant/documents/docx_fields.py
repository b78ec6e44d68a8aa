"""Follows the fields of a Word or RTF document: instructions are not read, results are, save those of contents and numbers.

A field's parts may lie in different paragraphs, and fields stand in each other. Knows nothing of what the text is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SILENT = frozenset(
    {"TOC", "INDEX", "TOA", "PAGE", "NUMPAGES", "SECTIONPAGES", "RD", "XE", "TC", "TA", "ADVANCE", "PRIVATE"}
)

_FURNITURE = re.compile(
    r"(?:toc|index|contents|user index|toa) (?:\d|heading)|table of (?:figures|authorities)", re.IGNORECASE
)


def is_furniture(style: str) -> bool:
    """Whether a paragraph style is for lines of a table of contents or an index."""
    return bool(_FURNITURE.fullmatch(style))


def is_silent(instruction: str) -> bool:
    """Whether a field's result is furniture: a table of contents, an index, a page number."""
    words = instruction.split(maxsplit=1)
    return bool(words) and words[0].upper() in _SILENT


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    in_result: bool = False
    is_silent: bool = False


class Fields:
    """The fields that are open at one place of a document."""

    def __init__(self) -> None:
        self._open: list[_Field] = []
        self._closed = 0  # how many of them keep their text back

    @property
    def readable(self) -> bool:
        """Whether text that stands here is read."""
        return not self._closed

    def begin(self) -> None:
        """A field begins: its instruction comes first."""
        self._open.append(_Field())
        self._closed += 1

    def instruct(self, words: str) -> None:
        """Part of the instruction of the innermost field."""
        if self._open and not self._open[-1].in_result and len(self._open[-1].instruction) < 100:
            self._open[-1].instruction += words

    def separate(self) -> None:
        """The result of the innermost field begins."""
        if self._open and not self._open[-1].in_result:
            field = self._open[-1]
            field.in_result = True
            field.is_silent = is_silent(field.instruction)
            self._closed -= not field.is_silent

    def end(self) -> None:
        """The innermost field ends."""
        if self._open:
            field = self._open.pop()
            self._closed -= field.is_silent or not field.in_result
