"""Which addresses may be asked: what a publisher's replies name must not lead anywhere else.

The publisher's own host is always allowed, also one on this machine or in a private network, since the user's settings named
it. Any other must be public, end in .gov.uk and be asked by https. Sends no request; looks names up.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import cache
from urllib.parse import SplitResult, urljoin, urlsplit

from assistant.errors import FetchError

_SOUND = re.compile(r"[!-~]{1,2000}")
_PORTS = {"http": 80, "https": 443}


class AllowedAddresses:
    """Addresses that may be asked for one publisher."""

    def __init__(self, base_url: str) -> None:
        """Allow the host of `base_url`.

        Raises:
            FetchError: It is no http or https address.
        """
        self._base = _split(base_url)
        self.own = _leads_inside(self._base.hostname or "")
        """True when the publisher's host is on this machine or in a private network."""

    def require(self, address: str) -> str:
        """The address, when it may be asked.

        Raises:
            FetchError: It may not; says why.
        """
        parts = _split(address)
        if _origin(parts) == _origin(self._base):
            return address
        host = parts.hostname or ""
        if self._base.scheme == "https" and parts.scheme == "http":
            raise FetchError(f"It leads to {address}, which is not encrypted (http); that is not followed.")
        if not (host == "gov.uk" or host.endswith(".gov.uk")) or _origin(parts) != ("https", host, 443):
            raise FetchError(f"It leads to {address}, which is neither {self._base.netloc} nor a site of the government.")
        if _leads_inside(host):
            raise FetchError(f"It leads to {address}, which is in a private network; that is not followed.")
        return address

    def redirected(self, address: str, location: str) -> str:
        """Where a redirect from `address` leads, when that may be asked.

        Raises:
            FetchError: It may not, or it is no address; says why.
        """
        try:
            target = urljoin(address, location.strip()).partition("#")[0]
        except ValueError:
            target = ""
        if not location.strip() or not target:
            raise FetchError("It sends readers on without saying where to.")
        if address.startswith("https:") and target.startswith("http:"):
            raise FetchError(f"It leads to {target}, which is not encrypted (http); that is not followed.")
        return self.require(target)


def host_of(address: str) -> str:
    """Host and port, as one name."""
    return urlsplit(address).netloc.lower()


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        sound = bool(_SOUND.fullmatch(address)) and "\\" not in address and parts.scheme in _PORTS and bool(parts.hostname)
        sound = sound and parts.username is None and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound:
        raise FetchError(
            f"{address[:200]!r} is not an address that can be asked; one looks like https://www.gov.uk/vat-rates."
        )
    return parts


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or _PORTS[parts.scheme]


@cache
def _leads_inside(host: str) -> bool:
    """Whether a host is on this machine or in a private network; False when its name cannot be looked up here."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return False  # a proxy may know it; without one the request fails by itself
    return any(not ipaddress.ip_address(str(address).partition("%")[0]).is_global for address in found)
