"""Slows down whoever guesses passwords: after some failures there is a wait, which doubles with each further one.

Knows nothing of passwords or requests; the clock is given, so that tests need not wait.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE = {"pair": 5, "name": 20, "address": 100}
"""Failures without a wait. A user may mistype a few times. A name may fail more often, or whoever fails on purpose would
soon lock its owner out. A whole office may stand behind one address."""
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0
"""Seconds."""
_FORGOTTEN_AFTER = 3600.0
_MOST = 10_000


@dataclass(slots=True)
class _Failures:
    count: int
    last: float


class Throttle:
    """Counts failures by name, by address and by the two together; many threads may use it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        # One table for each kind: names made up by the thousand cannot push out what is known of an address.
        self._failures: dict[str, OrderedDict[str, _Failures]] = {kind: OrderedDict() for kind in FREE}

    def begin(self, name: str, address: str) -> float:
        """Begin a try: 0 when it is heard, and it counts as failed until it has `succeeded`; else the seconds to wait.

        Tries that run side by side are thereby counted before any of them has ended.
        """
        keys = _keys(name, address)
        with self._lock:
            self._purge()
            if wait := max(self._wait(kind, key) for kind, key in keys.items()):
                return wait
            for kind, key in keys.items():
                self._count(self._failures[kind], key)
            return 0.0

    def succeeded(self, name: str, address: str) -> None:
        """The try begun last with this name from there was right.

        What failed with the name is forgotten. What failed from the address with other names is not: whoever has a name of
        their own would else clear the way for guessing others'.
        """
        keys = _keys(name, address)
        with self._lock:
            self._failures["pair"].pop(keys["pair"], None)
            self._failures["name"].pop(keys["name"], None)
            if held := self._failures["address"].get(keys["address"]):
                held.count -= 1
                if not held.count:
                    del self._failures["address"][keys["address"]]

    def _purge(self) -> None:
        """Forget what is too old to count: names and addresses are personal data, and none lies about for nothing."""
        now = self._clock()
        for table in self._failures.values():
            while table and now - next(iter(table.values())).last > _FORGOTTEN_AFTER:  # in order of their last failures
                table.popitem(last=False)

    def _count(self, table: OrderedDict[str, _Failures], key: str) -> None:
        now = self._clock()
        held = table.pop(key, None)
        table[key] = _Failures(held.count + 1 if held else 1, now)
        while len(table) > _MOST:
            table.popitem(last=False)

    def _wait(self, kind: str, key: str) -> float:
        held = self._failures[kind].get(key)
        if held is None or held.count < FREE[kind]:
            return 0.0
        wait = min(FIRST_WAIT * 2.0 ** min(held.count - FREE[kind], 20), LONGEST_WAIT)
        return max(0.0, held.last + wait - self._clock())


def _keys(name: str, address: str) -> dict[str, str]:
    place = _network(address)
    return {"pair": f"{place} {name}", "name": name, "address": place}


def _network(address: str) -> str:
    """An address, or the network of one in IPv6, of which one machine has as many as it likes."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
