"""Cuts English text into sentences by offsets: what a claim is, and what a claim can rest on.

A full stop that belongs to an abbreviation, an initial, a number or a reference ("s. 12(3)", "No. 10", "£1.5m") ends none.
Knows nothing of claims or sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STOP = re.compile(r"[.!?…]+[\"'’”)\]]*(?:\s*\[\d+(?:\s*,\s*\d+)*\])*(?=\s|$)|\n+")
"""Where a sentence may end: the markers of its citations belong to it."""
_ALWAYS = frozenset(
    "e.g i.e eg ie viz cf mr mrs ms dr prof sir st hon rt messrs jr sr v vs approx est incl excl inc ltd plc dept gov "
    "min max tel ext ref col".split()
)
"""Never the end of a sentence."""
_BEFORE_A_NUMBER = frozenset(
    "no nos s ss sec sect art arts para paras p pp pt ch chap cl reg regs r rr sch sched fig vol ed jan feb mar apr jun jul "
    "aug sep sept oct nov dec".split()
)
"""Not the end of a sentence where a number follows."""
_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z.]*)$")
_SENTENCE = re.compile(r"[\"'‘“(\[]*[A-Z0-9£$€•*#|-]")
_NUMBERED = re.compile(r"(^|\n)\s*(\d{1,3}|[a-zA-Z]|[ivx]+)\.$")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, without white space around it; together they hold all that is not white space."""
    start = 0
    for end in (*ends(text), len(text)):
        piece = text[start:end]
        if stripped := piece.strip():
            begin = start + len(piece) - len(piece.lstrip())
            yield begin, begin + len(stripped)
        start = end


def ends(text: str) -> Iterator[int]:
    """Where sentences end: one past the full stop, or the line break."""
    for stop in _STOP.finditer(text):
        if stop[0][0] == "\n" or _ends(text, stop):
            yield stop.end()


def _ends(text: str, stop: re.Match[str]) -> bool:
    following = text[stop.end() :].lstrip()
    before = text[: stop.start()]
    if stop[0][0] in "!?" or (len(stop[0]) > 1 and stop[0][-1] == "]"):
        return True
    if _NUMBERED.search(text[max(0, stop.start() - 6) : stop.start() + 1]):
        return False  # "1." at the beginning of a line numbers what follows
    word = _LAST_WORD.search(before[-20:])
    if word:
        last = word[1].lower().rstrip(".")
        if last in _ALWAYS or (len(word[1]) == 1 and word[1].isupper() and word[1] != "I"):
            return not following
        if last in _BEFORE_A_NUMBER and following[:1].isdigit():
            return False
    return not following or bool(_SENTENCE.match(following))
