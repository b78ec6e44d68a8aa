"""Shares, intervals and differences, against figures that others published or that can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from assistant.consult.breakdown import differences, share


def test_the_interval_is_wilsons() -> None:
    found = share(81, 263)  # Newcombe (1998), table I

    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=0.0001)


def test_of_nothing_there_is_no_share() -> None:
    none = share(0, 0)

    assert all(math.isnan(value) for value in (none.value, none.low, none.high))
    assert none.percent == none.interval == "–"


def test_a_share_of_none_or_all_stays_between_0_and_1() -> None:
    assert share(0, 20).low == 0
    assert share(20, 20).high == 1
    assert share(0, 20).high == pytest.approx(0.1611, abs=0.0001)


def test_a_real_difference_is_flagged_and_chance_is_not() -> None:
    areas = [{"Area": "Town"}] * 50 + [{"Area": "Village"}] * 50
    themes = {"buses": set(range(50, 90)), "fares": set(range(0, 100, 2))}

    found = differences(themes, areas)

    assert {one.theme for one in found if one.is_real} == {"buses"}
    assert found[0].inside.count + found[0].outside.count == 40


def test_many_comparisons_are_corrected_for() -> None:
    people = [{f"column {n}": "a" if (place >> n) & 1 else "b" for n in range(6)} for place in range(64)]
    weak = {"theme": {place for place in range(64) if place & 1 and place % 3}}

    found = differences(weak, people)

    assert all(one.adjusted >= one.p for one in found)
    assert [one.adjusted for one in found] == sorted(one.adjusted for one in found)


def test_groups_so_small_that_they_tell_who_is_in_them_are_not_compared() -> None:
    people = [{"Area": "Island"}] * 4 + [{"Area": "Town"}] * 50

    assert differences({"theme": {0, 1, 2, 3}}, people) == ()


def test_a_group_is_compared_with_those_who_said_they_are_none_of_it_and_not_with_the_silent() -> None:
    people = [{"Area": "Town"}] * 6 + [{"Area": "Village"}] * 6 + [{}] * 20
    found = differences({"theme": {0, 1, 2, *range(12, 32)}}, people)

    assert {(one.outside.count, one.outside.of) for one in found if one.value == "Town"} == {(0, 6)}


def test_differences_are_corrected_as_benjamini_and_hochberg_do() -> None:
    """Adjusted are those of `scipy.stats.false_discovery_control`, and what is flagged hangs on them."""
    rng = np.random.default_rng(1)
    people = [{"Area": str(rng.integers(4))} for _ in range(200)]
    themes = {
        f"T{at}": {place for place in range(200) if rng.random() < (0.5 if people[place]["Area"] == str(at) else 0.3)}
        for at in range(4)
    }
    found = differences(themes, people)

    expected = false_discovery_control([one.p for one in found])
    assert [one.adjusted for one in found] == pytest.approx(list(expected))
    assert any(one.p <= 0.05 < one.adjusted and not one.is_real for one in found)
    assert any(one.is_real and one.p * len(found) > 0.05 for one in found)
