"""What a PDF says about itself: its title and the date of its text.

Knows nothing of pages; works on the file's properties, its headings and its running headers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable

from assistant.documents.file_names import readable_name

_MONTHS = {
    "january": 1,
    "february": 2,
    "march": 3,
    "april": 4,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "september": 9,
    "october": 10,
    "november": 11,
    "december": 12,
}
_DATE = re.compile(rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+)?({'|'.join(_MONTHS)})\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_PROPERTY_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_JOB_NUMBER = re.compile(r"\b\d{5,}\b|\bv\d+(?:[._]\d+)*\b|\b(?:final|draft)\b", re.IGNORECASE)
_PROGRAM = re.compile(r"^(?:Microsoft (?:Word|PowerPoint|Excel)\s*-\s*)")
_FILE_NAME = re.compile(
    r"\.(?:docx?|indd|pdf|pptx?|xlsx?|qxp|odt|rtf)$|^(?:untitled|document\d*|layout \d+)$", re.IGNORECASE
)
_WORDS = re.compile(r"\w+")
_LONGEST_PREFIX = 8


def title(stated: str, opening: str, file_name: str) -> str:
    """The best name for the document.

    Args:
        stated: Title in the file's properties, often a job name or a template's title.
        opening: The largest heading on the first page, "" if there is none.
        file_name: Used when nothing else names the document.
    """
    stated = " ".join(_PROGRAM.sub("", stated).split())
    if _FILE_NAME.search(stated):
        stated = ""
    stated = " ".join(_JOB_NUMBER.sub(" ", stated).replace("_", " ").split()).strip(" -–:")
    names = _content(stated)
    if not names:
        return opening or readable_name(file_name)
    if not opening or _content(opening) <= names or len(opening.split()) > _LONGEST_PREFIX:
        return stated
    return opening if names <= _content(opening) else f"{opening} ({stated})"


def running_title(opening: str, running: Iterable[str]) -> str:
    """The running header that says the first heading and more, such as "Chapter 6: Consent"; else the heading."""
    fuller = Counter(text for text in running if opening and opening in text and len(text.split()) <= _LONGEST_PREFIX + 2)
    return fuller.most_common(1)[0][0] if fuller else opening


def _content(text: str) -> set[str]:
    return {word for word in _WORDS.findall(text.casefold()) if any(character.isalpha() for character in word)}


def updated(running: Iterable[str], *properties: str) -> dt.date | None:
    """The date in the running headers, else the first date among the file's properties.

    A month without a day counts as its first day.
    """
    printed = Counter(date for text in running for date in dates_in(text))
    if printed:
        return printed.most_common(1)[0][0]
    for value in properties:
        match = _PROPERTY_DATE.match(value)
        if match and (date := _date(int(match[1]), int(match[2]), int(match[3]))):
            return date
    return None


def dates_in(text: str) -> list[dt.date]:
    """The dates written out in words in a text."""
    found = (_date(int(match[3]), _MONTHS[match[2].lower()], int(match[1] or 1)) for match in _DATE.finditer(text))
    return [date for date in found if date is not None]


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
