"""Pure parts of search: the question proper, fusion, the weight of a page, resemblance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.search import focus, resemblance, shingles
from assistant.search.ranking import RRF_K, fuse, ranked, weigh_pages


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("How much leave do I have?", "How much leave do I have?"),
        ("I keep a light on Skye. My mate is ill. Can I swap watches?", "Can I swap watches?"),
        ("Can I swap? I keep a light. Who must agree?", "Can I swap? Who must agree?"),
        ("I keep a light. Tell me about leave.", "Tell me about leave."),
        ("leave rules", "leave rules"),
        ("I earn £3.50 a day. Is 2.5% of it kept?", "Is 2.5% of it kept?"),
        ("First line\nwhat is the charge?", "what is the charge?"),
        ("  ?  ", "?"),
        ("", ""),
    ],
)
def test_people_ask_at_the_end(typed: str, question: str) -> None:
    assert focus(typed) == question


@given(st.text(max_size=100))
def test_focus_adds_no_words(text: str) -> None:
    assert set(focus(text).split()) <= set(text.split()) or all(part in text for part in focus(text).split())


def test_fusion_adds_up_reciprocal_ranks() -> None:
    fused = fuse([(1.0, [7, 8]), (0.5, [8, 9])])

    assert fused == pytest.approx({7: 1 / (RRF_K + 1), 8: 1 / (RRF_K + 2) + 0.5 / (RRF_K + 1), 9: 0.5 / (RRF_K + 2)})
    assert ranked(fused) == [8, 7, 9]
    assert fuse([]) == fuse([(1.0, [])]) == {}


def test_a_page_with_several_hits_rises() -> None:
    scores = {1: 1.0, 2: 0.9, 3: 0.8, 4: 0.1}
    page = {1: "one", 2: "two", 3: "two", 4: "two"}

    weighed = weigh_pages(scores, page.__getitem__, lambda _: 4, weight=0.5, top=2)

    assert weighed == pytest.approx({1: 1.0 + 0.5, 2: 0.9 + 0.85, 3: 0.8 + 0.85, 4: 0.1 + 0.85})
    assert ranked(weighed)[0] == 2


def test_a_very_long_page_rises_less() -> None:
    def weighed(size: int) -> float:
        return weigh_pages({1: 1.0}, lambda _: "page", lambda _: size, weight=0.5)[1]

    short, long = weighed(40), weighed(400)

    assert short == pytest.approx(1.5)
    assert 1.0 < long < 1.5


def test_ties_are_ranked_by_row() -> None:
    assert ranked({5: 1.0, 2: 1.0, 9: 2.0}) == [9, 2, 5]


def test_shingles_are_runs_of_words() -> None:
    assert shingles("Keep the LIGHT burning", 3) == {("keep", "the", "light"), ("the", "light", "burning")}
    assert shingles("Keep it!") == {("keep", "it")}
    assert shingles("") == {()}


def test_resemblance_is_the_share_of_runs_in_common() -> None:
    first, second = shingles("a b c d", 2), shingles("b c d e", 2)

    assert resemblance(first, second) == pytest.approx(2 / 4)
    assert resemblance(first, first) == 1
    assert resemblance(first, shingles("x y z", 2)) == 0
    assert resemblance(frozenset(), frozenset()) == 1
