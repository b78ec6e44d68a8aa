"""How many questions are answered at once, and how many may wait: `/plain` and `/api/ask` share these places.

Knows nothing of questions.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

AT_ONCE = 4
"""An answer by quotation keeps a core busy for some 150 ms: more would only wait for each other."""

WAITING = 100
"""Some seconds' worth; the next one is told to come back."""

RETRY_AFTER = 5
"""Seconds after which it may."""

BUSY = "Too many people are asking at the moment. Try again in a few seconds."


class Full(Exception):
    """All places are taken, those of waiting too."""


class Places:
    """Serves one event loop."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = waiting
        self.waiting = 0

    @property
    def is_full(self) -> bool:
        """Whether the next one is sent away."""
        return self._free.locked() and self.waiting >= self._most

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for a place, and keep it for as long as the context lasts.

        Raises:
            Full: As many wait as may.
        """
        if self.is_full:
            raise Full
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._free.release()
