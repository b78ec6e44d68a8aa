"""Signing in at a reverse proxy, which tells who it is in a header and proves itself with a secret in another.

Knows nothing of how the proxy finds out.
"""

from __future__ import annotations

import hmac
import re

from fastapi import FastAPI
from starlette.datastructures import Headers

from assistant.errors import SettingsError
from assistant.settings import SignInSettings
from assistant.web.signin.identity import Identity, NotLetIn
from assistant.web.signin.names import foreign_name, role_of

SHORTEST = 32
"""Characters of the secret: whoever knows it can be anybody."""
_HEADER = re.compile(r"[A-Za-z0-9-]+")


class Proxy:
    """The way of the trusted header; see `assistant.web.signin.ways.Way`."""

    has_page = False
    can_leave = False

    def __init__(self, settings: SignInSettings) -> None:
        """Prepare.

        Raises:
            SettingsError: The secret is too short, or a header is unusable.
        """
        self._settings = settings
        secret = settings.proxy_secret.get_secret_value()
        if len(secret) < SHORTEST or not (secret.isascii() and secret.isprintable()) or secret != secret.strip():
            raise SettingsError(
                f"sign_in.proxy_secret must have at least {SHORTEST} letters, digits or marks, and no spaces at "
                "its ends: whoever "
                "knows it can be any user. Make one with `openssl rand -hex 32`, put it into "
                "BERNARD_SIGN_IN__PROXY_SECRET and "
                f"have the reverse proxy send it in the header {settings.proxy_secret_header}; see docs/serving.md."
            )
        self._secret = secret.encode()
        headers = [settings.proxy_secret_header, settings.proxy_user_header, settings.proxy_role_header]
        wrong = [name for name in headers if name and not _HEADER.fullmatch(name)]
        named = [name.lower() for name in headers if name]
        if wrong or len(set(named)) != len(named) or not (headers[0] and headers[1]):
            raise SettingsError(
                "sign_in.proxy_secret_header, proxy_user_header and proxy_role_header must be different names of "
                "headers, of "
                f"letters, digits and hyphens; they are {', '.join(map(repr, headers))}."
            )

    async def identify(self, headers: Headers, *, client: str, path: str) -> Identity | None:
        """By the headers, of each of which there must be one and no more: a second may be the user's own."""
        secret = headers.getlist(self._settings.proxy_secret_header)
        if len(secret) != 1 or not hmac.compare_digest(secret[0].encode("latin-1"), self._secret):
            raise NotLetIn(
                "Bernard is reached through your organisation's sign-in, and this request did not come that way. "
                "Use the address that your organisation gave you."
            )
        name = headers.getlist(self._settings.proxy_user_header)
        if len(name) != 1:
            raise NotLetIn("Your organisation's sign-in did not say who you are. Tell whoever looks after Bernard.")
        groups = headers.getlist(self._settings.proxy_role_header) if self._settings.proxy_role_header else []
        if len(groups) > 1:
            raise NotLetIn("Your organisation's sign-in said twice what you may do. Tell whoever looks after Bernard.")
        listed = {group.strip() for group in groups[0].split(",")} if groups else set()
        return Identity(foreign_name(_text(name[0])), role_of(listed, self._settings))

    def add_routes(self, app: FastAPI) -> None:
        """There are none: the proxy has its own."""


def _text(header: str) -> str:
    """A header as its sender meant it; what is not UTF-8 is left as it is, and refused later where it is no name."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return header
