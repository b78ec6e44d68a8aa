"""What happens while a question is being answered, as it happens; the last event of every question is its answer.

Terminal and browser show these; `Assistant.ask` waits for the last. Knows nothing of how answers come about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.answer.model import Answer, AnswerNotice, Claim, Source


class Stage(StrEnum):
    """What a reader may have to wait for."""

    SEARCH = "search"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class StageStarted:
    """Bernard begins to search, or a language model to write."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """A claim that passed its check, in the order of the answer.

    Attributes:
        claim: With verdict and citations.
        sources: Those it cites that no earlier claim cites; their numbers stay as they are.
        waited_ms: From the arrival of the claim's last words to this event, with the wait for the words after them, without
            which its end was not certain; 0 for a quotation, which nobody wrote.
        checking_ms: The part of it that Bernard took.
    """

    claim: Claim
    sources: tuple[Source, ...] = ()
    waited_ms: float = 0.0
    checking_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class ClaimWithheld:
    """A claim that failed its check; its reasons say why."""

    claim: Claim
    waited_ms: float = 0.0
    checking_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """Something that the reader must know."""

    notice: AnswerNotice


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer: its claims are those shown, in their order."""

    answer: Answer


Event = StageStarted | ClaimShown | ClaimWithheld | NoticeGiven | Finished
