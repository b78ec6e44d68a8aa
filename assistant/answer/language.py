"""Tells whether a message is in a language other than English, by its script and its small words.

Cautious: names, acronyms and a few foreign words ("de minimis", "Plaid Cymru") leave a message English. docs/benchmarks.md
has what it gets right, beside a language detector. Knows nothing of what a message means.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FEWEST_LETTERS = 3  # of another script: "що?" is one, "α = 0.05" is not
_FEWEST_WORDS = 2
_SHORTEST_ALONE = 5  # letters of a word that tells a language alone: "diolch", not "la"
_SHARE = 0.3  # of a message's words that must be small words of the language
_NO_ENGLISH_IN = 4  # words among which English has a small one nearly always,
_SHARE_WITHOUT = 0.15  # so that fewer of another language tell


@dataclass(frozen=True, slots=True)
class _SmallWords:
    english: frozenset[str]
    others: dict[str, frozenset[str]]


def other_language(message: str) -> str:
    """The language of a message when it is not English: its name, or that of its script; "" when it may be English."""
    if script := _other_script(message):
        return script
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(unicodedata.normalize("NFC", message))]
    if not words:
        return ""
    known = _small_words()
    counts = {name: sum(word in own for word in words) for name, own in known.others.items()}
    best = max(counts, key=lambda name: counts[name])
    english = sum(word in known.english - known.others[best] for word in words)
    distinct = len({word for word in words if word in known.others[best]} - known.english)
    alone = len(words) == 1 and distinct == 1 and len(words[0]) >= _SHORTEST_ALONE
    if not english and len(words) >= _NO_ENGLISH_IN and distinct and counts[best] >= _SHARE_WITHOUT * len(words):
        return best
    enough = alone or distinct >= _FEWEST_WORDS
    return best if enough and counts[best] >= _SHARE * len(words) and counts[best] > 2 * english else ""


def _other_script(message: str) -> str:
    letters = [character for character in message if character.isalpha()]
    scripts = [unicodedata.name(letter, "UNKNOWN").split(" ")[0].split("-")[0].lower() for letter in letters]
    foreign = [
        script for script in scripts if script not in {"latin", "modifier", "mathematical", "micro", "feminine", "masculine"}
    ]
    if len(foreign) < _FEWEST_LETTERS or 2 * len(foreign) < len(letters):
        return ""
    return max(set(foreign), key=foreign.count)


@cache
def _small_words() -> _SmallWords:
    stored = tomllib.loads(Path(__file__).with_name("languages.toml").read_text("utf-8"))
    english, names = frozenset(stored["english"].split()), frozenset(stored["in_names"].split())
    return _SmallWords(english, {name: frozenset(words.split()) - names for name, words in stored["words"].items()})
