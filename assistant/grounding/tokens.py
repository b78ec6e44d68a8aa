"""Remembers the word-piece vectors of the texts that one answer's claims are compared with. Knows nothing of claims."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.index import TokenEmbedder, Tokens


class RememberedTokens:
    """Makes vectors of word pieces and remembers the latest; safe for several threads."""

    def __init__(self, embedder: TokenEmbedder, *, capacity: int = 400) -> None:
        """Remember up to `capacity` texts (400 of 100 word pieces take about 60 MiB)."""
        self._embedder = embedder
        self._capacity = capacity
        self._known: OrderedDict[str, Tokens] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> list[Tokens]:
        """One `Tokens` a text, in order."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        found |= dict(zip(new, self._embedder.tokens(new), strict=True))
        with self._lock:
            for text in dict.fromkeys(texts):
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
        return [found[text] for text in texts]
