"""What a check says of a claim. Knows nothing of where claims come from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the check says of a claim."""

    QUOTED = "quoted"
    SUPPORTED = "supported"
    PARTLY_SUPPORTED = "partly supported"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of a passage that a claim rests on; sound when `passage[start:end] == text`."""

    passage: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """The result of checking one claim.

    Attributes:
        verdict: What was found.
        score: From 0 (nothing supports it) to 1 (word for word).
        reasons: Why, for the reader; empty when quoted.
    """

    verdict: Verdict
    score: float
    reasons: tuple[str, ...] = ()
