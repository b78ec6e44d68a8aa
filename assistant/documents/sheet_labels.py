"""Tells what the words in a cell are: a label, a value, a title or a note. Knows words only, neither sheets nor blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

_VALUE = re.compile(
    r"""[-+(]*[£$€]\s?\d | \d\s?% | \S@\S
      | \A[\d\s.,:()/+–-]+(?:\s?[AP]M)?\Z                                         # a number, a time or a date
      | \A(?:\w+,?\ )?\d{1,2}(?:\ |-)[A-Z][a-z]{2,}(?:(?:\ |-)\d{2,4})?\b          # a date in words
      | \A(?:TRUE|FALSE|Yes|No|Y|N|n/?a|-|–)\Z
      | \A[A-Z]{2,6}\d{2,}\w?\b                                                   # the number of a section or form
      | \Ahttps?://""",
    re.VERBOSE | re.IGNORECASE,
)
_YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d(?:\s?[-/–]\s?(?:\d\d|(?:19|20)\d\d))?|Q[1-4](?:\s(?:19|20)\d\d)?")
_CODE = re.compile(r"[A-Z0-9]{2,10}")
_SENTENCE_END = re.compile(r"[.;!?…][”’\"')\]]*\Z")
_NOTE = re.compile(
    r"(?:notes?|sources?|n\.?b\.?|footnotes?|contact|published|last updated|correct as (?:at|of)|key|©|crown copyright)\b"
    r"|[*†‡¹²³]|\[\w{1,3}\]|\(\d{1,2}\)\s",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA|CONNECT!|BUSY!)|Err:\d{3}"
)
_BULLET = re.compile(r"[•●▪◦·*–-]\s+(?=\S)")
_LONG_FOR_LABEL = 100
_LONG_FOR_ITEM = 120
_LONG_FOR_TITLE = 120
_LONG_WITHOUT_STOP = 60
_LONG_FOR_PAIRS = 10
"""Rows from which a table of two columns is more than the facts at the front of a workbook."""


def is_error(text: str) -> bool:
    """Whether a cell shows that its formula failed."""
    return text[:1] in "#E" and _ERROR.fullmatch(text.strip()) is not None


def is_value(text: str) -> bool:
    """Whether a text is a number, an amount, a date, an address or another value, and so no heading."""
    return _VALUE.search(text) is not None


def is_title(text: str) -> bool:
    """Whether a line that stands alone can be a title: short, no sentence, no value, not leading into anything."""
    return len(text) <= _LONG_FOR_TITLE and not _SENTENCE_END.search(text) and not text.endswith(":") and not is_value(text)


def is_note(text: str) -> bool:
    """Whether a line below a table says something about it, and is not a row with nothing but a label."""
    return bool(_NOTE.match(text) or _SENTENCE_END.search(text)) or len(text) > _LONG_WITHOUT_STOP


def is_item(text: str) -> bool:
    """Whether a text can be one of a column of names."""
    return (
        len(text) <= _LONG_FOR_ITEM and not _SENTENCE_END.search(text) and not text.endswith(":") and not _BULLET.match(text)
    )


def bulleted(text: str) -> str:
    """A text without the bullet typed before it; "" when it has none."""
    match = _BULLET.match(text)
    return text[match.end() :] if match else ""


def are_headings(texts: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a first row reads as column headings: a label in each column, and not values like those below.

    Args:
        texts: One for each column, "" for an empty cell.
        below: The next rows, likewise.
    """
    labels = [text for text in texts if text]
    if not below or len(labels) < 2 or not all(texts[1:]) or len(set(labels)) < len(labels):
        return False
    if any(len(label) > _LONG_FOR_LABEL or label.endswith((".", ";", ":")) for label in labels):
        return False
    if any(is_value(label) and not _YEAR.fullmatch(label) for label in labels) or _YEAR.fullmatch(labels[0]):
        return False
    if _CODE.fullmatch(texts[0]) and _CODE.fullmatch(below[0][0]):
        return False  # a list of abbreviations
    return len(labels) > 2 or has_values(below) or not texts[0] or not _is_pair(texts, below)


def has_values(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a column after the first holds only values."""
    columns = zip(*(row[1:] for row in rows), strict=False)
    return any(all(is_value(text) for text in column if text) and any(column) for column in columns)


def _is_pair(texts: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row of two columns is one more name with what it means: few rows, and more than a word beside the name."""
    return len(below) < _LONG_FOR_PAIRS and len(texts[1].split()) > 1
