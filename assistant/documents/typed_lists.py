"""Recognises lists whose bullets or numbers are typed into ordinary paragraphs, as in older manuals and legislation.

Knows words and positions only: what the paragraphs belong to is the caller's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.documents.leads import is_connector, leads_in

_MARKER = re.compile(r"(?P<bullet>[•·▪‣◦*–-])\s+|(?P<open>\(?)(?P<name>\d{1,3}|[a-z]{1,5}|[A-Z])(?P<close>[).])\s+")
_ROMAN = re.compile(r"[ivx]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands in a typed list: its depth from 1, and the block that leads into it."""

    level: int
    introduced_by: int


@dataclass(slots=True)
class _Level:
    style: str
    introduced_by: int
    latest: str


class TypedLists:
    """Follows the paragraphs of a page and tells which are items of a list."""

    def __init__(self) -> None:
        self._levels: list[_Level] = []
        self._end = -1

    def place(self, words: str, *, above: str, last: int) -> Place | None:
        """The place of a paragraph in a list, or None when it is an ordinary paragraph.

        Args:
            words: The paragraph.
            above: Text of the block before it, "" when that is not a paragraph or an item placed here.
            last: Position of that block.
        """
        match = _MARKER.match(words)
        if match is None:
            return None
        style, name = self._style(match), match["name"] or ""
        goes_on = self._end == last or (self._end == last - 1 and is_connector(above))
        known = next((depth for depth, level in enumerate(self._levels) if level.style == style), None)
        if known is not None and (goes_on or _follows(self._levels[known].latest, name)):
            del self._levels[known + 1 :]
            self._levels[known].latest = name
        elif self._end == last and self._levels:
            self._levels.append(_Level(style, last, name))
        elif above and leads_in(above):
            self._levels = [_Level(style, last, name)]
        else:
            return None
        self._end = last + 1
        return Place(len(self._levels), self._levels[-1].introduced_by)

    def end(self) -> None:
        """A heading or table ends every list."""
        self._levels.clear()
        self._end = -1

    def _style(self, match: re.Match[str]) -> str:
        if match["bullet"]:
            return match["bullet"]
        name = match["name"]
        top = self._levels[-1] if self._levels else None
        is_next_letter = top is not None and top.style.endswith("letter") and _follows(top.latest, name)
        if name.isdigit():
            kind = "number"
        elif _ROMAN.fullmatch(name) and not is_next_letter:
            kind = "roman"
        else:
            kind = "letter"
        return f"{match['open']}{match['close']}{kind}"


def marked(words: str) -> bool:
    """True when a line begins with a bullet or a number."""
    return bool(_MARKER.match(words))


def _follows(former: str, name: str) -> bool:
    """Whether one number or letter comes right after another: 2 after 1, c after b, iv after iii."""
    if former.isdigit() and name.isdigit():
        return int(name) == int(former) + 1
    if len(former) == len(name) == 1 and ord(name) == ord(former) + 1:
        return True
    numerals = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
    return former in numerals and name in numerals and numerals.index(name) == numerals.index(former) + 1
