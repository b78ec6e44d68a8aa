"""Slows down whoever guesses passwords: after some failures there is a wait, which doubles with each further one.

Knows nothing of passwords or requests; the clock is given, so that tests need not wait.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE = 5
"""Failures without a wait: a user may mistype."""
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0
"""Seconds."""
_FORGOTTEN_AFTER = 3600.0
_MOST = 10_000


@dataclass(slots=True)
class _Failures:
    count: int
    last: float


class Throttle:
    """Counts failures by key, such as a name or an address; many threads may use it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def wait(self, *keys: str) -> float:
        """Seconds until the next try is heard, 0 for now: the longest of the keys'."""
        with self._lock:
            return max((self._wait(key) for key in keys), default=0.0)

    def failed(self, *keys: str) -> None:
        """A try failed."""
        now = self._clock()
        with self._lock:
            for key in keys:
                held = self._failures.pop(key, None)
                fresh = held is None or now - held.last > _FORGOTTEN_AFTER
                self._failures[key] = _Failures(1 if fresh or held is None else held.count + 1, now)
            while len(self._failures) > _MOST:
                self._failures.popitem(last=False)

    def succeeded(self, *keys: str) -> None:
        """Forget the failures of these keys."""
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)

    def _wait(self, key: str) -> float:
        held = self._failures.get(key)
        if held is None or held.count < FREE:
            return 0.0
        wait = min(FIRST_WAIT * 2.0 ** min(held.count - FREE, 20), LONGEST_WAIT)
        return max(0.0, held.last + wait - self._clock())
