"""Who may work on a consultation, and under which name they do. Knows nothing of pages.

Whoever started it, the people it is shared with, and administrators may; for others it is as if it were not there. One read
in on the command line has no owner, and is the administrators' until they share it. Where nobody signs in, whoever sits at
the machine may do everything.
"""

from __future__ import annotations

import getpass
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from assistant.consult import Consultation
from assistant.records import Role
from assistant.web.signin.identity import Identity

EVERYONE = "*"
_COOKIE = "bernard_analyst"
_LONGEST = 80
_YEAR = 365 * 24 * 3600


def may_work(identity: Identity, consultation: Consultation) -> bool:
    """Whether somebody may see and change a consultation."""
    shared = set(consultation.people)
    return may_manage(identity, consultation) or EVERYONE in shared or (bool(identity.name) and identity.name in shared)


def may_manage(identity: Identity, consultation: Consultation) -> bool:
    """Whether somebody may share it and delete it."""
    is_owner = bool(identity.name) and identity.name == consultation.owner
    return identity.may(Role.ADMINISTRATOR) or is_owner


def name_of(identity: Identity, request: Request) -> str:
    """The name that the history gives a decision: that of signing in, else the one that was said here."""
    if identity.name:
        return identity.name
    said = clean(unquote(request.cookies.get(_COOKIE, "")))
    return said or _of_this_machine()


def clean(name: str) -> str:
    """A name as it may stand in a history: one line, not too long."""
    return " ".join("".join(letter for letter in name if letter.isprintable()).split())[:_LONGEST]


def remember(reply: Response, name: str) -> None:
    """Have the browser say the name from now on."""
    reply.set_cookie(_COOKIE, quote(name), max_age=_YEAR, httponly=True, samesite="strict", path="/")


def _of_this_machine() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "analyst"
