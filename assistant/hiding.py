"""Hides the secrets that an address can hold, so that settings and commands can be shown and kept.

Knows nothing of settings: those that are secret as a whole are `SecretStr` there.
"""

from __future__ import annotations

import re

HIDDEN = "**********"
"""What stands in place of a secret, as pydantic has it."""

_USER = re.compile(r"(?<=://)[^/?#\s]*@")
_PARAMETER = re.compile(
    r"([?&;#][^=&;#\s]*(?:key|token|secret|passw|pwd|sig|auth|credential|code)[^=&;#\s]*=)[^&;#\s]+", re.IGNORECASE
)


def without_secrets(text: str) -> str:
    """A text whose addresses name no user or password, nor the value of a parameter such as `api_key`."""
    return _PARAMETER.sub(rf"\1{HIDDEN}", _USER.sub(f"{HIDDEN}@", text))
