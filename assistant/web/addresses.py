"""Addresses of Bernard itself: which are this machine's own, and how a browser names the public one.

Knows nothing of requests.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def is_loopback(host: str) -> bool:
    """True for a name or an address under which only this machine is reached; brackets around IPv6 do not matter."""
    bare = host.lower().strip("[]")
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """True for an address of this machine itself."""
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def origin_of(url: str) -> str:
    """Scheme, host and port as a browser gives them in the header Origin; "" where `url` is empty or no address."""
    try:
        parts = urlsplit(url.lower())
        host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
        port = parts.port
    except ValueError:
        return ""
    if not host or parts.scheme not in _PORTS:
        return ""
    return f"{parts.scheme}://{host}" if port in {None, _PORTS[parts.scheme]} else f"{parts.scheme}://{host}:{port}"
