"""An optional learned checker beside the deterministic one: any cross-encoder or NLI model.

Off by default. It can lower or raise a score; it never overrules a fact that differs. Knows nothing of how the deterministic
score came about.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import ModelUnavailable

_ENTAILS = ("entail", "support", "consistent", "attributable", "factual", "faithful")
_NOT = ("not", "non", "contra", "neutral", "un", "in")


class LearnedChecker(Protocol):
    """Says how likely a text bears out a claim."""

    def support(self, claim: str, texts: Sequence[str]) -> list[float]:
        """One probability a text, in order, from 0 to 1."""
        ...


def make_learned_checker(name: str) -> LearnedChecker | None:
    """The learned checker that the settings name; None for an empty name.

    Raises:
        ModelUnavailable: The model cannot be loaded, or its labels do not say which means support.
    """
    return CrossEncoderChecker(name) if name else None


class CrossEncoderChecker:
    """A sentence-transformers or Hugging Face model that reads a text and a claim together."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model: Any = CrossEncoder(model, local_files_only=Path(model).exists())
        except Exception as error:  # the loader raises whatever the hub, torch or the model's own code raise
            raise ModelUnavailable(
                f"The checker's model {model!r} could not be loaded: {error}. Name a folder that holds it, or a model that "
                "this machine can fetch from the hub, in BERNARD_CHECKING__MODEL; empty switches it off."
            ) from error
        labels = dict(self._model.model.config.id2label)
        self._supports = supporting_label([str(labels[number]) for number in sorted(labels)], model=model)

    def support(self, claim: str, texts: Sequence[str]) -> list[float]:
        """See `LearnedChecker.support`."""
        import torch

        if not texts:
            return []
        pairs = [(text, claim) for text in texts]
        raw = self._model.predict(pairs, activation_fn=torch.nn.Identity(), show_progress_bar=False, convert_to_tensor=True)
        scores = raw.float().cpu().tolist()
        if self._supports is None:
            return [1 / (1 + math.exp(-float(score))) for score in scores]
        return [_softmax(row)[self._supports] for row in scores]


def supporting_label(labels: Sequence[str], *, model: str) -> int | None:
    """Which of a model's labels means that the text bears out the claim; None for a model with a single score.

    Models differ in the order of "entailment", "neutral" and "contradiction", so the names are looked at.

    Raises:
        ModelUnavailable: No label, or more than one, says so.
    """
    if len(labels) == 1:
        return None
    found = [number for number, label in enumerate(labels) if _means_support(label.lower())]
    if len(found) != 1:
        raise ModelUnavailable(
            f"The checker's model {model!r} has the labels {', '.join(labels)}, and none of them, or more than one, means "
            "that a text bears out a claim. Put names such as entailment, neutral and contradiction into its config.json "
            "(id2label), or name another model in BERNARD_CHECKING__MODEL."
        )
    return found[0]


def _means_support(label: str) -> bool:
    return any(label.startswith(start) for start in _ENTAILS) and not label.startswith(_NOT)


def _softmax(row: Sequence[float]) -> list[float]:
    top = max(row)
    powers = [math.exp(value - top) for value in row]
    return [power / sum(powers) for power in powers]
