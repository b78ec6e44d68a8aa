"""Optional second look at the best passages by a model that reads question and passage together.

Off by default: it costs more time than an answer may take. Knows nothing of how passages were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from assistant.errors import ModelUnavailable


class Reranker(Protocol):
    """Scores passages for a question; higher is better, on any scale."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score a text, in order."""
        ...


def make_reranker(name: str) -> Reranker | None:
    """The reranker that the settings name; None for an empty name.

    Raises:
        ModelUnavailable: The model cannot be loaded.
    """
    return CrossEncoderReranker(name) if name else None


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(model, local_files_only=Path(model).exists())
        except Exception as error:  # the loader raises whatever the hub, torch or the model's own code raise
            raise ModelUnavailable(
                f"The reranker {model!r} could not be loaded: {error}. Name a folder that holds it, or a model that this "
                "machine can fetch from the hub, in BERNARD_SEARCH__RERANKER; empty switches reranking off."
            ) from error

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker.score`."""
        if not texts:
            return []
        pairs = [(question, text) for text in texts]
        return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)]
