"""Compares two documents sentence by sentence: what only one says, and what differs between sentences on one thing.

Each sentence is paired with the one most like it in the other document. Pairs that say the same word for word are passed
over. Those that differ in a figure, a date, a duty, a "not" or a name are told from those that differ in other words. Pure,
but for `embed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

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
_FIGURES = {Kind.MONEY, Kind.PERCENT, Kind.DURATION, Kind.DATE, Kind.TIME, Kind.COUNT, Kind.REFERENCE}
_NAME = re.compile(r"[^\W\d_][\w.+-]*@[\w.-]+\w|(?:https?://|www\.)[^\s,;)]*\w|[A-Z][\w'’&-]*")
_WORD = re.compile(r"\S+")
_LONGEST_TOLD = 90  # characters of what differs, in a heading over the two sentences


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
        differing: Pairs that differ in a figure, a date, a duty, a denial or a name.
        only_first: What only the first says.
        only_second: What only the second says.
        reworded: Pairs that differ in other words alone.
    """

    differing: tuple[Difference, ...]
    only_first: tuple[int, ...]
    only_second: tuple[int, ...]
    reworded: tuple[Difference, ...]


def compared(firsts: Sequence[Piece], seconds: Sequence[Piece], embed: Embed) -> Comparison:
    """Compare two documents."""
    ones, others = ([_normal(piece.said) for piece in pieces] for pieces in (firsts, seconds))
    same = set(ones) & set(others)
    left = [n for n, text in enumerate(ones) if text not in same and _says_something(text)]
    right = [n for n, text in enumerate(others) if text not in same and _says_something(text)]
    pairs = _pairs([firsts[n].said for n in left], [seconds[n].said for n in right], embed)
    differing: list[Difference] = []
    reworded: list[Difference] = []
    for at, beside in sorted(pairs.items()):
        first, second = left[at], right[beside]
        if difference := differ(firsts[first].said, seconds[second].said):
            differing.append(Difference(first, second, *difference))
        else:
            reworded.append(Difference(first, second, *other_words(firsts[first].said, seconds[second].said)))
    paired = set(pairs.values())
    return Comparison(
        tuple(differing),
        tuple(n for at, n in enumerate(left) if at not in pairs),
        tuple(n for at, n in enumerate(right) if at not in paired),
        tuple(reworded),
    )


def differ(one: str, other: str) -> tuple[str, str] | None:
    """What two sentences on one thing say where they differ in figures, duties, denials or names; None for nowhere."""
    found = [_told(_unmatched(one, other)), *_of_duties(one, other), *_of_denials(one, other), *_of_names(one, other)]
    theirs = [_told(_unmatched(other, one)), *_of_duties(other, one), *_of_denials(other, one), *_of_names(other, one)]
    said, answered = (", ".join(dict.fromkeys(filter(None, words))) for words in (found, theirs))
    return (said, answered) if said or answered else None


def other_words(one: str, other: str) -> tuple[str, str]:
    """The words of each of two sentences that the other has not, in order, with "…" between those that stand apart."""
    ones, others = _WORD.findall(one), _WORD.findall(other)
    matcher = SequenceMatcher(None, [_bare(word) for word in ones], [_bare(word) for word in others], autojunk=False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    return (
        _shortened(" … ".join(" ".join(ones[a:b]) for _, a, b, _, _ in changes if a < b)),
        _shortened(" … ".join(" ".join(others[a:b]) for _, _, _, a, b in changes if a < b)),
    )


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


def _of_duties(one: str, other: str) -> list[str]:
    """The words of the duties that only the first lays down."""
    theirs = _duties(other)
    return [words for duty, words in _duties(one).items() if duty not in theirs]


def _of_denials(one: str, other: str) -> list[str]:
    return [] if _denials(other) else [_denials(one)]


def _of_names(one: str, other: str) -> list[str]:
    """Names, addresses and the like that only the first has; the word that begins a sentence counts where both begin so."""
    theirs = {_bare(word) for word in _WORD.findall(other)}
    begins = len(one) - len(one.lstrip())
    told = [(figure.start, figure.end) for figure in quantities(one)] + [(duty.start, duty.end) for duty in said(one)]
    found = [
        match[0]
        for match in _NAME.finditer(one)
        if (match.start() != begins or "@" in match[0]) and not any(a <= match.start() < b for a, b in told)
    ]
    return [name for name in dict.fromkeys(found) if _bare(name) not in theirs]


def _bare(word: str) -> str:
    return word.casefold().strip(".,;:()'\"“”‘’")


def _shortened(words: str) -> str:
    if len(words) <= _LONGEST_TOLD:
        return words.rstrip(".,;:")
    return f"{words[:_LONGEST_TOLD].rpartition(' ')[0].rstrip(' .,;:…')} …"


def _duties(text: str) -> dict[Duty, str]:
    return {one.duty: one.text for one in reversed(said(text)) if one.duty in _DUTIES}


def _denials(text: str) -> str:
    """The words that deny something, beside those of duties."""
    return ", ".join(dict.fromkeys(one.text for one in said(text) if one.duty is None))


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(".;,")


def _says_something(text: str) -> bool:
    return len(text.split()) >= _FEWEST_WORDS or any(character.isdigit() for character in text)
