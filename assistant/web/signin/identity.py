"""Who sent a request, as the gate found out, and what that lets them do. Knows nothing of how it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import HTTPException, Request
from starlette.requests import HTTPConnection

from assistant.records import Role

KEY = "bernard_identity"
"""Where the gate leaves the identity in a request's scope; it is not there for one who has not signed in."""


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


class NotLetIn(Exception):
    """A request that claims to be somebody's and is not let in; `str(error)` is for the reader.

    Attributes:
        status: Of the reply.
        headers: Of the reply.
    """

    def __init__(self, words: str, *, status: int = 401, headers: dict[str, str] | None = None) -> None:
        super().__init__(words)
        self.status, self.headers = status, headers or {}


def known(request: HTTPConnection) -> Identity | None:
    """Who sent a request, None for one who has not signed in; the gate lets those through to open pages only."""
    found: Any = request.scope.get(KEY)
    return found if isinstance(found, Identity) else None


def identity_of(request: HTTPConnection) -> Identity:
    """Who sent a request that the gate let through.

    Raises:
        LookupError: It did not come through the gate, which is a fault of the program.
    """
    found = known(request)
    if found is None:
        raise LookupError("a request that did not come through the gate")
    return found


def user_of(request: HTTPConnection) -> str:
    """The name under which this user's conversations are kept."""
    return identity_of(request).name


def require(least: Role) -> Callable[[Request], Identity]:
    """For routes: `Depends(require(Role.EVALUATOR))` gives the identity of whoever has that role or more.

    The route answers 401 to one who has not signed in, and 403 to one who may not.
    """

    def dependency(request: Request) -> Identity:
        found = known(request)
        if found is None:
            raise HTTPException(401, "Sign in first.")
        if not found.may(least):
            raise HTTPException(
                403, f"Your role is {found.role}, and this is for the role {least}. Ask whoever looks after Bernard."
            )
        return found

    return dependency
