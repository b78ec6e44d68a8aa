"""Finds campaigns: responses with the same or nearly the same words, and those built around a shared text.

Two responses are near when their runs of three words overlap by half (Jaccard), which min-hashing finds without comparing
all with all (Broder 1997), or when half of the shorter one's words stand in long sentences that both have. Short answers
such as "too expensive" are nobody's campaign. Knows nothing of themes.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from assistant.consult.model import Campaign
from assistant.grounding import sentences

LEAST_MEMBERS = 3
"""Two people may write the same; from three on it is a campaign."""
_FEWEST_WORDS = 8
_NEAR = 0.5
_LONG_SENTENCE = 10
_HASHES, _BANDS = 64, 16
_PRIME = (1 << 31) - 1
_WORD = re.compile(r"\w+")


def campaigns(texts: Sequence[str]) -> tuple[Campaign, ...]:
    """Groups of at least three responses, the largest first; places are those in `texts`."""
    words = [tuple(_WORD.findall(text.lower())) for text in texts]
    group = _Groups(len(texts))
    long_enough = [place for place, found in enumerate(words) if len(found) >= _FEWEST_WORDS]
    by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in long_enough:
        by_words[words[place]].append(place)
    first = {found[0]: found for found in by_words.values()}
    for found in first.values():
        group.join_all(found)
    shingles = {place: _shingles(words[place]) for place in first}
    for left, right in _candidates(shingles):
        if _jaccard(shingles[left], shingles[right]) >= _NEAR:
            group.join(left, right)
    _join_by_sentences(texts, words, first, group)
    found_groups = [members for members in group.members() if len(members) >= LEAST_MEMBERS]
    made = [
        _campaign(members, words, shingles, first_of={m: f for f, ms in first.items() for m in ms})
        for members in found_groups
    ]
    return tuple(sorted(made, key=lambda one: (-len(one.members), one.members)))


def _campaign(
    members: list[int],
    words: Sequence[tuple[str, ...]],
    shingles: dict[int, frozenset[int]],
    *,
    first_of: dict[int, int],
) -> Campaign:
    """The member that most others resemble comes first."""
    counts: dict[int, int] = defaultdict(int)
    for member in members:
        counts[first_of[member]] += 1
    typical = max(counts, key=lambda one: (sum(n * _jaccard(shingles[one], shingles[o]) for o, n in counts.items()), -one))
    return Campaign((typical, *(m for m in members if m != typical)), len({words[member] for member in members}) == 1)


def _shingles(words: Sequence[str]) -> frozenset[int]:
    return frozenset(zlib.crc32(" ".join(words[at : at + 3]).encode()) & _PRIME for at in range(max(1, len(words) - 2)))


def _jaccard(left: frozenset[int], right: frozenset[int]) -> float:
    return len(left & right) / len(left | right)


def _candidates(shingles: dict[int, frozenset[int]]) -> set[tuple[int, int]]:
    """Pairs that share a band of min-hashes."""
    rng = np.random.default_rng(0)
    factor, shift = rng.integers(1, _PRIME, _HASHES), rng.integers(0, _PRIME, _HASHES)
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for place, found in shingles.items():
        values = np.fromiter(found, dtype=np.int64)
        signature = ((values[:, None] * factor + shift) % _PRIME).min(axis=0)
        for band, part in enumerate(signature.reshape(_BANDS, -1)):
            buckets[band, part.tobytes()].append(place)
    pairs: set[tuple[int, int]] = set()
    for members in buckets.values():
        # Each is compared with the bucket's first ones: what is alike is joined through them.
        pairs |= {(one, other) for place, other in enumerate(members) for one in members[: min(place, 5)]}
    return pairs


def _join_by_sentences(
    texts: Sequence[str], words: Sequence[tuple[str, ...]], places: Iterable[int], group: _Groups
) -> None:
    """Joins responses that share long sentences which make up half of each."""
    having: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in places:
        for start, end in sentences(texts[place]):
            found = tuple(_WORD.findall(texts[place][start:end].lower()))
            if len(found) >= _LONG_SENTENCE:
                having[found].append(place)
    shared: dict[int, int] = defaultdict(int)
    common = {sentence: members for sentence, members in having.items() if len(set(members)) >= LEAST_MEMBERS}
    for sentence, members in common.items():
        for place in set(members):
            shared[place] += len(sentence)
    for members in common.values():
        group.join_all(sorted({place for place in members if shared[place] >= len(words[place]) / 2}))


class _Groups:
    """Union and find."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def _root(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def join(self, left: int, right: int) -> None:
        one, other = self._root(left), self._root(right)
        self._parent[max(one, other)] = min(one, other)

    def join_all(self, places: Sequence[int]) -> None:
        for place in places[1:]:
            self.join(places[0], place)

    def members(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self._parent)):
            found[self._root(place)].append(place)
        return list(found.values())
