"""Groups statements by meaning, and says how many groups there are and how surely each comes back.

Ward's method on the vectors' twenty main directions makes a tree that no chance enters; what seeds choose are the resamples
by which the number of groups is picked and each group is judged. Knows vectors, and nothing of words.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]
Progress = Callable[[str, int, int], None]

_DIRECTIONS = 20
"""Principal components kept, each divided by the square root of its spread, so that what all speak of weighs less. The
planted themes of the gambling set are found better so than in all 384 (suite `themes`)."""
_CONTEXT = 0.7
"""Share of the response's own vector in a statement's; less where the response makes more than three points."""
_MOST_IN_TREE = 3000
"""Statements from which the tree is made; the others join the nearest group. A tree of 30,000 would take 3.6 GB."""
RESAMPLES = 20
_KEPT = 0.8
_SAME = 0.5
"""Overlap (Jaccard) from which a group counts as found again; Hennig (2007) takes 0.5 as "dissolved" below it."""
_FEWEST_GROUPS, _MOST_GROUPS = 4, 40
_PER_ROOT, _ROOT = 6.8, 0.18
"""Groups looked for: this times this power of the statements, give or take a quarter: 17 of 160 statements, 33 of 6,000."""
_AS_STABLE = 0.02
"""Numbers of groups whose stability differs by less are alike, and the middle of those is taken."""
_UNLIKE = 0.05
"""Share of statements, those least like their group, that are left to no group."""
_APART = 0.3
"""Share of statements, those least like their group, among which minority views are looked for."""
_ALIKE_MINORITY = 0.5
_SAME_RESPONSES = 0.7
"""Overlap (Jaccard) of the responses of two groups from which they are one: sentences that are always said together."""
_MOST_MINORITIES = 10
_LEAST_RESPONSES = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Statements that say much the same.

    Attributes:
        members: Places of the statements, the most central first.
        centre: Their mean direction, of length 1.
        comes_back: Share of the resamples in which it was found again.
        is_minority: It was found among what fits no group.
    """

    members: tuple[int, ...]
    centre: Vectors
    comes_back: float
    is_minority: bool = False


@dataclass(frozen=True, slots=True)
class Grouping:
    """What grouping found.

    Attributes:
        groups: The largest first, minorities last.
        other: Places of statements in no group.
        stability: Mean agreement (adjusted Rand index) of resamples with the whole, by number of groups tried.
        chosen: The number of groups cut from the tree.
        was_set: An analyst set the number.
    """

    groups: tuple[Group, ...]
    other: tuple[int, ...]
    stability: dict[int, float]
    chosen: int
    was_set: bool


def group(
    vectors: Vectors,
    responses: Sequence[int],
    *,
    number: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Grouping:
    """Group statements.

    Args:
        vectors: One of length 1 a statement, shape `(statements, dimension)`.
        responses: Which response each statement is of.
        number: How many groups to cut; None takes the most stable number.
        seed: Of the resamples.
        progress: Told what is being done, how much of it is done, and of how much.
    """
    owner = np.asarray(responses)
    if len(vectors) < 2 * _FEWEST_GROUPS:
        return Grouping((), tuple(range(len(vectors))), {}, 0, number is not None)
    reduced = _reduced(vectors)
    in_tree = _spread(len(vectors))
    whole = _tree(reduced[in_tree])
    rng = np.random.default_rng(seed)
    samples = [np.sort(rng.permutation(len(in_tree))[: int(_KEPT * len(in_tree))]) for _ in range(RESAMPLES)]
    trees = []
    for done, sample in enumerate(samples, start=1):
        trees.append(_tree(reduced[in_tree[sample]]))
        if progress:
            progress("Repeating on resamples", done, RESAMPLES)
    stability = {k: _stability(whole, k, samples, trees) for k in _numbers(len(vectors), number)}
    chosen = number if number in stability else _most_stable(stability)
    cut = _cut(whole, chosen)
    back = _comes_back(cut, chosen, samples, trees)
    labels = _everyone(reduced, in_tree, cut)
    return _grouping(vectors, owner, labels, back, stability=stability, chosen=chosen, was_set=number is not None)


def in_context(vectors: Vectors, whole: Vectors, owner: Sequence[int]) -> Vectors:
    """Statements' vectors drawn towards those of their responses, so that "This has to stop" says what has to.

    Args:
        vectors: One a statement.
        whole: One a response.
        owner: Which response each statement is of, as a row of `whole`.
    """
    rows = np.asarray(owner)
    many = np.bincount(rows, minlength=len(whole))[rows]
    mixed = vectors + (_CONTEXT * np.minimum(1.0, 3.0 / many))[:, None] * whole[rows]
    drawn: Vectors = (mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return drawn


def heads(centres: Vectors, most: int = 10) -> Labels:
    """Which head each group belongs to, from 0; at most `most` heads."""
    if len(centres) <= 2:
        return np.zeros(len(centres), dtype=np.int64)
    wanted = min(most, max(2, round(len(centres) / 3)))
    return _cut(_tree(centres), wanted)


def unit(vector: npt.NDArray[np.floating]) -> Vectors:
    """The vector at length 1."""
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)


def _reduced(vectors: Vectors) -> Vectors:
    centred = vectors - vectors.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    kept = directions[:, np.argsort(values)[::-1][: min(_DIRECTIONS, len(vectors) - 1)]]
    spread = np.sqrt(np.maximum(np.sort(values)[::-1][: kept.shape[1]], 1e-9))
    reduced: Vectors = (centred @ kept / np.sqrt(spread)).astype(np.float32)
    return reduced


def _spread(count: int) -> Labels:
    """Statements evenly spread over all of them, so that no chance enters."""
    return np.unique(np.linspace(0, count - 1, min(count, _MOST_IN_TREE)).astype(np.int64))


def _tree(points: Vectors) -> npt.NDArray[np.float64]:
    from scipy.cluster.hierarchy import linkage

    tree: npt.NDArray[np.float64] = linkage(points.astype(np.float64), "ward")
    return tree


def _cut(tree: npt.NDArray[np.float64], number: int) -> Labels:
    from scipy.cluster.hierarchy import fcluster

    labels: Labels = fcluster(tree, number, "maxclust").astype(np.int64) - 1
    return labels


def _numbers(count: int, number: int | None) -> list[int]:
    if number is not None:
        return [max(2, min(number, count - 1))]
    middle = min(_MOST_GROUPS, _PER_ROOT * count**_ROOT)
    low, high = max(_FEWEST_GROUPS, round(0.75 * middle)), min(_MOST_GROUPS, round(1.25 * middle), count // 2)
    return list(range(min(low, high), high + 1))


def _stability(
    whole: npt.NDArray[np.float64], number: int, samples: Sequence[Labels], trees: Sequence[npt.NDArray[np.float64]]
) -> float:
    from sklearn.metrics import adjusted_rand_score

    cut = _cut(whole, number)
    pairs = zip(samples, trees, strict=True)
    return float(np.mean([adjusted_rand_score(cut[sample], _cut(tree, number)) for sample, tree in pairs]))


def _most_stable(stability: dict[int, float]) -> int:
    """The middle of the numbers about as stable as the most stable one, each seen with its neighbours."""
    numbers = sorted(stability)
    smooth = {k: float(np.mean([stability[near] for near in range(k - 2, k + 3) if near in stability])) for k in numbers}
    best = max(smooth.values())
    alike = [k for k in numbers if smooth[k] >= best - _AS_STABLE]
    return alike[len(alike) // 2]


def _comes_back(
    cut: Labels, number: int, samples: Sequence[Labels], trees: Sequence[npt.NDArray[np.float64]]
) -> npt.NDArray[np.float64]:
    """Share of resamples in which each group has a counterpart."""
    found = np.zeros(cut.max() + 1)
    for sample, tree in zip(samples, trees, strict=True):
        again = _cut(tree, number)
        both = np.zeros((cut.max() + 1, again.max() + 1))
        np.add.at(both, (cut[sample], again), 1)
        union = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
        found += (both / np.maximum(union, 1)).max(axis=1) >= _SAME
    return found / len(samples)


def _everyone(reduced: Vectors, in_tree: Labels, cut: Labels) -> Labels:
    """The group of every statement: as cut, or the nearest."""
    if len(in_tree) == len(reduced):
        return cut
    centres = np.stack([reduced[in_tree[cut == one]].mean(axis=0) for one in range(cut.max() + 1)])
    lengths = (centres**2).sum(axis=1)
    labels: Labels = (lengths - 2 * reduced @ centres.T).argmin(axis=1).astype(np.int64)
    labels[in_tree] = cut
    return labels


def _grouping(
    vectors: Vectors,
    owner: Labels,
    labels: Labels,
    back: npt.NDArray[np.float64],
    *,
    stability: dict[int, float],
    chosen: int,
    was_set: bool,
) -> Grouping:
    labels, back = _joined(labels, owner, back)
    centres = np.stack([unit(vectors[labels == one].mean(axis=0)) for one in range(labels.max() + 1)])
    fit = np.einsum("ij,ij->i", vectors, centres[labels])
    unlike = fit < np.quantile(fit, _UNLIKE)
    apart = np.flatnonzero(fit < np.quantile(fit, _APART))
    minorities = _minorities(vectors, owner, apart, usual=float(np.median(fit)))
    taken = {place for found in minorities for place in found.members}
    groups, other = [], []
    for one, centre in enumerate(centres):
        inside = np.array([at for at in np.flatnonzero((labels == one) & ~unlike) if at not in taken], dtype=np.int64)
        if len(set(owner[inside].tolist())) < min(_LEAST_RESPONSES, max(2, len(vectors) // 50)):
            other += inside.tolist()
        else:
            ordered = inside[np.argsort(-fit[inside], kind="stable")]
            groups.append(Group(tuple(ordered.tolist()), centre, float(back[one])))
    other += [place for place in np.flatnonzero(unlike).tolist() if place not in taken]
    groups.sort(key=lambda found: (-len(set(owner[list(found.members)].tolist())), found.members[0]))
    return Grouping((*groups, *minorities), tuple(sorted(other)), stability, chosen, was_set)


def _joined(labels: Labels, owner: Labels, back: npt.NDArray[np.float64]) -> tuple[Labels, npt.NDArray[np.float64]]:
    """Makes one group of those that are of nearly the same responses, as the sentences of a letter sent by many are."""
    of = [set(owner[labels == one].tolist()) for one in range(labels.max() + 1)]
    to = list(range(len(of)))
    for one, other in itertools.combinations(range(len(of)), 2):
        if to[other] == other and len(of[one] & of[other]) >= _SAME_RESPONSES * len(of[one] | of[other]):
            to[other] = to[one]
    kept = sorted(set(to))
    new = np.array([kept.index(one) for one in to], dtype=np.int64)
    return new[labels], np.array([back[[at for at, one in enumerate(to) if one == group]].max() for group in kept])


def _minorities(vectors: Vectors, owner: Labels, pool: Labels, *, usual: float) -> list[Group]:
    """Small groups of at least three respondents who say the same, among what fits its group badly.

    They must be nearer to their own centre than statements usually are to that of their group (`usual`).
    """
    pool = pool[:_MOST_IN_TREE]
    if len(pool) < _LEAST_RESPONSES:
        return []
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    labels = fcluster(linkage(pdist(vectors[pool], "cosine"), "average"), 1 - _ALIKE_MINORITY, "distance")
    found = []
    for one in range(1, labels.max() + 1):
        members = pool[labels == one]
        centre = unit(vectors[members].mean(axis=0))
        fit = vectors[members] @ centre
        if len(set(owner[members].tolist())) >= _LEAST_RESPONSES and float(np.median(fit)) > usual:
            ordered = members[np.argsort(-fit, kind="stable")]
            found.append(Group(tuple(ordered.tolist()), centre, float("nan"), is_minority=True))
    found.sort(key=lambda group: (-len(group.members), group.members[0]))
    return found[:_MOST_MINORITIES]
