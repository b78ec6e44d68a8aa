"""Sorts what a document lays down: what must be done and by when, what must and must not, what should.

By the words in which duties are written, so that each can be quoted. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from assistant.answer.sentences_of import Piece
from assistant.grounding.duties import Duty, said
from assistant.grounding.quantities import Kind, quantities


class Obligation(StrEnum):
    """What kind of duty it is, as a heading; in this order."""

    DATED = "To do by a date or within a time"
    MUST = "To do, without a date"
    MUST_NOT = "Not to do"
    SHOULD = "Recommended"


_DEADLINE = re.compile(
    r"\b(?:by|before|no later than|not later than|until|within|in time for|deadline|due|at least|every|each|annually|monthly"
    r"|weekly|daily)\b",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"\b(?:immediately|at once|straight away|without delay|as soon as)\b", re.IGNORECASE)
_HOUR = r"(?:noon|midday|midnight|close of (?:play|business)|the end of|\d{1,2}(?:[:.]\d\d)? ?[ap]m)"
_DAY = re.compile(
    rf"\b(?:by|before|no later than|on|until) (?:{_HOUR}(?: on| of)? ?)?(?:the )?(?:next |last |first |following )?"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)?(?:day|week|month|quarter|year)\b",
    re.IGNORECASE,
)
_AN_ORDER = re.compile(
    r"(?:please )?(?:send|submit|return|reply|complete|provide|report|tell|notify|inform|pay|apply|register|sign|file|check"
    r"|review|confirm|book|contact|ask|keep|make sure|ensure)\b",
    re.IGNORECASE,
)
_BINDING, _ADVISED = {Duty.MUST}, {Duty.SHOULD, Duty.SHOULD_NOT}


def obliged(pieces: Sequence[Piece]) -> dict[Obligation, list[int]]:
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
    duties = {one.duty for one in said(text)}
    dated = has_deadline(text)
    commands = bool(_AN_ORDER.match(order or text))
    if dated and (duties & {Duty.MUST, Duty.SHOULD} or commands):
        return Obligation.DATED
    if duties & _BINDING:
        return Obligation.MUST
    if Duty.MUST_NOT in duties and not _only_cannot(text):
        return Obligation.MUST_NOT
    if duties & _ADVISED:
        return Obligation.SHOULD
    return None


def has_deadline(text: str) -> bool:
    """True when a text names a date or a time by which, or within which, something is done."""
    if _DAY.search(text):
        return True
    timed = any(one.kind in {Kind.DATE, Kind.DURATION, Kind.TIME} for one in quantities(text))
    return bool(_AT_ONCE.search(text) or (timed and _DEADLINE.search(text)))


def _only_cannot(text: str) -> bool:
    """True where nothing is forbidden, but something cannot be: "the form cannot be opened" is no duty of anybody's."""
    denied = [one.text.lower() for one in said(text) if one.duty is Duty.MUST_NOT]
    return all(re.match(r"can|could|unable|.*unable", words) for words in denied)
