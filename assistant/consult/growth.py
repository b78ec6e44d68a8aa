"""How agreement with the analyst grows, from the responses that were reviewed blind. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.consult.edits import Edit, EditKind, stand

LAST = 10
"""Blind reviews that each point averages: fewer would jump, more would hide the growth."""


@dataclass(frozen=True, slots=True)
class GrowthPoint:
    """Agreement after a blind review.

    Attributes:
        reviewed: Responses reviewed by then, blind or not, from which the machine had learnt.
        blind: Of these, how many blind.
        agreement: Mean F1 of the machine's themes against the analyst's, over the last ten blind reviews.
    """

    reviewed: int
    blind: int
    agreement: float


def growth(edits: Sequence[Edit]) -> tuple[GrowthPoint, ...]:
    """A point for each blind review that was not undone, in order."""
    undone = stand(edits).undone
    points: list[GrowthPoint] = []
    found: list[float] = []
    reviewed: set[int] = set()
    for edit in edits:
        if edit.kind is not EditKind.REVIEWED or edit.number in undone:
            continue
        if edit.data.get("blind"):
            machine, analyst = set(edit.data["machine"]), set(edit.data["themes"])
            both = len(machine) + len(analyst)
            found.append(2 * len(machine & analyst) / both if both else 1.0)
            last = found[-LAST:]
            points.append(GrowthPoint(len(reviewed), len(found), sum(last) / len(last)))
        reviewed.add(int(edit.data["response"]))
    return tuple(points)
