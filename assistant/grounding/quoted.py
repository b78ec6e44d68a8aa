"""Tells whether a claim is a quotation: the words of a sentence, in order, but for case, punctuation and small words.

Knows nothing of what words mean.
"""

from __future__ import annotations

from rapidfuzz.distance import LCSseq

from assistant.grounding.words import words

_SMALL = frozenset("a an the that this these those also please of in to and then".split())
_LEAST = 0.9


def is_quoted(claim: str, sentence: str) -> bool:
    """True when the claim is the sentence, or an unbroken part of it, word for word but for small words."""
    ours = [word.lower for word in words(claim)]
    theirs = [word.lower for word in words(sentence)]
    if not ours or not theirs:
        return False
    if _holds(theirs, ours):
        return True
    differing = {*_left(ours, theirs), *_left(theirs, ours)}
    return differing <= _SMALL and LCSseq.similarity(ours, theirs) / max(len(ours), len(theirs)) >= _LEAST


def _holds(text: list[str], part: list[str]) -> bool:
    return any(text[n : n + len(part)] == part for n in range(len(text) - len(part) + 1))


def _left(ours: list[str], theirs: list[str]) -> list[str]:
    """Words of the first that do not stand in the second in the same order."""
    kept = [block for block in LCSseq.opcodes(ours, theirs) if block.tag == "equal"]
    held = {n for block in kept for n in range(block.src_start, block.src_end)}
    return [word for n, word in enumerate(ours) if n not in held]
