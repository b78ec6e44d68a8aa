"""A learned checker gives a second opinion, whatever the order of its labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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


def cross_encoder(folder: Path, labels: Sequence[str], weights: Sequence[float]) -> Path:
    """A real, tiny, untrained cross-encoder on disk, whose label number n always gets the score `weights[n]`."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "keeper", "lamp", "lights"]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        max_position_embeddings=64, id2label=dict(enumerate(labels)), label2id={name: n for n, name in enumerate(labels)},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor(list(weights)))
    model.save_pretrained(folder)
    return folder


@pytest.mark.parametrize(
    ("labels", "scores"),
    [
        (["contradiction", "entailment", "neutral"], [0.0, 2.0, 0.0]),
        (["entailment", "neutral", "contradiction"], [2.0, 0.0, 0.0]),
        (["not_entailment", "entailment"], [0.0, 1.3068529]),  # 2 against two others, or 1.307 against one
        (["score"], [1.3068529]),
    ],
)
def test_a_real_cross_encoder_is_read_whatever_the_order_of_its_labels(
    tmp_path: Path, labels: list[str], scores: list[float]
) -> None:
    learned = make_learned_checker(str(cross_encoder(tmp_path / "model", labels, scores)))

    assert learned is not None
    assert learned.support("the keeper lights the lamp", ["lamp", "keeper"]) == pytest.approx([0.787] * 2, abs=0.001)
    assert learned.support("the keeper lights the lamp", []) == []


def test_a_real_cross_encoder_with_nameless_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="LABEL_0, LABEL_1"):
        make_learned_checker(str(cross_encoder(tmp_path / "model", ["LABEL_0", "LABEL_1"], [0.0, 0.0])))
