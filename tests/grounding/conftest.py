"""A checker with the built-in model."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.grounding import Checker
from assistant.index import TokenEmbedder, make_token_embedder
from assistant.settings import EmbeddingSettings


@pytest.fixture(scope="session")
def tokens(model_cache: Path) -> TokenEmbedder:
    """Word-piece vectors of the built-in model."""
    return make_token_embedder(EmbeddingSettings(), cache_dir=model_cache)


@pytest.fixture(scope="session")
def checker(tokens: TokenEmbedder) -> Checker:
    """The checker as it ships."""
    return Checker(tokens)
