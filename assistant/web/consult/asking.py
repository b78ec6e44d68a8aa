"""What a request to the pages of consultations asks: who sent it, its fields, and the question that it is about.

Knows nothing of what is done about it.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from assistant.consult import Consultation, OpenQuestion
from assistant.web.consult.access import name_of
from assistant.web.consult.shelf import Board, Opened
from assistant.web.sent import Form, one
from assistant.web.signin.identity import Identity, identity_of


@dataclass(frozen=True)
class Ask:
    """A request with who sent it.

    Attributes:
        request: As it came.
        identity: Who sent it, as the gate found out.
        who: The name for the history.
        form: Its fields; empty for a page that is only looked at.
    """

    request: Request
    identity: Identity
    who: str
    form: Form

    @property
    def name(self) -> str:
        """The consultation's name, from the address."""
        return str(self.request.path_params.get("name", ""))

    def field(self, name: str) -> str:
        """The first value of a field."""
        return one(self.form, name)

    def asked(self, name: str) -> str:
        """The first value in the address."""
        return str(self.request.query_params.get(name, ""))


@dataclass(frozen=True)
class Here:
    """A question of an open consultation, which this request has for itself."""

    opened: Opened
    number: int
    question: OpenQuestion
    before: int = 0
    """Edits there were when the request came."""

    @property
    def consultation(self) -> Consultation:
        """It is of this."""
        return self.opened.consultation

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.opened.key

    @property
    def called(self) -> str:
        """Its name for people."""
        return self.consultation.name

    @property
    def has_themes(self) -> bool:
        """There is something to decide on."""
        return bool(self.question.standing.themes or self.question.standing.rejected)

    def board(self) -> Board:
        """How it stands."""
        return self.opened.board(self.number)


def ask_of(request: Request, form: Form) -> Ask:
    """A request with who sent it and under which name they work."""
    identity = identity_of(request)
    return Ask(request, identity, name_of(identity, request), form)


def versions_seen(form: Form) -> dict[str, int]:
    """Versions of themes as they stood on the page that was sent."""
    found = {name[5:]: number_in(values[0]) for name, values in form.items() if name.startswith("seen-") and values}
    return {theme: number for theme, number in found.items() if number is not None}


def number_in(text: str) -> int | None:
    """The whole number that a field or an address gives; None where it gives none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
