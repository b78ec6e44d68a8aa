"""Each measure on an example small enough to work out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import (
    Texts,
    estimate,
    evidence_found,
    f1,
    first_words,
    normalised,
    percentile,
    right_page,
    share_answered,
    threshold_to_answer,
)


def test_texts_are_compared_without_case_punctuation_and_spacing() -> None:
    assert normalised("  You’ll pay £12.50 | a\n year: ") == "you ll pay 12 50 a year"


def test_the_passage_in_which_the_limit_falls_counts_up_to_it() -> None:
    assert first_words(["one two three", "four five six", "seven"], 5) == ["one", "two", "three", "four", "five"]


def test_fewer_words_than_the_limit_are_all_kept() -> None:
    assert first_words(["one two", ""], 5) == ["one", "two"]


def test_evidence_is_found_when_it_stands_whole() -> None:
    gold = ["You can keep bees.", "You cannot keep wasps."]
    assert evidence_found(gold, ["Rules:", "you", "can", "keep", "bees.", "You", "cannot", "keep"]) == 0.5
    assert evidence_found(gold, ["Rules:", "you", "can", "keep", "bees.", "You", "cannot", "keep", "wasps!"]) == 1.0


def test_a_part_of_a_word_is_no_evidence() -> None:
    assert evidence_found(["keep bee"], ["you", "can", "keep", "bees"]) == 0.0


def test_each_text_that_holds_a_sentence_is_found_once_and_none_across_two() -> None:
    texts = Texts(["Keep bees. Keep bees warm.", "You can keep", "Bees! KEEP BEES", "", "keep beeswax"])

    assert texts.holding("Keep bees.") == [0, 2]
    assert texts.holding("keep bees warm") == [0]
    assert texts.holding("wasps") == texts.holding("…") == []


def test_finding_nothing_where_there_is_nothing_is_undefined() -> None:
    assert math.isnan(evidence_found([], ["bees"]))
    assert math.isnan(f1(frozenset(["bees"]), frozenset()))
    assert math.isnan(percentile([], 0.5))
    assert math.isnan(share_answered([], 0.5))
    assert math.isnan(threshold_to_answer([], 0.9))
    assert math.isnan(estimate([], []).mean)


@pytest.mark.parametrize(
    ("found", "score"),
    [
        ("https://www.gov.uk/bees#hives", 1.0),
        ("https://www.gov.uk/bees", 1.0),
        ("https://www.gov.uk/bees-and-wasps", 0.0),
        (None, 0.0),
    ],
)
def test_the_right_page_is_told_without_its_fragment(found: str | None, score: float) -> None:
    assert right_page("https://www.gov.uk/bees", found) == score


def test_f1_of_two_right_out_of_three_shown_and_four_wanted() -> None:
    # Precision 2/3, recall 2/4: 2 · (2/3 · 1/2) ÷ (2/3 + 1/2) = 4/7.
    assert f1(frozenset("abx"), frozenset("abcd")) == pytest.approx(4 / 7)


def test_f1_of_showing_nothing_is_nought() -> None:
    assert f1(frozenset(), frozenset("ab")) == 0.0


def test_a_percentile_lies_between_its_neighbours() -> None:
    assert percentile([10, 20, 30, 40], 0.5) == 25.0


def test_a_question_at_the_threshold_is_answered() -> None:
    assert share_answered([0.2, 0.5, 0.5, 0.9], 0.5) == 0.75


def test_the_threshold_is_the_highest_that_answers_enough() -> None:
    confidences = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert threshold_to_answer(confidences, 0.9) == 0.2


@given(st.lists(st.floats(0, 1), min_size=1), st.floats(0, 1))
def test_the_threshold_answers_at_least_the_share_asked_for(confidences: list[float], share: float) -> None:
    threshold = threshold_to_answer(confidences, share)
    assert share_answered(confidences, threshold) >= share - 1e-9


def test_an_estimate_of_equal_values_has_no_width() -> None:
    found = estimate([0.5, 0.5, 0.5], ["a", "a", "b"])
    assert (found.mean, found.low, found.high) == (0.5, 0.5, 0.5)


def test_one_cluster_says_nothing_of_others_so_every_draw_is_itself() -> None:
    found = estimate([0.0, 1.0], ["a", "a"])
    assert (found.low, found.high) == (0.5, 0.5)


def test_questions_that_stand_or_fall_together_make_the_interval_wider() -> None:
    values = [0.0] * 20 + [1.0] * 20
    apart = estimate(values, [str(number) for number in range(40)])
    together = estimate(values, [str(number // 10) for number in range(40)])
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_an_estimate_is_the_same_on_every_run() -> None:
    values, clusters = [0.1, 0.9, 0.4, 0.3], ["a", "b", "c", "c"]
    assert estimate(values, clusters) == estimate(values, clusters)


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from("abc")), min_size=1, max_size=20))
def test_an_interval_lies_within_the_values(pairs: list[tuple[float, str]]) -> None:
    values = [value for value, _ in pairs]
    found = estimate(values, [cluster for _, cluster in pairs])
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
