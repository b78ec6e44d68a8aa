"""Worked examples of the measures, by hand. On 200 random rankings nDCG@10 and reciprocal rank were those of ir-measures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evals.metrics import (
    alpha,
    area_under_risk,
    auroc,
    balanced_accuracy,
    calibration_error,
    citation_precision,
    citation_recall,
    estimate,
    estimate_difference,
    estimate_ratio,
    estimate_statistic,
    figures_consistent,
    mcnemar,
    mentioned,
    ndcg,
    reciprocal_rank,
    token_f1,
    unjudged_share,
    upper_bound,
)


def values(*given: float) -> np.ndarray:
    return np.array(given, dtype=np.float64)


# ranking


def test_ndcg_is_that_of_the_worked_example() -> None:
    # Gains 3, 2, 3, 0, 1, 2 (Wikipedia's example, after Järvelin and Kekäläinen): DCG 6.861, ideal of those six 7.141.
    assert ndcg([3, 2, 3, 0, 1, 2], [3, 2, 3, 0, 1, 2]) == pytest.approx(6.861127 / 7.140995, abs=1e-5)
    # One of two relevant results, at rank 2: (1 / log2 3) ÷ (1 + 1 / log2 3).
    assert ndcg([0, 1], [1, 1]) == pytest.approx(0.6309298 / 1.6309298, abs=1e-6)


def test_ndcg_where_nothing_is_relevant_is_undefined() -> None:
    assert math.isnan(ndcg([0, 0], [0]))


def test_ndcg_is_never_above_one_since_the_ideal_holds_all_that_there_is() -> None:
    with pytest.raises(ValueError, match="everything relevant"):
        ndcg([1, 1], [1.0])
    rng = np.random.default_rng(0)
    for _ in range(200):
        there = list(rng.integers(0, 4, 15).astype(float))
        assert 0 <= ndcg(list(rng.permutation(there)), there) <= 1 + 1e-12


def test_reciprocal_rank_is_that_of_the_first_relevant_result() -> None:
    assert reciprocal_rank([0, 0, 1, 1]) == pytest.approx(1 / 3)
    assert reciprocal_rank([0, 0]) == 0


def test_unjudged_results_are_counted_among_the_first() -> None:
    assert unjudged_share([True, False, False, True], limit=3) == pytest.approx(2 / 3)
    assert math.isnan(unjudged_share([]))


# claims


def holds(claim: str, texts: object) -> bool:
    return set(claim.split()) <= set(" ".join(texts).split())  # type: ignore[arg-type]


def test_a_claim_is_recalled_when_all_it_cites_together_bear_it_out() -> None:
    assert citation_recall([("a b", ["a", "b"]), ("c", ["a"])], holds) == (1.0, 2.0)


def test_a_citation_is_precise_when_it_is_needed() -> None:
    # "a b" needs both; the third text adds nothing; "c" is not borne out, so that its citation counts against precision.
    assert citation_precision([("a b", ["a", "b", "x"]), ("c", ["a"])], holds) == (2.0, 4.0)


def test_a_citation_of_a_source_that_is_not_there_counts_against_precision() -> None:
    assert citation_precision([("a", ["a", None])], holds) == (1.0, 2.0)
    assert citation_recall([("a", [None])], holds) == (0.0, 1.0)


def test_a_refusal_is_neither_grounded_nor_ungrounded() -> None:
    assert citation_recall([], holds) == (0.0, 0.0)
    assert citation_precision([], holds) == (0.0, 0.0)


def test_figures_of_a_claim_must_stand_in_what_it_cites() -> None:
    claims = [("Reply within 20 days by 3 May.", ["You have 20 days, until 3 May."]), ("Pay £1,200.", ["Pay £1,300."])]
    assert figures_consistent([*claims, ("No figures here.", ["None."])]) == (1.0, 2.0)


def test_words_shared_are_counted_as_squad_does() -> None:
    # given: reply in 20 working days (5); wanted: 20 working days (3); both 3: 2·3 ÷ 8.
    assert token_f1("Reply in 20 working days", "the 20 working days") == pytest.approx(6 / 8)
    assert math.isnan(token_f1("anything", ""))


def test_a_condition_is_mentioned_by_its_words_and_all_its_numbers() -> None:
    assert mentioned("requests over 24 hours of work", "If the request needs more than 24 hours of your work, refuse it.")
    assert not mentioned(
        "requests over 24 hours of work", "If the request needs more than 18 hours of your work, refuse it."
    )
    assert not mentioned("unless the minister agrees", "Send it to the library.")


# curves


def test_auroc_counts_pairs_in_the_right_order() -> None:
    # Pairs (positive, negative): .9>.8, .9>.1, .4<.8, .4>.1 → 3 of 4.
    assert auroc(values(0.9, 0.8, 0.4, 0.1), values(1, 0, 1, 0)) == pytest.approx(0.75)
    assert auroc(values(0.5, 0.5), values(1, 0)) == pytest.approx(0.5)
    assert math.isnan(auroc(values(0.5), values(1)))


def test_calibration_error_weighs_bins_by_their_size() -> None:
    # Bin of .15, .15 with share 0 → .15; bin of .95 with share 1 → .05; (2·.15 + 1·.05) ÷ 3.
    assert calibration_error(values(0.15, 0.15, 0.95), values(0, 0, 1)) == pytest.approx(0.35 / 3)


def test_the_area_under_risk_and_coverage_is_the_mean_risk_of_all_thresholds() -> None:
    # In order of confidence: right, wrong, right → risks 0, 1/2, 1/3, each over a third of coverage.
    assert area_under_risk(values(0.9, 0.5, 0.2), values(1, 0, 1)) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_cases_of_equal_confidence_are_answered_together() -> None:
    assert area_under_risk(values(0.5, 0.5), values(1, 0)) == pytest.approx(0.5)
    assert area_under_risk(values(0.5, 0.5), values(0, 1)) == pytest.approx(0.5)


def test_balanced_accuracy_is_the_mean_over_classes() -> None:
    assert balanced_accuracy(values(1, 1, 1, 0), values(1, 1, 0, 0)) == pytest.approx((1 + 0.5) / 2)
    assert math.isnan(balanced_accuracy(values(1), values(1)))


# intervals


def test_a_ratio_of_sums_is_not_the_mean_of_ratios() -> None:
    found = estimate_ratio([1, 1], [1, 9], ["a", "b"])
    assert found.mean == pytest.approx(0.2)
    assert found.low == pytest.approx(1 / 9)
    assert found.high == pytest.approx(1)


def test_a_ratio_over_nothing_is_undefined() -> None:
    assert math.isnan(estimate_ratio([0, 0], [0, 0], ["a", "b"]).mean)
    assert math.isnan(estimate_ratio([], [], []).mean)


def test_cases_of_one_document_count_as_one_draw() -> None:
    alone = estimate_ratio([1, 0] * 20, [1] * 40, [str(number) for number in range(40)])
    together = estimate_ratio([1, 0] * 20, [1] * 40, ["a", "b"] * 20)
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_a_ratio_of_ones_agrees_with_the_bootstrap_of_means() -> None:
    clusters = [str(number // 2) for number in range(60)]
    given = [float(number % 3 == 0) for number in range(60)]
    one, other = estimate_ratio(given, [1.0] * 60, clusters), estimate(given, clusters)
    assert one.mean == pytest.approx(other.mean)
    assert one.low == pytest.approx(other.low, abs=0.03)
    assert one.high == pytest.approx(other.high, abs=0.03)


def test_a_difference_that_is_the_same_everywhere_has_no_spread() -> None:
    first = [(float(number % 2), 1.0) for number in range(20)]
    second = [(above + 0.25, below) for above, below in first]
    found = estimate_difference(first, second, [str(number) for number in range(20)])
    assert (found.mean, found.low, found.high) == pytest.approx((0.25, 0.25, 0.25))


def test_a_statistic_has_an_interval_around_it() -> None:
    scores = [0.1 * number for number in range(10)] * 4
    labels = [float(number % 10 > 4) for number in range(40)]
    found = estimate_statistic(auroc, scores, labels, [str(number) for number in range(40)])
    assert found.mean == pytest.approx(1.0)
    assert found.low <= found.mean <= found.high


def test_mcnemar_is_the_exact_binomial() -> None:
    # 1 gained and 8 lost: 2 · (C(9,0) + C(9,1)) ÷ 2⁹ = 20/512.
    assert mcnemar(1, 8) == pytest.approx(20 / 512)
    assert math.isnan(mcnemar(0, 0))


def test_nothing_seen_in_thirty_leaves_up_to_a_tenth() -> None:
    assert upper_bound(0, 30) == pytest.approx(1 - 0.05 ** (1 / 30))
    assert upper_bound(30, 30) == 1
    assert math.isnan(upper_bound(0, 0))


# agreement


def test_alpha_is_that_of_krippendorffs_example() -> None:
    # Krippendorff (2011), example A: two observers, binary, 10 units; alpha = .095.
    first, second = "0100000100", "1110010000"
    assert alpha(list(zip(first, second, strict=True))) == pytest.approx(0.095, abs=0.001)


def test_units_rated_once_say_nothing_of_agreement() -> None:
    pairs = [("a", "a"), ("b", "b"), ("a", "b")]
    assert alpha([*pairs, ("a",), ("b",)]) == alpha(pairs)
    assert math.isnan(alpha([("a",), ("b",)]))
    assert math.isnan(alpha([("a", "a"), ("a", "a")]))
