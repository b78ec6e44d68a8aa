"""Finds where two current sources of an answer disagree: the same sentence, but for a figure or a duty.

Cautious, since a false alarm costs trust: the two must be different documents, say nearly the same in nearly the same words,
and differ in exactly one thing. Knows nothing of how the sources were chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from assistant.answer.evidence import content_words
from assistant.answer.nations import NATIONS, nations_named
from assistant.grounding import sentences
from assistant.grounding.quantities import Agreement, Kind, Quantity, agreement, quantities

_SAME_WORDS = 0.7  # of the words of the two sentences, figures aside, that both have
_SAME_MEANING = 0.75  # cosine of the two sentences
_FEWEST_WORDS = 4  # content words that both have: less says too little to be about one thing
_COMPARED = {Kind.MONEY, Kind.PERCENT, Kind.DURATION}
_DIFFERENT = {Agreement.OTHER_VALUE, Agreement.OTHER_UNIT}

_DUTIES = (  # in this order: "must not" is no "must", and "do not have to" no "have to"
    ("forbids", re.compile(r"\b(?:must|may|shall|should|can) ?not\b|\bcannot\b|\b(?:must|may|should|shall) never\b", re.I)),
    (
        "frees",
        re.compile(r"\bneed not\b|\b(?:do|does) not (?:have|need) to\b|\b(?:is|are) not (?:required|obliged) to\b", re.I),
    ),
    ("obliges", re.compile(r"\b(?:must|shall|has to|have to|(?:is|are) (?:required|obliged) to)\b", re.I)),
    ("allows", re.compile(r"\b(?:may|can|(?:is|are) (?:allowed|permitted) to)\b", re.I)),
)
_OPPOSED = ({"forbids", "obliges"}, {"forbids", "allows"}, {"frees", "obliges"})

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Statement:
    """A text that an answer quotes.

    Attributes:
        source: Number of the source.
        page: Names the document.
        text: What is quoted.
        nations: The nations that the passage is for.
    """

    source: int
    page: str
    text: str
    nations: tuple[str, ...] = NATIONS


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that disagree.

    Attributes:
        first: Number of the one.
        second: Number of the other.
        said: What the first says, in its own words.
        other: What the second says.
    """

    first: int
    second: int
    said: str
    other: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    source: int
    page: str
    text: str
    nations: tuple[str, ...]
    words: frozenset[str]
    figures: tuple[Quantity, ...]


def conflicts(statements: Sequence[Statement], embed: Embed) -> tuple[Conflict, ...]:
    """The pairs of sources that disagree, each once, in the order of the statements."""
    parts = [_sentence(statement, text) for statement in statements for text in _sentences(statement.text)]
    found: dict[tuple[int, int], Conflict] = {}
    for one, other in combinations(parts, 2):
        if one.page == other.page or (one.source, other.source) in found or not _alike(one, other):
            continue
        if (difference := _differ(one, other)) and _same_meaning(one.text, other.text, embed):
            found[one.source, other.source] = Conflict(one.source, other.source, *difference)
    return tuple(found.values())


def disagree(one: Statement, other: Statement) -> bool:
    """True when two texts have sentences that are alike but for a figure or a duty: neither text repeats the other."""
    ones, others = ([_sentence(text, part) for part in _sentences(text.text)] for text in (one, other))
    return any(_alike(first, second) and _differ(first, second) for first in ones for second in others)


def tells_otherwise(one: str, other: str, embed: Embed) -> bool:
    """True when two texts have sentences of one meaning, in whatever words, with one figure each that is not the same."""
    parts = [[_sentence(Statement(0, "", text), part) for part in _sentences(text)] for text in (one, other)]
    return any(
        _figures_differ(first.figures, second.figures) is not None and _same_meaning(first.text, second.text, embed)
        for first in parts[0]
        for second in parts[1]
    )


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def _sentence(statement: Statement, text: str) -> _Sentence:
    figures = tuple(figure for figure in quantities(text) if figure.kind in _COMPARED)
    bare = text
    for figure in sorted(figures, key=lambda figure: -figure.start):
        bare = f"{bare[: figure.start]} {bare[figure.end :]}"
    for _, form in _DUTIES:
        bare = form.sub(" ", bare)
    nations = nations_named(text) or statement.nations
    return _Sentence(statement.source, statement.page, text, nations, content_words(bare), figures)


def _alike(one: _Sentence, other: _Sentence) -> bool:
    if one.nations != other.nations:
        return False  # each nation has rules of its own
    both = one.words & other.words
    return len(both) >= _FEWEST_WORDS and len(both) >= _SAME_WORDS * len(one.words | other.words)


def _same_meaning(one: str, other: str, embed: Embed) -> bool:
    vectors = embed([one, other])
    return float(vectors[0] @ vectors[1]) >= _SAME_MEANING


def _differ(one: _Sentence, other: _Sentence) -> tuple[str, str] | None:
    """What each says where they differ; None when they agree, or differ in more than can be told apart."""
    if figures := _figures_differ(one.figures, other.figures):
        return figures
    duties = _duty(one.text), _duty(other.text)
    if {name for name, _ in duties} in _OPPOSED and not one.figures and not other.figures:
        return duties[0][1], duties[1][1]
    return None


def _figures_differ(ones: Sequence[Quantity], others: Sequence[Quantity]) -> tuple[str, str] | None:
    """The two figures when each text has one of the kind and they are not the same."""
    for kind in _COMPARED:
        first = [figure for figure in ones if figure.kind is kind]
        second = [figure for figure in others if figure.kind is kind]
        if len(first) == 1 == len(second) and agreement(first[0], second[0]) in _DIFFERENT:
            return first[0].text, second[0].text
    return None


def _duty(text: str) -> tuple[str, str]:
    """The one duty that a sentence lays down, and its words; empty when there is none or more than one."""
    found: list[tuple[str, str]] = []
    rest = text
    for name, form in _DUTIES:
        found += [(name, match[0]) for match in form.finditer(rest)]
        rest = form.sub(" ", rest)
    return found[0] if len(found) == 1 else ("", "")
