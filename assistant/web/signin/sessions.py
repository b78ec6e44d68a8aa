"""A signed-in user's cookie: signed, dated, readable by no script, and worth nothing after some hours.

The key is made on first use and lies in the data folder, for its owner alone. Knows nothing of who is let in.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response

from assistant.errors import SettingsError

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says.

    Attributes:
        id: Of this session alone.
        name: The user's.
        role: The user's when they signed in.
        stamp: Whatever the way of signing in compares later, to see that the user is still the same.
    """

    id: str
    name: str
    role: str
    stamp: str


class Sessions:
    """Writes and reads the cookies of one installation; many threads may use it."""

    def __init__(self, key: bytes, *, way: str, hours: float, is_secure: bool) -> None:
        """Prepare.

        Args:
            key: Signs the cookies; the same for all processes that serve one address.
            way: How users sign in. A cookie of another way is worth nothing: the name in it may be another person's.
            hours: How long one is good for.
            is_secure: Users reach Bernard by https, so that the cookie goes by nothing else.
        """
        self.is_secure = is_secure
        # "__Host-": the browser takes it from this host alone, by https, for all its paths.
        self.cookie = "__Host-bernard" if is_secure else "bernard"
        self._key = key
        self._seconds = round(hours * 3600)
        self._signer = URLSafeTimedSerializer(
            key, salt=f"bernard session {way}", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self._lock = threading.Lock()
        self._ended: dict[str, float] = {}

    def key_for(self, purpose: str) -> str:
        """Another key, of which nobody can tell this one."""
        return hmac.new(self._key, purpose.encode(), hashlib.sha256).hexdigest()

    def begin(self, response: Response, *, name: str, role: str, stamp: str = "") -> None:
        """Give a user a new session, whatever cookie they came with."""
        response.set_cookie(
            self.cookie,
            self._signer.dumps([secrets.token_urlsafe(16), name, role, stamp]),
            max_age=self._seconds,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
        )

    def end(self, response: Response, headers: Headers) -> None:
        """Take the cookie away; this process takes no copy of it either."""
        if session := self.read(headers):
            now = time.time()
            with self._lock:
                self._ended = {ended: until for ended, until in self._ended.items() if until > now}
                self._ended[session.id] = now + self._seconds
        response.delete_cookie(self.cookie, path="/", secure=self.is_secure, httponly=True, samesite="lax")

    def read(self, headers: Headers) -> Session | None:
        """What the cookie of a request says; None without one, and for one that is too old, ended or not ours."""
        cookie = cookie_parser(headers.get("cookie", "")).get(self.cookie)
        if not cookie:
            return None
        try:
            held = self._signer.loads(cookie, max_age=self._seconds)
        except BadSignature:
            return None
        session = _session(held)
        return session if session and session.id not in self._ended else None


def _session(held: Any) -> Session | None:
    match held:
        case [str(id), str(name), str(role), str(stamp)]:
            return Session(id, name, role, stamp)
        case _:
            return None


def session_key(data_dir: Path) -> bytes:
    """The key that signs cookies, made where there is none.

    It is written beside its place and then put there whole, so that no other process reads half of it.

    Raises:
        SettingsError: It cannot be read or written.
    """
    path = data_dir / "session.key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _put(secrets.token_bytes(_KEY_BYTES), path)
        key = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"The key that signs users in cannot be read or written: {error}.") from None
    if len(key) < _KEY_BYTES:
        raise SettingsError(f"{path} holds no key. Delete the file: a new key is made, and users sign in again.")
    return key


def _put(key: bytes, path: Path) -> None:
    """Write a file that only its owner can read, unless another process was first."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    except FileExistsError:
        return
    finally:
        beside.unlink(missing_ok=True)
