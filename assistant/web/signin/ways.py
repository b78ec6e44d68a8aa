"""What each way of signing in offers. Knows of none in particular."""

from __future__ import annotations

from typing import Protocol

from fastapi import FastAPI
from starlette.datastructures import Headers

from assistant.web.signin.identity import Identity


class Way(Protocol):
    """One way of signing in."""

    has_page: bool
    """Whether a user who is not signed in is sent to /sign-in; else they are told that they were not let in."""
    can_leave: bool
    """Whether there is something to sign out of."""

    async def identify(self, headers: Headers, *, client: str, path: str) -> Identity | None:
        """Who sent a request, None for one who has not signed in.

        Args:
            headers: Of the request.
            client: The address it came from.
            path: What was asked for.

        Raises:
            NotLetIn: It claims to be somebody's, and the claim does not hold.
            BernardError: It could not be found out.
        """

    def add_routes(self, app: FastAPI) -> None:
        """Add the pages of signing in and out."""
