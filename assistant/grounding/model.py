"""What is checked and what a check says of it. Knows nothing of where claims come from."""

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
class PassageText:
    """A passage that a claim may rest on.

    Attributes:
        text: Its own text; spans are offsets in it.
        title: The page's title.
        headings: The heading path it stands under, outermost first.
        context: A lead-in or column headings that stand before it.
        extent: Nations that the page applies to; empty when it does not say.
    """

    text: str
    title: str = ""
    headings: tuple[str, ...] = ()
    context: str = ""
    extent: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """What the passage is about, beside what it says."""
        return "\n".join(filter(None, (self.title, *self.headings, self.context)))


@dataclass(frozen=True, slots=True)
class Support:
    """Characters of a passage that a claim rests on; `passage` is its position among the passages given."""

    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Check:
    """The result of checking one claim.

    Attributes:
        verdict: What was found.
        score: Probability, as fitted, that the passages say so, from 0 to 1; 1 when quoted.
        reasons: Why it is not fully supported, for the reader; empty when it is.
        spans: What it rests on, the most important first; what it comes nearest to when it is unsupported.
    """

    verdict: Verdict
    score: float
    reasons: tuple[str, ...] = ()
    spans: tuple[Support, ...] = ()
