"""Compares the facts of a claim with those of the sentences it seems to rest on, and says in words where they differ.

Each module looks at one kind of fact. A fault is hard when the claim says something else than the guidance, soft when it
leaves out or adds a little. Knows nothing of how sentences were chosen or of scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.grounding.checks.basis import Basis, Fault
from assistant.grounding.checks.condition import other_conditions
from assistant.grounding.checks.doer import other_doers
from assistant.grounding.checks.duty import other_duties
from assistant.grounding.checks.edit import edited_words
from assistant.grounding.checks.frame import only_spoken_of, surer
from assistant.grounding.checks.joined import loose_joints, other_names, own_conclusions, speaks_as_asker
from assistant.grounding.checks.name import other_nations, unknown_names
from assistant.grounding.checks.opposite import opposites
from assistant.grounding.checks.quantity import differing_quantities
from assistant.grounding.checks.reach import wider_reach
from assistant.grounding.checks.role import turned_roles

__all__ = ["Basis", "Fault", "faults"]

_CHECKS: tuple[Callable[[str, Basis], Iterator[Fault]], ...] = (
    differing_quantities,
    unknown_names,
    other_nations,
    other_duties,
    other_conditions,
    opposites,
    wider_reach,
    only_spoken_of,
    surer,
    turned_roles,
    other_doers,
    loose_joints,
    own_conclusions,
    speaks_as_asker,
    other_names,
    edited_words,
)


def faults(claim: str, basis: Basis) -> list[Fault]:
    """Every difference found, in the order of the checks."""
    return [fault for check in _CHECKS for fault in check(claim, basis)]
