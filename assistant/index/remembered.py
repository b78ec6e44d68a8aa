"""Remembers what was made of the latest texts, for texts that come again and again. Knows nothing of models."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from assistant.index.embeddings import Embedder, Vectors

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """Makes something of each text, once while the text is remembered; safe for several threads."""

    def __init__(self, make: Callable[[Sequence[str]], Sequence[Made]], *, capacity: int) -> None:
        """Prepare.

        Args:
            make: Makes one thing a text, in order.
            capacity: Most texts that are remembered.
        """
        self._make, self._capacity = make, capacity
        self._known: OrderedDict[str, Made] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> list[Made]:
        """What was made of each text, in order."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            found |= dict(zip(new, self._make(new), strict=True))
        with self._lock:
            for text in dict.fromkeys(texts):
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
        return [found[text] for text in texts]


class RememberedVectors:
    """Embeds texts and remembers the latest."""

    def __init__(self, embedder: Embedder, *, capacity: int = 20_000) -> None:
        """Remember up to `capacity` vectors (20,000 take about 40 MiB)."""
        self._embedder = embedder
        self._remembered: Remembered[Vectors] = Remembered(lambda texts: list(embedder.embed(texts)), capacity=capacity)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, in order."""
        return np.stack(self._remembered.of(texts)) if texts else self._embedder.embed([])
