"""Splits a response into the points it makes, by offsets into its text. Knows nothing of what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding import sentences

_WITHIN = re.compile(
    r";\s+|\s+[–—-]\s+|,?\s+(?=(?:but|however|although|whereas|also|in addition|furthermore|moreover|secondly|thirdly|finally)\b)|"
    r"\s+(?=(?:\(?[2-9a-h]\)|[2-9]\.)\s)",
    re.I,
)
"""Where a sentence may turn to another point."""
_FEWEST_WORDS = 4
"""A shorter piece goes with what stands before it: "Yes." is no point of its own beside its reason."""
_MOST = 200
"""Statements of one response; the last takes in what follows, so that nothing is left out."""


def statements(text: str) -> list[tuple[int, int]]:
    """Start and end of each statement; together they hold every word."""
    pieces = [piece for sentence in sentences(text) for piece in _within(text, *sentence)]
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        short = len(text[start:end].split()) < _FEWEST_WORDS
        before_is_short = joined and len(text[joined[-1][0] : joined[-1][1]].split()) < _FEWEST_WORDS
        if joined and (short or before_is_short or len(joined) == _MOST):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _within(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for turn in _WITHIN.finditer(text, start, end):
        if len(text[begin : turn.start()].split()) >= _FEWEST_WORDS and len(text[turn.end() : end].split()) >= _FEWEST_WORDS:
            yield begin, turn.start()
            begin = turn.end()
    yield begin, end
