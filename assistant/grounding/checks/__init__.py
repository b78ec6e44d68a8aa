"""Compares the facts of a claim with those of the sentences it seems to rest on, and says in words where they differ.

Each module looks at one kind of fact. A fault is hard when the claim says something else than the guidance, soft when it
leaves out or adds a little. Knows nothing of how sentences were chosen or of scores.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

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

__all__ = ["CHECKS", "Basis", "Fault", "faults"]

CHECKS: dict[str, Callable[[str, Basis], Iterator[Fault]]] = {
    "quantities": differing_quantities,
    "names": unknown_names,
    "nations": other_nations,
    "duties": other_duties,
    "conditions": other_conditions,
    "opposites": opposites,
    "reach": wider_reach,
    "frames": only_spoken_of,
    "sureness": surer,
    "roles": turned_roles,
    "doers": other_doers,
    "joints": loose_joints,
    "conclusions": own_conclusions,
    "askers": speaks_as_asker,
    "other names": other_names,
    "edits": edited_words,
}
"""By what it looks at."""


def faults(claim: str, basis: Basis, *, without: Collection[str] = ()) -> list[Fault]:
    """Every difference found, in the order of the checks; `without` names checks to leave out."""
    return [fault for name, check in CHECKS.items() if name not in without for fault in check(claim, basis)]
