"""All askings of one case, taken together: a case that is asked three times is one case, not three.

Else a figure over few cases would look as sure as one over many. Knows nothing of what the figures mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from evals.metrics import Pair
from evals.results import SampleResult


@dataclass(frozen=True, slots=True)
class Askings:
    """One case of a suite with what each asking of it (each epoch) brought, the first one first."""

    results: tuple[SampleResult, ...]

    @property
    def first(self) -> SampleResult:
        """The first asking; what all have in common is read from it."""
        return self.results[0]

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells the case from the others of a run."""
        return self.first.suite, self.first.set, self.first.id

    def mean(self, measure: str) -> Pair | None:
        """Mean numerator and mean denominator over the askings that have the measure; None where none has."""
        pairs = self.pairs(measure)
        if not pairs:
            return None
        return sum(pair[0] for pair in pairs) / len(pairs), sum(pair[1] for pair in pairs) / len(pairs)

    def mostly(self, measure: str) -> float:
        """1 where it was so in more than half of the askings, else 0; NaN where the measure is none of right and wrong."""
        pairs = self.pairs(measure)
        if not pairs or any(pair not in {(0.0, 1.0), (1.0, 1.0)} for pair in pairs):
            return math.nan
        return float(sum(pair[0] for pair in pairs) > len(pairs) / 2)

    def pairs(self, measure: str) -> list[Pair]:
        """The measure of each asking that has it."""
        return [one.measures[measure] for one in self.results if measure in one.measures]


def by_case(results: Iterable[SampleResult]) -> list[Askings]:
    """The cases of results, each suite's apart, in the order in which they were first asked."""
    found: dict[tuple[str, str, str], list[SampleResult]] = {}
    for result in results:
        found.setdefault(result.key[:3], []).append(result)
    return [Askings(tuple(sorted(of_case, key=lambda one: one.epoch))) for of_case in found.values()]
