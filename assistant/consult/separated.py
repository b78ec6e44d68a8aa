"""Parts text with separators (CSV and its kin) into records, so that a fault in one costs no other.

A quotation mark that is not closed ends with its line; the standard library's reader would go on into the rows below it
without a word. Knows nothing of headings or of what cells mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 50
"""Records from which the separator is told."""
NOT_CLOSED = "has a quotation mark that is not closed; it was read up to the end of its line, so look whether it is whole"
NOT_DOUBLED = "has quotation marks inside a quoted answer that are not doubled; look whether it was read as it is meant"
LIKE_ROWS = "is an answer of several lines that look like rows; if they are, a quotation mark is missing or too many"


@dataclass(frozen=True, slots=True)
class Record:
    """A record: its cells, whether there is nothing at all in it, and what was wrong with it, "" for nothing."""

    cells: tuple[str, ...]
    is_blank: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Patterns:
    quoted: re.Pattern[str]
    within_line: re.Pattern[str]
    plain: re.Pattern[str]


_LINE = re.compile(r"[^\r\n]*")
_BREAK = re.compile(r"\r\n|\n|\r")


@cache
def _patterns(delimiter: str) -> _Patterns:
    mark = re.escape(delimiter)
    blanks = r" *" if delimiter == "\t" else r"[ \t]*"
    ends = rf"{blanks}(?={mark}|[\r\n]|\Z)"
    return _Patterns(
        re.compile(rf'"([^"]*+(?:""[^"]*+)*+)"{ends}'),
        re.compile(rf'"([^\r\n]*?)"{ends}'),
        re.compile(rf"[^{mark}\r\n]*"),
    )


def delimiter_of(text: str) -> str:
    """The separator that parts the rows into as many cells as the heading has; a heading may hold the others."""

    def fits(delimiter: str) -> tuple[bool, float, int]:
        first, *others = [one for one in islice(records(text, delimiter), _LOOKED_AT) if not one.is_blank] or [Record(())]
        alike = sum(len(one.cells) == len(first.cells) for one in others)
        return len(first.cells) > 1, alike / max(len(others), 1), len(first.cells)

    return max(_DELIMITERS, key=fits)


def records(text: str, delimiter: str) -> Iterator[Record]:
    """The records from top to bottom, blank lines among them."""
    at, width = 0, 0
    while at < len(text):
        start, cells, fault = at, [], ""
        while True:
            cell, at, wrong = _cell(text, at, delimiter)
            cells.append(cell)
            fault = fault or wrong
            if not text.startswith(delimiter, at):
                break
            at += 1
        raw = text[start:at]
        if not fault and width > 1 and _looks_like_rows(raw, width, delimiter):
            fault = LIKE_ROWS
        width = width or (len(cells) if raw.strip() else 0)
        yield Record(tuple(cells), not raw, fault)
        end = _BREAK.match(text, at)
        at = end.end() if end else at


def _cell(text: str, at: int, delimiter: str) -> tuple[str, int, str]:
    """A cell, where it ends, and what was wrong with it."""
    patterns = _patterns(delimiter)
    if not text.startswith('"', at):
        plain = patterns.plain.match(text, at)
        assert plain is not None
        return plain[0], plain.end(), ""
    if whole := patterns.quoted.match(text, at):
        return whole[1].replace('""', '"'), whole.end(), ""
    if found := patterns.within_line.match(text, at):
        return found[1].replace('""', '"'), found.end(), NOT_DOUBLED
    line = _LINE.match(text, at)
    assert line is not None
    return line[0][1:].replace('""', '"'), line.end(), NOT_CLOSED


def _looks_like_rows(raw: str, width: int, delimiter: str) -> bool:
    """Whether every further line of a record has as many cells as there are headings.

    One such line may be chance, unless it begins as the record does: "R2" after "R1".
    """
    first, *others = [line for line in _BREAK.split(raw) if line.strip()] or [""]
    if not others or any(line.count(delimiter) != width - 1 for line in others):
        return False
    shapes = {re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", line.split(delimiter)[0])) for line in (first, *others)}
    return len(others) > 1 or (len(shapes) == 1 and "0" in shapes.pop())
