"""How fast one host is asked: a request at a time at even distances, and a pause when it asks for one.

Shared by all threads of a fetch; every wait ends at once when the fetch is stopped. Knows nothing of HTTP.
"""

from __future__ import annotations

import threading
import time


class Stopped(Exception):
    """The fetch is being stopped: nothing more is to be asked."""


class Pace:
    """Says when the next request to a host may be sent."""

    def __init__(self, per_second: float) -> None:
        self._distance = 1.0 / per_second
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}
        self._stop = threading.Event()
        self.turns = 0
        """How many requests were let through."""

    def wait(self, host: str) -> None:
        """Wait for this request's turn.

        Raises:
            Stopped: The fetch is being stopped.
        """
        while (delay := self._delay(host)) > 0:
            self.sleep(delay)

    def _delay(self, host: str) -> float:
        """Seconds until the host may be asked; 0 when the turn was taken just now. Asked again after a wait, since another
        thread may have taken the turn, or the host asked for a pause.
        """
        if self._stop.is_set():
            raise Stopped
        with self._lock:
            now = time.monotonic()
            turn = self._next.get(host, now)
            if turn > now:
                return turn - now
            self._next[host] = now + self._distance
            self.turns += 1
            return 0.0

    def pause(self, host: str, seconds: float) -> None:
        """Send nothing to the host for so long, whichever thread it is."""
        with self._lock:
            self._next[host] = max(self._next.get(host, 0.0), time.monotonic() + seconds)

    def sleep(self, seconds: float) -> None:
        """Wait, this thread only.

        Raises:
            Stopped: The fetch is being stopped.
        """
        if self._stop.wait(seconds):
            raise Stopped

    def stop(self) -> None:
        """End every wait, now and later."""
        self._stop.set()
