"""Words of a text with their places, their stems, and numbers in words as numbers. Knows nothing of what words mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_IRREGULAR = """
tell told; pay paid; give gave given; send sent; make made; keep kept; hold held; buy bought; sell sold; leave left; lend lent; write wrote written
take took taken; get got gotten; find found; think thought; say said; know knew known; show shown; begin began begun; choose chose chosen; speak spoke spoken
spend spent; build built; lose lost; meet met; run ran; rise rose risen; see saw seen; bring brought; break broke broken; grow grew grown; become became
go went gone; seek sought; teach taught; win won; bear bore borne; draw drew drawn; drive drove driven; fall fell fallen; forbid forbidden; hear heard
child children; man men; woman women; person people persons; authority authorities; datum data; criterion criteria; analysis analyses
"""
_SAME = {form: group.split()[0] for group in _IRREGULAR.replace("\n", ";").split(";") for form in group.split()}
_WORD = re.compile(
    r"\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th)?(?![\w])"  # 1,000.5 and 21st
    r"|[A-Za-z]+\d[\w]*|\d+[A-Za-z]\w*"  # P45, 12A, 5pm
    r"|[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)*"  # don't
)
STOP_WORDS = frozenset(
    "a about above after again all also although am an and any are as at be because been before being below between both but "
    "by can could did do does doing down during each either else even every few for from further had has have having he her "
    "here hers him his how however i if in into is it its itself just may me might more most much must my neither no nor not "
    "of off on once one only or other our ours out over own per same shall she should since so some such than that the their "
    "theirs them then there therefore these they this those though through thus to too under until unless up upon us very via "
    "was we were what when where whether which while who whom whose why will with within without would you your yours".split()
)
"""Words that say little of what a sentence is about. Some of them matter all the same; the checks look at those by name."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as written, where, in lower case, and its stem."""

    text: str
    start: int
    end: int
    lower: str
    stem: str

    @property
    def is_content(self) -> bool:
        """Whether it says what a sentence is about."""
        return self.lower not in STOP_WORDS and "'" not in self.lower


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[Word, ...]:
    """All words of a text, in order."""
    found = list(_WORD.finditer(text))
    lower = [match[0].replace("’", "'").lower().removesuffix("'s") for match in found]
    return tuple(
        Word(match[0], match.start(), match.end(), word, stem)
        for match, word, stem in zip(found, lower, stems(lower), strict=True)
    )


def plain_letters(text: str) -> str:
    """The text with letters and figures of other widths and styles as the usual ones; no character more or less."""
    return "".join(map(_plain_letter, text))


@lru_cache(maxsize=4096)
def _plain_letter(character: str) -> str:
    usual = unicodedata.normalize("NFKC", character)
    return usual if len(usual) == 1 and character not in RAISED else character


RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
"""Figures above the line: a power, or the number of a note."""


def content(text: str) -> tuple[Word, ...]:
    """The words of a text that say what it is about."""
    return tuple(word for word in words(text) if word.is_content)


def stems(lower: Iterable[str]) -> list[str]:
    """Words without their endings."""
    return [_stem(word) for word in lower]


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return _SAME.get(word) or str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
