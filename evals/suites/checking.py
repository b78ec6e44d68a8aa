"""The checkers that suites judge with: as shipped, or with a part taken away. Knows nothing of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from assistant.grounding import CHECKS, Checker, Verdict, fitted
from assistant.index import Remembered, TokenEmbedder, Tokens, make_token_embedder
from assistant.settings import EmbeddingSettings, load_settings

BORNE_OUT = frozenset({Verdict.QUOTED, Verdict.SUPPORTED})
_REMEMBERED = 4000
PARTS = {
    **{name: f"without its look at {name}" for name in CHECKS},
    "score_alone": "with no look at any fact",
    "facts_alone": "without its score of meaning",
}
"""What can be taken away from the checker."""


class _Shared(TokenEmbedder):
    """One model and one memory for all checkers, which read the same texts."""

    def __init__(self, tokens: TokenEmbedder) -> None:
        self._remembered: Remembered[Tokens] = Remembered(tokens.tokens, capacity=_REMEMBERED)

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        return self._remembered.of(texts)


@cache
def _tokens() -> TokenEmbedder:
    settings = load_settings()
    built_in = EmbeddingSettings(threads=settings.embedding.threads)
    return _Shared(make_token_embedder(built_in, cache_dir=settings.data_dir / "models"))


@cache
def checker() -> Checker:
    """The checker that judges, with the built-in model and the weights as shipped, whatever the settings say."""
    return Checker(_tokens())


@cache
def checker_with(without: str) -> Checker:
    """The checker without a part of it, by its name in `PARTS`; "" for the whole."""
    if without == "facts_alone":
        return Checker(_tokens(), weights=replace(fitted(), partly_from=0.0, supported_from=0.0))
    left_out = tuple(CHECKS) if without == "score_alone" else (without,) if without else ()
    return Checker(_tokens(), without=left_out)
