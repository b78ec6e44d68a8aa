"""The measures of themes, on cases small enough to work out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evals.consult_measures import average_precision, coverage, key_point_precision, macro_f1, micro_f1, response_f1


def test_a_response_with_no_theme_in_either_is_left_out_of_the_mean() -> None:
    values = response_f1([{"A"}, set(), {"A", "B"}], [{"A", "B"}, set(), {"C"}])

    assert values[0] == pytest.approx(2 / 3)
    assert math.isnan(values[1])
    assert values[2] == 0


def test_micro_counts_pairs_and_macro_counts_themes() -> None:
    found, gold = [{"A"}, {"A"}, {"B"}], [{"A"}, {"A"}, {"C"}]

    assert micro_f1(found, gold) == pytest.approx(4 / 6)
    assert macro_f1(found, gold) == pytest.approx(0.5)
    assert math.isnan(micro_f1([set()], [set()]))


def test_a_planted_theme_is_found_where_it_leads_a_candidate_and_counts_by_its_size() -> None:
    gold = {"many": set(range(8)), "few": {8, 9}}

    both = coverage([set(range(8)), {8, 9}], gold)
    lumped = coverage([set(range(10))], gold)

    assert (both.leading, both.matching) == (1, 1)
    assert lumped.leading == 0.8
    assert lumped.matching == 0.8
    assert coverage([], gold).leading == 0


def test_average_precision_is_the_mean_precision_at_each_hit() -> None:
    assert average_precision([True, False, True]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([False]) == 0


def test_pairs_without_a_label_count_for_the_relaxed_measure_and_against_the_strict_one() -> None:
    scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.1], [0.2, 0.1]])
    labels = {(0, 0): True}

    assert key_point_precision(scores, labels, relaxed=False) == 1.0
    assert key_point_precision(scores, {(1, 0): True}, relaxed=False) == 0.5
    assert key_point_precision(scores, {(1, 0): True}, relaxed=True) == 1.0
