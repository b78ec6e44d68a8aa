"""Bounds how long, and how much, one reply may trickle: its headers, its packing and its body together.

httpx bounds each single read, so that a byte now and then keeps it waiting for ever. Knows nothing of what is asked for.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

_SLOWEST = 5_000
"""Bytes a second below which a reply is given up, once the time-out has passed."""


class TooSlow(Exception):
    """The reply comes too slowly to wait for."""


class TooMuch(Exception):
    """More came than is taken."""


class Patience(threading.local):
    """What one thread has waited for, and had, since it last sent a request."""

    def __init__(self, *, seconds: float, most_bytes: int) -> None:
        """Prepare.

        Args:
            seconds: Time that any reply may take, however short it is.
            most_bytes: As they come, packed.
        """
        self._seconds, self._most_bytes = seconds, most_bytes
        self.begin()

    def begin(self) -> None:
        """A request is about to be sent."""
        self._started, self._bytes = time.monotonic(), 0

    def left(self) -> float:
        """Seconds until the reply is given up, unless more of it comes.

        Raises:
            TooSlow: There are none.
        """
        left = self._started + self._seconds + self._bytes / _SLOWEST - time.monotonic()
        if left <= 0:
            raise TooSlow
        return left

    def had(self, count: int) -> None:
        """Some bytes came.

        Raises:
            TooMuch: With them there are too many.
        """
        self._bytes += count
        if self._bytes > self._most_bytes:
            raise TooMuch


def limit(client: httpx.Client, patience: Patience) -> None:
    """Make every connection of a client, its proxies' too, keep to the limits."""
    # httpx has no argument for httpcore's `network_backend`, which is where each byte passes.
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            transport._pool._network_backend = _Backend(patience)


class _Backend(httpcore.SyncBackend):
    def __init__(self, patience: Patience) -> None:
        self._patience = patience

    def connect_tcp(self, *arguments: Any, **named: Any) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(*arguments, **named), self._patience)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(super().connect_unix_socket(path, timeout, socket_options), self._patience)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, patience: Patience) -> None:
        self._inner, self._patience = inner, patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._patience.left()
        read = self._inner.read(max_bytes, left if timeout is None else min(timeout, left))
        self._patience.had(len(read))
        return read

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._patience)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
