"""Finds the names in a text: of bodies, people, places, Acts and forms, and initials that stand for them.

Knows nothing of what bears a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.sentences import sentences
from assistant.grounding.words import STOP_WORDS, words

_WITHIN = frozenset("of and for the de la".split())
_NATIONS = {
    "england": "England", "wales": "Wales", "scotland": "Scotland", "scottish": "Scotland", "northern ireland": "Northern Ireland", "great britain": "Great Britain",
    "united kingdom": "United Kingdom", "uk": "United Kingdom",
}  # fmt: skip
_NATION = re.compile(r"\b(?:" + "|".join(sorted(_NATIONS, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{1,6}-?\d+[A-Z0-9]*(?:\([A-Z0-9]+\))?|\d+[A-Z]+\d*")
_COMMON = frozenset(
    "i the a an this that these those it he she they we you your our his her their there if when where while who what which "
    "how why as at by for from in into of on or and but so because since although though however therefore under over after "
    "before during until unless each every all any some no not only also please note see".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written; `parts` are the stems of its words. `opens` is True at the beginning of a sentence."""

    text: str
    start: int
    end: int
    parts: tuple[str, ...]
    opens: bool


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[Name, ...]:
    """Runs of capitalised words, with small words between them ("Department for Education"), initials and codes."""
    found: list[Name] = []
    openings = {start for start, _ in sentences(text)}
    run: list[int] = []
    all_words = words(text)

    def close() -> None:
        while run and not _is_capital(all_words[run[-1]].text):
            run.pop()
        if run:
            first, last = all_words[run[0]], all_words[run[-1]]
            parts = tuple(
                all_words[n].stem for n in run if all_words[n].lower not in _WITHIN and all_words[n].lower not in STOP_WORDS
            )
            opens = any(0 <= first.start - opening <= 2 for opening in openings)
            if parts:
                found.append(Name(text[first.start : last.end], first.start, last.end, parts, opens and len(run) == 1))
        run.clear()

    for number, word in enumerate(all_words):
        joined = not run or re.fullmatch(r"[ \-'’&/]*", text[all_words[run[-1]].end : word.start])
        if run and not joined:
            close()
        opens = any(0 <= word.start - opening <= 2 for opening in openings)
        if (
            _is_capital(word.text)
            and not (opens and word.lower in _COMMON)
            and not (word.lower in _COMMON and len(word.text) == 1)
        ) or (run and word.lower in _WITHIN):
            run.append(number)
        else:
            close()
    close()
    return tuple(found)


def _is_capital(word: str) -> bool:
    return word[0].isupper() or bool(_CODE.fullmatch(word))


def nations(text: str) -> frozenset[str]:
    """The nations of the United Kingdom that a text names, and the United Kingdom itself."""
    return frozenset(_NATIONS[match[0].lower()] for match in _NATION.finditer(text))


def initials(text: str) -> frozenset[str]:
    """What could stand for the runs of capitalised words in a text: "ICO" for "Information Commissioner's Office"."""
    found = set()
    for name in names(text):
        letters = [word.text[0].upper() for word in words(name.text) if word.lower not in _WITHIN]
        every = [word.text[0].upper() for word in words(name.text)]
        for all_letters in (letters, every):
            for start in range(len(all_letters)):
                for end in range(start + 2, len(all_letters) + 1):
                    found.add("".join(all_letters[start:end]))
    return frozenset(found)
