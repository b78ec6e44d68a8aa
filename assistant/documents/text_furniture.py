"""Takes page furniture out of text that was extracted from pages: running titles, page numbers, overprinted words.

Works on lines of text and knows nothing of blocks. What is removed leaves a line break, since it stood between two pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_OVERPRINTED = re.compile(r"([A-Z][A-Z ]{4,40}[A-Z])\1+")
_RUNNING = re.compile(r"(?:(?P<first>\d{1,3}) )?(?P<title>\D.{13,98}?)(?: (?P<last>\d{1,3}))?")
_LEAST_PAGES = 3
_PAGE_NUMBER = re.compile(r"(?:page )?(\d{1,4})(?: of \d{1,4})?", re.IGNORECASE)
_LINES_APART = 8
"""Two page numbers are further apart than two cells of a table."""


def without_furniture(text: str) -> str:
    """The text without what repeats from page to page."""
    for phrase in sorted({match[1] for match in _OVERPRINTED.finditer(text)}, key=len, reverse=True):
        text = re.sub(rf"(?:(?<!\S)[A-Z0-9/]{{1,4}})?(?:{re.escape(phrase)})+", "\n", text)
    for title in _running_titles(text.splitlines()):
        words = r"\s+".join(map(re.escape, title.split()))
        text = re.sub(rf"(?:(?<!\S)\d{{1,3}}\s+)?{words}(?:\s+\d{{1,3}}(?=\s|[A-Z]|$))", "\n", text)
        text = re.sub(rf"(?<!\S)\d{{1,3}}\s+{words}(?!\S)", "\n", text)
    return _without_page_numbers(text)


def _running_titles(lines: Sequence[str]) -> list[str]:
    """Lines that come back with another page number before or after them, longest first."""
    pages: dict[str, set[str]] = {}
    for line in lines:
        match = _RUNNING.fullmatch(" ".join(line.split()))
        if match and (number := match["first"] or match["last"]):
            pages.setdefault(match["title"], set()).add(number)
    found = [title for title, numbers in pages.items() if len(numbers) >= _LEAST_PAGES and any(map(str.isalpha, title))]
    return sorted(found, key=len, reverse=True)


def _without_page_numbers(text: str) -> str:
    """Drop lines that hold a number alone where such numbers count the pages."""
    lines = text.split("\n")
    numbered = [(place, int(m[1])) for place, line in enumerate(lines) if (m := _PAGE_NUMBER.fullmatch(line.strip()))]
    links: Counter[int] = Counter()
    for (place, number), (next_place, next_number) in pairwise(numbered):
        written = sum(bool(line.strip()) for line in lines[place + 1 : next_place])
        if 1 <= next_number - number <= 2 and written >= _LINES_APART:
            links[place] += 1
            links[next_place] += 1
    dropped = set(links) if len(links) >= _LEAST_PAGES else set()
    return "\n".join("" if place in dropped else line for place, line in enumerate(lines))
