"""A signed-in user's cookie: signed, dated, readable by no script, and worth nothing after some hours.

The key is made on first use and lies in the data folder, for its owner alone. Knows nothing of who is let in.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import Headers
from starlette.responses import Response

from assistant.errors import SettingsError

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says: the user's name and role, and when they signed in, in seconds since 1970, UTC."""

    name: str
    role: str
    begun_at: float


class Sessions:
    """Writes and reads the cookies of one installation."""

    def __init__(self, key: bytes, *, hours: float, is_secure: bool) -> None:
        """Prepare.

        Args:
            key: Signs the cookies; the same for all processes that serve one address.
            hours: How long one is good for.
            is_secure: Users reach Bernard by https, so that the cookie goes by nothing else.
        """
        self.key, self.is_secure = key, is_secure
        self._seconds = round(hours * 3600)
        # "__Host-": the browser takes it from this host alone, by https, for all its paths.
        self.cookie = "__Host-bernard" if is_secure else "bernard"
        self._signer = URLSafeTimedSerializer(key, salt="bernard session", signer_kwargs={"digest_method": "sha256"})

    def begin(self, response: Response, *, name: str, role: str) -> None:
        """Give a user a cookie."""
        response.set_cookie(
            self.cookie,
            self._signer.dumps([name, role]),
            max_age=self._seconds,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
        )

    def end(self, response: Response) -> None:
        """Take it away."""
        response.delete_cookie(self.cookie, path="/", secure=self.is_secure, httponly=True, samesite="lax")

    def read(self, headers: Headers) -> Session | None:
        """What the cookie of a request says; None without one, and for one that is too old or not ours."""
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return None
        if self.cookie not in cookies:
            return None
        try:
            held, signed_at = self._signer.loads(
                cookies[self.cookie].value, max_age=self._seconds, return_timestamp=True
            )
        except BadSignature:
            return None
        return _session(held, signed_at.timestamp())


def _session(held: Any, begun_at: float) -> Session | None:
    match held:
        case [str(name), str(role)]:
            return Session(name, role, begun_at)
        case _:
            return None


def session_key(data_dir: Path) -> bytes:
    """The key that signs cookies, made where there is none.

    Raises:
        SettingsError: It cannot be read or written.
    """
    path = data_dir / "session.key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = path.read_bytes()
        else:
            key = secrets.token_bytes(_KEY_BYTES)
            with os.fdopen(descriptor, "wb") as file:
                file.write(key)
    except OSError as error:
        raise SettingsError(f"The key that signs users in cannot be read or written: {error}.") from None
    if len(key) < _KEY_BYTES:
        raise SettingsError(f"{path} holds no key. Delete the file: a new key is made, and users sign in again.")
    return key
