"""Sorts what a document lays down: what must be done and by when, what must and must not, what should.

By the words in which duties are written, so that each can be quoted. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from assistant.answer.deadlines import has_deadline, is_deadline
from assistant.answer.orders import is_forbidden, is_order
from assistant.answer.sentences_of import Piece
from assistant.grounding.duties import Duty, Said, said


class Obligation(StrEnum):
    """What kind of duty it is, as a heading; in this order."""

    DATED = "To do by a date or within a time"
    MUST = "To do, without a date"
    MUST_NOT = "Not to do"
    ORDER = "Asked for, no date given"
    SHOULD = "Recommended"


_BINDING, _ADVISED = {Duty.MUST}, {Duty.SHOULD, Duty.SHOULD_NOT}
_PAST = re.compile(r"had|was|were|been", re.IGNORECASE)


def obliged(pieces: Iterable[Piece]) -> dict[Obligation, list[int]]:
    """Positions of what lays down a duty, by kind, each in order; kinds that do not occur are left out."""
    found: dict[Obligation, list[int]] = {kind: [] for kind in Obligation}
    for position, piece in enumerate(pieces):
        kind = obligation(piece.said, order=piece.block.text)
        if kind:
            found[kind].append(position)
    return {kind: positions for kind, positions in found.items() if positions}


def obligation(text: str, *, order: str = "") -> Obligation | None:
    """The kind of duty that a sentence lays down, None for none.

    Args:
        text: With what introduces it.
        order: The part that may be an order ("Send it by Friday."); the text itself by default.
    """
    duties = {one.duty for one in said(text) if not _is_past(one)}
    order = order or text
    commands = is_order(order, lead_in=text.removesuffix(order))
    if is_deadline(text) or ((duties & {Duty.MUST, Duty.SHOULD} or commands) and has_deadline(text)):
        return Obligation.DATED
    if duties & _BINDING:
        return Obligation.MUST
    if is_forbidden(text) or (Duty.MUST_NOT in duties and not _only_cannot(text)):
        return Obligation.MUST_NOT
    if duties & _ADVISED:
        return Obligation.SHOULD
    return Obligation.ORDER if commands else None


def _is_past(one: Said) -> bool:
    """Something that was a duty of somebody: "the crew had to wait"."""
    return one.duty in {Duty.MUST, Duty.SHOULD} and bool(_PAST.match(one.text))


def _only_cannot(text: str) -> bool:
    """True where nothing is forbidden, but something cannot be: "the form cannot be opened" is no duty of anybody's."""
    denied = [one.text.lower() for one in said(text) if one.duty is Duty.MUST_NOT]
    return all(re.match(r"can|could|unable|.*unable", words) for words in denied)
