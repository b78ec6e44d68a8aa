"""A learned checker gives a second opinion, whatever the order of its labels."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.errors import ModelUnavailable
from assistant.grounding import Checker, PassageText, Verdict, make_learned_checker
from assistant.grounding.learned import supporting_label
from assistant.index import TokenEmbedder

PASSAGE = PassageText("The keeper lights the lamp at dusk and puts it out when the sun is up.")


class Sure:
    """Always of one opinion."""

    def __init__(self, opinion: float) -> None:
        self.opinion = opinion
        self.asked: list[str] = []

    def support(self, claim: str, texts: Sequence[str]) -> list[float]:
        self.asked.append(claim)
        return [self.opinion for _ in texts]


@pytest.mark.parametrize(
    ("labels", "place"),
    [
        (["contradiction", "entailment", "neutral"], 1),
        (["ENTAILMENT", "NEUTRAL", "CONTRADICTION"], 0),
        (["not_entailment", "entailment"], 1),
        (["inconsistent", "consistent"], 1),
        (["LABEL_0"], None),
    ],
)
def test_the_label_that_means_support_is_found_by_its_name(labels: list[str], place: int | None) -> None:
    assert supporting_label(labels, model="m") == place


def test_labels_without_names_are_refused_with_what_to_do() -> None:
    with pytest.raises(ModelUnavailable, match="id2label"):
        supporting_label(["LABEL_0", "LABEL_1", "LABEL_2"], model="m")


def test_no_name_means_no_learned_checker() -> None:
    assert make_learned_checker("") is None


def test_a_model_that_is_not_there_is_told_plainly(tmp_path: object) -> None:
    with pytest.raises(ModelUnavailable, match="BERNARD_CHECKING__MODEL"):
        make_learned_checker(f"{tmp_path}/none")


def test_its_opinion_moves_the_score_both_ways(tokens: TokenEmbedder) -> None:
    claim = "Lighting the lamp at dusk is for the keeper."
    low, plain, high = (
        Checker(tokens, learned=learned).verify(claim, (PASSAGE,)).score for learned in (Sure(0.01), None, Sure(0.99))
    )
    assert low < plain < high


def test_it_cannot_overrule_a_fact_that_differs(tokens: TokenEmbedder) -> None:
    passage = PassageText("The keeper must reply within 20 working days.")
    check = Checker(tokens, learned=Sure(1.0), learned_weight=1.0).verify(
        "The keeper must reply within 30 working days.", (passage,)
    )
    assert check.verdict is Verdict.UNSUPPORTED
