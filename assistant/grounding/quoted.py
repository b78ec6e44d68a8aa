"""Tells whether a claim is a quotation: the words of a sentence, in order, but for case, punctuation and small words.

Knows nothing of what words mean.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import LCSseq

from assistant.grounding.words import content, words

_SMALL = frozenset("a an the that this these those also please of in to and then".split())
_LEAST, _SAME = 0.9, 0.85


_CLAUSE = re.compile(r"(?:^|[,;:.!?()–—\n]|\b(?:and|but|or|then|so))\s*[\"'‘“(]*$", re.IGNORECASE)
"""What a clause that can stand alone may come after."""
_ENDS = re.compile(r"[\"'’”)]*(?:$|\s*[,;:.!?()–—|\n]|\s+-\s|\s+(?:and|but|or|so)\b)", re.IGNORECASE)
"""What such a clause may come before: with "where possible" behind it, "hold an interview" says more than the sentence."""
_FEWEST = 2


def tail_of(claim: str, sentence: str) -> str:
    """The words that a sentence goes on with where a claim that follows it breaks off, "" where its clause ends there."""
    ours, theirs = ([word.lower for word in words(text)] for text in (claim, sentence))
    kept = [block for block in LCSseq.opcodes(ours, theirs) if block.tag == "equal"]
    same = sum(block.src_end - block.src_start for block in kept)
    if not kept or kept[-1].src_end < len(ours) or same < _SAME * len(ours):
        return ""
    end = words(sentence)[kept[-1].dest_end - 1].end
    if _ENDS.match(sentence, end):
        return ""
    return _BREAK.split(sentence[end:], maxsplit=1)[0].strip()


_BREAK = re.compile(r"[,;:.!?()\n]")


def is_quoted(claim: str, sentence: str) -> bool:
    """True when the claim is the sentence, or a whole clause of it, word for word but for small words.

    A part that other words govern is none: "staff may accept gifts" of "Do not assume that staff may accept gifts".
    """
    ours = [word.lower for word in words(claim)]
    theirs = [word.lower for word in words(sentence)]
    if len(content(claim)) < _FEWEST and len(ours) < len(theirs):
        return False
    if not ours or not theirs:
        return False
    if ours == theirs:
        return True
    if (place := _place(theirs, ours)) is not None:
        return bool(_CLAUSE.search(sentence[: words(sentence)[place].start]))
    differing = {*_left(ours, theirs), *_left(theirs, ours)}
    return differing <= _SMALL and LCSseq.similarity(ours, theirs) / max(len(ours), len(theirs)) >= _LEAST


def _place(text: list[str], part: list[str]) -> int | None:
    return next((n for n in range(len(text) - len(part) + 1) if text[n : n + len(part)] == part), None)


def _left(ours: list[str], theirs: list[str]) -> list[str]:
    """Words of the first that do not stand in the second in the same order."""
    kept = [block for block in LCSseq.opcodes(ours, theirs) if block.tag == "equal"]
    held = {n for block in kept for n in range(block.src_start, block.src_end)}
    return [word for n, word in enumerate(ours) if n not in held]
