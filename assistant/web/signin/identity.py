"""Who sent a request, as the gate found out. Knows nothing of how it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from assistant.records import Role

KEY = "bernard_identity"
"""Where the gate leaves the identity in a request's scope."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who is let in.

    Attributes:
        name: In small letters; "" where nobody signs in.
        role: What they may do.
    """

    name: str
    role: Role

    def may(self, least: Role) -> bool:
        """Whether this role holds all that `least` holds."""
        ranks = list(Role)
        return ranks.index(self.role) >= ranks.index(least)


NOBODY = Identity("", Role.ADMINISTRATOR)
"""Whoever sits at this machine, where nobody signs in."""


def identity_of(request: HTTPConnection) -> Identity:
    """Who sent a request that the gate let through.

    Raises:
        LookupError: It did not come through the gate, which is a fault of the program.
    """
    found: Any = request.scope.get(KEY)
    if not isinstance(found, Identity):
        raise LookupError("a request that did not come through the gate")
    return found


def user_of(request: HTTPConnection) -> str:
    """The name under which this user's conversations are kept."""
    return identity_of(request).name
