"""Keeps the names that users give to consultations apart, so that nobody learns which names others gave.

Where users sign in, the name of a consultation's file, which is also its address, ends in a mark of its owner that pages
leave out. Two users may so use one name. Pure functions.
"""

from __future__ import annotations

import hashlib
import re

from assistant.consult import path_of
from assistant.errors import InputError
from assistant.settings import Settings

_MARK = re.compile(r"\.[0-9a-f]{10}$")
_LONGEST = 69
"""Characters of a name: with the mark of its owner the room takes no more than 80."""


def kept_as(called: str, owner: str, settings: Settings) -> str:
    """The name under which what a user calls so is kept; the same where nobody signs in.

    Raises:
        InputError: It cannot be a name.
    """
    path_of(called, settings)
    if not owner:
        return called
    if len(called) > _LONGEST:
        raise InputError(f"The name has {len(called)} characters. Use at most {_LONGEST}.")
    return f"{called}.{mark_of(owner)}"


def mark_of(owner: str) -> str:
    """What tells the files of a user in their names."""
    return hashlib.sha256(owner.encode()).hexdigest()[:10]


def called(kept: str) -> str:
    """What people call it that is kept under this name."""
    return _MARK.sub("", kept)
