"""Composes a theme's title and description from its own statements: the most central of them and their distinctive words.

A title is the words of a short, central statement that holds a phrase typical of the theme, so that it says something and
not just names a subject. A phrase counts by how much more often the theme uses it than the others do (class-based tf-idf,
Grootendorst 2022) and by how near it is to the theme's centre; words of the question itself count for nothing. Knows nothing
of clustering.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|£?\d[\d,.]*%?")
_STOP = frozenset(
    "a about above after again all almost already also although always am an and another any anyone anything are aren't around as "
    "at away be became because been before being below between both but by can can't cannot come could couldn't did didn't do "
    "does doesn't doing don't done down during each either else even ever every everyone everything far few for from further get "
    "gets getting give given go goes going good got had has have haven't having he her here him his how however i i'd i'll i'm i've "
    "if in into is isn't it it's its itself just keep know less let lot lots made make makes making many may maybe me might more "
    "most much must my need needed needs never no none nor not nothing now of off often on once one only onto or other others "
    "our out over own particularly people please put quite rather really same say says see seem should shouldn't simply since so some "
    "someone something still such take taken than that that's the their them themselves then there there's these they they're "
    "thing things think this those though through to too toward towards under until up upon us use used using very want "
    "wants was wasn't way we we're we've well were what whatever when where whether which while who whole whom whose why will "
    "with within without won't would wouldn't yes yet you you'd your yours able actually e.g i.e etc like feel believe agree "
    "disagree strongly support oppose idea proposal proposals currently especially instead simply whilst across per via".split()
)
_LOOKED_AT = 400
"""Statements of a theme read for its words, the most central first."""
_PHRASES = 24
_LONGEST = 4
_CENTRAL = 12
"""Statements from which a title is taken."""
_TITLE_WORDS = (3, 11)
_APART = 0.3
"""How much nearness to the nearest other theme counts against a title; .5 and .8 pick out no better, and read worse."""
_VAGUE = re.compile(r"\b(?:it|its|this|that|these|those|they|them|their|he|she|his|her|here|there|worse|worst)\b", re.I)
"""Words that need what stood before them; each counts against a title, as does having fewer than two telling words."""
_COST = 0.05
_LEAD = re.compile(
    r"^(?:and|but|so|also|because|however|although|though|yes|no|well|i (?:think|feel|believe)(?: that)?)[,\s]+", re.I
)


@dataclass(frozen=True, slots=True)
class Name:
    """What a theme is called.

    Attributes:
        title: Words of one of its statements.
        description: Its distinctive phrases, and two statements.
        phrases: What it speaks of more than the others do, the most telling first.
    """

    title: str
    description: str
    phrases: tuple[str, ...]


def is_filler(word: str) -> bool:
    """A word that says nothing of what a statement is about."""
    return word.lower().replace("’", "'") in _STOP


def names(themes: Sequence[Sequence[str]], centres: Vectors, embed: Embed, *, asked: str = "") -> list[Name]:
    """A name for each theme.

    Args:
        themes: Statements of each theme, the most central first.
        centres: Direction of each theme, shape `(themes, dimension)`.
        embed: Makes vectors of texts.
        asked: The question, whose own words tell no theme from another.
    """
    of_question = {_stem(word.lower()) for word in _WORD.findall(asked)}
    counts = [_counts(statements[:_LOOKED_AT], of_question) for statements in themes]
    total = Counter[tuple[str, ...]]()
    for count in counts:
        total.update(count)
    usual = sum(total.values()) / max(len(themes), 1)
    found: list[Name] = []
    taken: set[str] = set()
    for place, (statements, count) in enumerate(zip(themes, counts, strict=True)):
        spoken = max(sum(count.values()), 1)
        fewest = 2 if len(statements) > 3 else 1
        weights = {
            phrase: n / spoken * math.log(1 + usual / total[phrase]) * len(phrase)
            for phrase, n in count.items()
            if n >= fewest
        }
        phrases = _ranked(weights, centres[place], embed)
        title = _title(statements[:_CENTRAL], phrases, centres, place, embed=embed, taken=taken)
        taken.add(title.lower())
        found.append(Name(title, _description(statements, phrases), tuple(phrases[:6])))
    return found


def _counts(statements: Sequence[str], of_question: set[str]) -> Counter[tuple[str, ...]]:
    """In how many statements each phrase stands."""
    found = Counter[tuple[str, ...]]()
    for statement in statements:
        found.update({phrase for phrase in _phrases(statement) if not all(_stem(word) in of_question for word in phrase)})
    return found


def _phrases(statement: str) -> Iterator[tuple[str, ...]]:
    """Runs of up to four words that neither begin nor end with a filler, and have no mark between them."""
    for run in re.split(r"[.,;:!?()\[\]\"“”\n]+", statement):
        words = [word.lower().replace("’", "'") for word in _WORD.findall(run)]
        for start in range(len(words)):
            for length in range(1, min(_LONGEST, len(words) - start) + 1):
                phrase = tuple(words[start : start + length])
                if is_filler(phrase[0]) or is_filler(phrase[-1]):
                    continue
                if length == 1 and (len(phrase[0]) < 3 or phrase[0][0].isdigit()):
                    continue
                yield phrase


def _ranked(weights: dict[tuple[str, ...], float], centre: Vectors, embed: Embed) -> list[str]:
    """Phrases by weight and nearness; one that lies within a better one, or holds it, is left out."""
    best = sorted(weights, key=lambda phrase: (-weights[phrase], phrase))[:_PHRASES]
    if not best:
        return []
    texts = [" ".join(phrase) for phrase in best]
    near = np.maximum(embed(texts) @ centre, 0.01)
    top = weights[best[0]]
    score = {text: float(near[at]) * (weights[best[at]] / top) ** 0.5 for at, text in enumerate(texts)}
    kept: list[str] = []
    for text in sorted(texts, key=lambda text: (-score[text], text)):
        stems = {_stem(word) for word in text.split() if not is_filler(word)}
        if not any(stems & {_stem(word) for word in other.split() if not is_filler(word)} for other in kept):
            kept.append(text)
    return kept


def _title(
    statements: Sequence[str], phrases: Sequence[str], centres: Vectors, place: int, *, embed: Embed, taken: set[str]
) -> str:
    """The best clause of the central statements: near to its own theme and far from all others, so that it is no catch-all."""
    shortest, longest = _TITLE_WORDS
    clauses = dict.fromkeys(clause for statement in statements for clause in _clauses(statement))
    fit = [clause for clause in clauses if shortest <= len(clause.split()) <= longest and clause.lower() not in taken]
    if not fit:
        return _sentence_case(_shortened(statements[0], longest) if statements else ", ".join(phrases[:3]))
    all_near = embed(fit) @ centres.T
    near = all_near[:, place]
    if len(centres) > 1:
        near = near - _APART * np.delete(all_near, place, axis=1).max(axis=1)
    telling = [sum(_holds(clause, phrase) / (place + 1) for place, phrase in enumerate(phrases[:6])) for clause in fit]
    unclear = [len(_VAGUE.findall(clause)) + 2 * (_telling_words(clause) < 2) for clause in fit]
    worth = [float(near[at]) + 0.12 * telling[at] - _COST * unclear[at] for at in range(len(fit))]
    best = max(range(len(fit)), key=lambda at: (worth[at], -len(fit[at])))
    return _sentence_case(fit[best])


def _clauses(statement: str) -> Iterator[str]:
    plain = " ".join(statement.split())
    for piece in (plain, *re.split(r"[.;:!?]\s|,\s|\s[–—-]\s", plain)):
        clause = _LEAD.sub("", piece.strip(" .,;:!?–—-\"“”'‘’()"))
        if clause and "[" not in clause:
            yield clause


def _telling_words(clause: str) -> int:
    return sum(not is_filler(word) for word in _WORD.findall(clause))


def _holds(clause: str, phrase: str) -> bool:
    return f" {phrase} " in f" {' '.join(_WORD.findall(clause.lower().replace('’', chr(39))))} "


def _description(statements: Sequence[str], phrases: Sequence[str]) -> str:
    """What sets the theme apart, and the statements nearest to its centre."""
    said = f"Speaks of {', '.join(phrases[:4])}. " if phrases else ""
    typical = list(dict.fromkeys(_shortened(statement, 30) for statement in statements))[:2]
    return f"{said}Typical: {' / '.join(f'“{one}”' for one in typical)}" if typical else said.strip()


def _shortened(text: str, words: int) -> str:
    found = text.split()
    return " ".join(found) if len(found) <= words else f"{' '.join(found[:words]).rstrip(',;:')}…"


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
