"""Tells whether a paragraph leads into the list or table that follows it. Knows words only."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"[.!?…][”’\"')\]]*\Z")
_POINTS_AHEAD = re.compile(
    r"\b(?:as follows|(?:the )?following|below|these are|for example|such as|include|includes|including)\b", re.IGNORECASE
)
_LAST_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z‘“])")
_CONNECTOR = re.compile(r"\W*(?:and|or|and/or|but|plus|either|also|then)\W*", re.IGNORECASE)


def leads_in(paragraph: str) -> bool:
    """True when the paragraph is unfinished without what follows it.

    GOV.UK ends such a paragraph with a colon. Older pages end it in mid-sentence ("you can claim if you") or announce the
    list in a sentence of its own ("The conditions are as follows.").
    """
    paragraph = paragraph.strip()
    if paragraph.startswith("(") and paragraph.endswith(")"):
        return False
    if not _SENTENCE_END.search(paragraph):
        return bool(paragraph)
    return bool(_POINTS_AHEAD.search(_LAST_SENTENCE.split(paragraph)[-1]))


def is_connector(paragraph: str) -> bool:
    """True for the bare "and" or "or" that some pages put between two halves of one list."""
    return bool(_CONNECTOR.fullmatch(paragraph))
