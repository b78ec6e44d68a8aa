"""Shares with intervals, and whether groups of respondents differ by more than chance. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

_Z = 1.959963984540054
FALSE_DISCOVERIES = 0.05
"""Share of the flagged differences that may be chance."""
_FEWEST = 5
"""A group with fewer respondents is not compared: its figures would say who they are."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval (Wilson 1927); share and interval are NaN of nothing."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share."""
        return self.count / self.of if self.of else math.nan

    @property
    def percent(self) -> str:
        """The share for a report; a dash of nothing."""
        return f"{self.value:.1%}" if self.of else "–"

    @property
    def interval(self) -> str:
        """Its interval for a report; a dash of nothing."""
        return f"{self.low:.1%} to {self.high:.1%}" if self.of else "–"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a theme fares in one group of respondents.

    Attributes:
        theme: The theme's id.
        attribute: Column.
        value: The group.
        inside: Share of the theme in the group.
        outside: Share among the others who gave a value.
        p: Two-sided probability of so large a difference by chance (Fisher's exact test).
        adjusted: The same, corrected for all comparisons made (Benjamini and Hochberg 1995).
    """

    theme: str
    attribute: str
    value: str
    inside: Share
    outside: Share
    p: float
    adjusted: float

    @property
    def is_real(self) -> bool:
        """More than chance, after correction."""
        return self.adjusted <= FALSE_DISCOVERIES


def share(count: int, of: int) -> Share:
    """A share with its interval."""
    if not of:
        return Share(count, of, math.nan, math.nan)
    p, z2 = count / of, _Z * _Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(count, of, max(0.0, middle - half), min(1.0, middle + half))


def differences(themes: Mapping[str, AbstractSet[int]], attributes: Sequence[Mapping[str, str]]) -> tuple[Difference, ...]:
    """Every theme in every group of respondents, the surest difference first.

    Args:
        themes: Places of the responses of each theme.
        attributes: Of each response.
    """
    from scipy.stats import fisher_exact

    found: list[Difference] = []
    names = dict.fromkeys(name for one in attributes for name in one)
    for name in names:
        stated = {place: one[name] for place, one in enumerate(attributes) if one.get(name)}
        for value in sorted(set(stated.values())):
            group = {place for place, said in stated.items() if said == value}
            rest = stated.keys() - group
            if len(group) < _FEWEST or len(rest) < _FEWEST:
                continue
            for theme, members in themes.items():
                inside, outside = share(len(members & group), len(group)), share(len(members & rest), len(rest))
                table = [[inside.count, inside.of - inside.count], [outside.count, outside.of - outside.count]]
                p = float(fisher_exact(table)[1])
                found.append(Difference(theme, name, value, inside, outside, p, p))
    return _adjusted(found)


def _adjusted(found: Sequence[Difference]) -> tuple[Difference, ...]:
    ordered = sorted(found, key=lambda one: (one.p, one.theme, one.attribute, one.value))
    least, done = 1.0, []
    for rank in range(len(ordered), 0, -1):
        least = min(least, ordered[rank - 1].p * len(ordered) / rank)
        done.append(replace(ordered[rank - 1], adjusted=least))
    return tuple(reversed(done))
