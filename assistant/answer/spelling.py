"""Puts misspelt words of a question right: words that neither the guidance nor English has, one or two letters from one that
both have.

Cautious: names, references and words with capitals or figures stay as they are, and so does every word that somebody may
have meant. What was changed is shown to the reader. Knows nothing of search.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from assistant.errors import ModelUnavailable
from assistant.index import built_in_model_folder

_WORD = re.compile(r"(?<![\w@./='’<>-])[a-zA-Z]{4,}(?![\w@/='’<>-])")
_CODE = re.compile(r"<[/!?a-zA-Z][^<>]{0,2000}(?:>|$)|`[^`]{0,2000}`|\{[^{}]{0,2000}\}")
"""A tag of markup, or code: what looks like a slip of typing there is meant."""
_LONG = 7  # letters from which two slips are put right
_MOST = 6  # words put right in one question; with more it is another language, or no words at all
_CANDIDATES = 12


def corrected(question: str, known: Callable[[str], bool]) -> str:
    """The question with its misspelt words put right; as it is when there are none, or nothing fits.

    Args:
        question: As typed.
        known: Whether some of the guidance has a word, endings aside.
    """
    english = _english()
    if not english:
        return question
    code = [match.span() for match in _CODE.finditer(question)]
    wrong = [
        match
        for match in _WORD.finditer(question)
        if not any(start <= match.start() < end for start, end in code)
        and match[0].casefold() not in english
        and (match[0].islower() or match.start() == 0 or question.isupper())
        and not known(match[0].casefold())
    ]
    if len(wrong) > _MOST:
        return question
    for match in reversed(wrong):
        if meant := _nearest(match[0].casefold(), known):
            written = meant.upper() if match[0].isupper() else meant.capitalize() if match[0][0].isupper() else meant
            question = question[: match.start()] + written + question[match.end() :]
    return question


def _nearest(word: str, known: Callable[[str], bool]) -> str:
    """The commonest of the nearest words that the guidance has; "" when none is near enough."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = 2 if len(word) >= _LONG else 1
    found = process.extract(word, list(_english()), scorer=OSA.distance, score_cutoff=most, limit=_CANDIDATES)
    near = [(distance, other[0] != word[0], rank, other) for other, distance, rank in found]
    return next((other for *_, other in sorted(near) if len(other) > 2 and known(other)), "")


@cache
def _english() -> dict[str, None]:
    """English words, the commonest first: those that the embedding model knows whole."""
    try:
        lines = (built_in_model_folder() / "vocab.txt").read_text("utf-8").split("\n")
    except (ModelUnavailable, OSError):
        return {}
    return dict.fromkeys(line for line in lines if len(line) > 2 and line.isascii() and line.isalpha())
