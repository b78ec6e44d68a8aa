"""The measures of themes, on cases small enough to work out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import hypergeom

from evals.consult_measures import (
    average_precision,
    bits_a_word,
    coverage,
    key_point_precision,
    led_by_chance,
    macro_f1,
    micro_f1,
    picks_out,
    response_f1,
)


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


def test_many_small_groups_lead_to_planted_themes_by_chance() -> None:
    responses = list(range(40))
    gold = {"many": set(range(30)), "few": set(range(30, 40))}

    assert led_by_chance([1] * 200, responses, gold) == {"many": 1.0, "few": 1.0}
    assert led_by_chance([40], responses, gold) == {"many": 1.0, "few": 0.0}
    some = led_by_chance([5], responses, gold, draws=2000)
    # Of five drawn, "few" leads with three or more: P(X ≥ 3), X hypergeometric (40, 10, 5).
    assert some["few"] == pytest.approx(1 - hypergeom.cdf(2, 40, 10, 5), abs=0.02)
    assert some == led_by_chance([5], responses, gold, draws=2000), "the same draws every time"
    assert led_by_chance([], responses, gold) == {"many": 0.0, "few": 0.0}


def test_average_precision_is_the_mean_precision_at_each_hit() -> None:
    assert average_precision([True, False, True]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([False]) == 0


def test_pairs_without_a_label_count_for_the_relaxed_measure_and_against_the_strict_one() -> None:
    scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.1], [0.2, 0.1]])
    labels = {(0, 0): True}

    assert key_point_precision(scores, labels, relaxed=False) == 1.0
    assert key_point_precision(scores, {(1, 0): True}, relaxed=False) == 0.5
    assert key_point_precision(scores, {(1, 0): True}, relaxed=True) == 1.0


def test_a_title_that_fits_any_response_picks_out_nothing_and_one_that_fits_its_own_all() -> None:
    responses = np.eye(4, dtype=np.float32)

    assert picks_out(responses[0] + responses[1], responses, {0, 1}) == 1.0
    assert picks_out(responses[2], responses, {0, 1}) == 0.25
    assert picks_out(np.array([2, 1, 1, 0], dtype=np.float32), responses, {1, 3}) == 0.125
    assert picks_out(np.array([2, 0, 1, 0], dtype=np.float32), responses, {0, 1}) == 0.625
    assert math.isnan(picks_out(responses[0], responses, {0, 1, 2, 3}))


def test_words_that_all_use_carry_no_bits_and_rare_ones_many() -> None:
    texts = [{"bus", "late"}, {"bus"}, {"bus", "fares"}, {"bus"}]

    assert bits_a_word({"bus"}, texts) == 0.0
    assert bits_a_word({"fares", "late"}, texts) == 2.0
    assert bits_a_word({"unheard"}, texts) == 2.0
    assert math.isnan(bits_a_word(set(), texts))
