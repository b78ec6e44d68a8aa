"""Passwords: which will do, and how they are kept and checked (Argon2id, with the parameters of RFC 9106 for little memory).

Knows nothing of who has them.
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from assistant.errors import InputError

SHORTEST, LONGEST = 12, 200
"""Characters. Long enough that guessing is hopeless, short enough that hashing one costs nobody anything."""

_MIN_DIFFERENT = 5


def hash_password(password: str, *, name: str) -> str:
    """What is kept of a password.

    Args:
        password: In clear; it is not changed in any way.
        name: The user's name, which must not be the password.

    Raises:
        InputError: The password will not do; the message says why and never repeats it.
    """
    if len(password) < SHORTEST:
        raise InputError(
            f"The password is too short: it needs at least {SHORTEST} characters. Three words that do not belong together "
            "are easy to remember."
        )
    if len(password) > LONGEST:
        raise InputError(f"The password is too long: the most is {LONGEST} characters.")
    if len(set(password)) < _MIN_DIFFERENT:
        raise InputError(f"The password is too easy to guess: use at least {_MIN_DIFFERENT} different characters.")
    if name and password.casefold().strip().replace(name.casefold(), "").strip("0123456789-_.! ") == "":
        raise InputError("The password is too easy to guess: do not make it of your user name.")
    return _hasher().hash(_encoded(password))


def is_password(password: str, kept: str | None) -> bool:
    """True when it is the password that was kept. It takes as long where there is none, and for a wrong one."""
    try:
        right = _hasher().verify(kept or _nobody(), _encoded(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """True when what is kept was made with weaker parameters than today's."""
    return _hasher().check_needs_rehash(kept)


def _encoded(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # whatever a browser sends is right or wrong, and never an error


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _nobody() -> str:
    """A password that nobody has, to be compared with where there is no such user."""
    return _hasher().hash("nobody has this password")
