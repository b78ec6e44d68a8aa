"""Compares two documents sentence by sentence: what only one says, and where figures, dates or duties differ.

Each sentence is paired with the one most like it in the other document. Pairs that say the same, or the same in other words,
are passed over; so the comparison shows what a reader would have to look for. Pure, but for `embed`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.answer.evidence import content_words
from assistant.answer.sentences_of import Piece
from assistant.errors import InputError
from assistant.grounding.duties import Duty, said
from assistant.grounding.quantities import Agreement, Kind, Quantity, agreement, quantities

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

_PAIRED = 0.62  # likeness from which two sentences are about one thing, by hand on twenty pairs of revised pages
_FEWEST_WORDS = 4
_MOST_PAIRS = 6_000_000  # some seconds and some hundred megabytes
_DUTIES = {Duty.MUST, Duty.SHOULD, Duty.MAY, Duty.MUST_NOT, Duty.SHOULD_NOT, Duty.NEED_NOT}
_FIGURES = {Kind.MONEY, Kind.PERCENT, Kind.DURATION, Kind.DATE, Kind.TIME, Kind.COUNT}


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sentences on one thing that differ: their positions, and in what, in the words of each; "" for nothing there."""

    first: int
    second: int
    said: str
    other: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found; positions in order.

    Attributes:
        differing: Pairs that differ in a figure, a date, a duty or a denial.
        only_first: What only the first says.
        only_second: What only the second says.
        reworded: How many pairs say the same in other words, as far as can be told.
    """

    differing: tuple[Difference, ...]
    only_first: tuple[int, ...]
    only_second: tuple[int, ...]
    reworded: int


def compared(firsts: Sequence[Piece], seconds: Sequence[Piece], embed: Embed) -> Comparison:
    """Compare two documents."""
    ones, others = ([_normal(piece.said) for piece in pieces] for pieces in (firsts, seconds))
    same = set(ones) & set(others)
    left = [n for n, text in enumerate(ones) if text not in same and _says_something(text)]
    right = [n for n, text in enumerate(others) if text not in same and _says_something(text)]
    pairs = _pairs([firsts[n].said for n in left], [seconds[n].said for n in right], embed)
    differing, reworded = [], 0
    for at, beside in sorted(pairs.items()):
        first, second = left[at], right[beside]
        if difference := differ(firsts[first].said, seconds[second].said):
            differing.append(Difference(first, second, *difference))
        else:
            reworded += 1
    paired = set(pairs.values())
    return Comparison(
        tuple(differing),
        tuple(n for at, n in enumerate(left) if at not in pairs),
        tuple(n for at, n in enumerate(right) if at not in paired),
        reworded,
    )


def differ(one: str, other: str) -> tuple[str, str] | None:
    """What two sentences on one thing say where they differ in figures, dates, duties or denials; None when they do not."""
    ones, others = _unmatched(one, other), _unmatched(other, one)
    if ones or others:
        return _told(ones), _told(others)
    first, second = _duties(one), _duties(other)
    if first.keys() != second.keys():
        return _words(first, second), _words(second, first)
    denied, affirmed = _denials(one), _denials(other)
    return (denied, affirmed) if bool(denied) != bool(affirmed) else None


def _pairs(ones: Sequence[str], others: Sequence[str], embed: Embed) -> dict[int, int]:
    """The position beside each, best pairs first, each used once."""
    if not ones or not others:
        return {}
    if len(ones) * len(others) > _MOST_PAIRS:
        raise InputError(
            f"The two documents differ in too many sentences ({len(ones):,} and {len(others):,}) to be compared whole. "
            "Compare them in parts."
        )
    like = (embed(ones) @ embed(others).T + _shared(ones, others)) / 2
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for place in np.argsort(-like, axis=None, kind="stable"):
        at, beside = divmod(int(place), len(others))
        if like[at, beside] < _PAIRED:
            break
        if at not in pairs and beside not in taken:
            pairs[at] = beside
            taken.add(beside)
    return pairs


def _shared(ones: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.float32]:
    """Share of the content words of two texts that both have, of those of the shorter one."""
    left, right = ([_content(text) for text in texts] for texts in (ones, others))
    share = [[len(a & b) / max(1, min(len(a), len(b))) for b in right] for a in left]
    return np.array(share, dtype=np.float32)


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in content_words(text) if not word[0].isdigit() and word[0] != "£")


def _unmatched(one: str, other: str) -> list[Quantity]:
    """The figures of one text that the other has not."""
    theirs = [figure for figure in quantities(other) if figure.kind in _FIGURES]
    found = []
    for figure in quantities(one):
        if figure.kind not in _FIGURES:
            continue
        match = next((their for their in theirs if agreement(figure, their) is Agreement.SAME), None)
        if match:
            theirs.remove(match)
        else:
            found.append(figure)
    return found


def _told(figures: Sequence[Quantity]) -> str:
    return ", ".join(figure.text.strip() for figure in figures)


def _duties(text: str) -> dict[Duty, str]:
    return {one.duty: one.text for one in reversed(said(text)) if one.duty in _DUTIES}


def _denials(text: str) -> str:
    """The words that deny something, beside those of duties."""
    return ", ".join(dict.fromkeys(one.text for one in said(text) if one.duty is None))


def _words(duties: dict[Duty, str], others: dict[Duty, str]) -> str:
    return ", ".join(words for duty, words in duties.items() if duty not in others)


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(".;,")


def _says_something(text: str) -> bool:
    return len(text.split()) >= _FEWEST_WORDS or any(character.isdigit() for character in text)
