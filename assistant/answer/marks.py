"""The numbers by which a model names its sources: "[1]", "[1, 2]", "[Sources 1 and 3]", "(source 2)".

Knows nothing of whether there are such sources.
"""

from __future__ import annotations

import re

_NAMED = r"(?:sources?|documents?|docs?|passages?|refs?)"
_LIST = rf"\d{{1,3}}(?:\s*(?:,|;|/|&|-|–|\band\b|\bto\b|,\s*and\b)\s*(?:{_NAMED}\s*)?#?\d{{1,3}})*"
_MARK = rf"[\[【]\s*\^?(?:{_NAMED}\s*:?)?\s*#?{_LIST}\s*[\]】]|\(\s*(?:see\s+)?{_NAMED}\s+{_LIST}\s*\)"
TAIL_MARK = re.compile(rf"(?:{_MARK})$", re.IGNORECASE)
"""A marker that a text ends with."""
_MENTION = re.compile(
    r"(?:\b(?:according to|as (?:stated|set out|described|explained|mentioned) (?:in|by)|per|under)\s+)?\b(?:the\s+)?"
    rf"sources?\s+(?P<numbers>{_LIST})\b(?:\s*,)?\s*"
    r"(?:(?:say|state|explain|mention|note|specif|indicat)(?:s|ies|es)?\s+that\s+)?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\s*(?:-|–|to)\s*(?:[a-z]+\s*)?(\d+)", re.IGNORECASE)
_LONGEST_RANGE = 20


def numbers_in(mark: str) -> list[int]:
    """The numbers that a marker names, with those between the ends of a range; each once, in order."""
    numbers: list[int] = []
    for part in re.split(r"[,;/&]|\band\b", mark):
        if spread := _RANGE.search(part):
            first, last = int(spread[1]), int(spread[2])
            numbers += range(first, last + 1) if first <= last <= first + _LONGEST_RANGE else [first, last]
        else:
            numbers += [int(number) for number in re.findall(r"\d+", part)]
    return list(dict.fromkeys(numbers))


def without_mentions(text: str) -> tuple[str, list[int]]:
    """A sentence without the sources it names in its run ("According to source 2, …", "Source 2 says that …")."""
    numbers = [number for mention in _MENTION.finditer(text) for number in numbers_in(mention["numbers"])]
    if not numbers:
        return text, []
    left = _MENTION.sub("", text).lstrip()
    return f"{left[:1].upper()}{left[1:]}", numbers
