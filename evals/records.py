"""What the processes of a benchmark tell each other, and what its JSON file holds. Knows nothing of how it is measured."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, computed_field

from evals.metrics import Estimate


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class Found(_Value):
    """What one search brought.

    Attributes:
        first_url: Address of the first passage; None when nothing was found.
        words: The first 2,000 words of the passages' own texts in rank order, joined by spaces.
        search_ms: How long the ten best took.
    """

    id: str
    first_url: str | None
    words: str
    search_ms: float


class Answered(_Value):
    """What one question got from Bernard.

    Attributes:
        answered: False when it was refused.
        quotes: What the answer quotes.
        quotes_regardless: What it quotes when it may not refuse.
        confidence: Estimated probability that the guidance answers the question.
        confidence_without_page: The same with the question's page taken away.
        answered_without_page: Whether that would have been answered.
    """

    id: str
    answered: bool
    quotes: tuple[str, ...]
    quotes_regardless: tuple[str, ...]
    confidence: float
    confidence_without_page: float
    answered_without_page: bool
    ask_ms: float


class QuickStartAsked(_Value):
    """Everything the quick start was asked."""

    open_seconds: float
    found: tuple[Found, ...]


class BernardAsked(_Value):
    """Everything Bernard was asked.

    Attributes:
        open_seconds: From opening the index to the first answer.
        settings: Those that are not the built-in ones.
        weights: What weights.json says of itself: when and on what it was fitted, and its cross-validated figures.
    """

    open_seconds: float
    passages: int
    documents: int
    index_digest: str
    settings: dict[str, str]
    weights: dict[str, Any]
    found: tuple[Found, ...]
    answered: tuple[Answered, ...]


class Ingested(_Value):
    """One ingest by one system.

    Attributes:
        seconds: From the start of the process to its end.
        peak_mib: Most memory the process had at once.
        told: What the process said of itself: documents, passages or chunks, seconds of its parts.
    """

    seconds: float
    peak_mib: float
    told: dict[str, Any]


class Scores(_Value):
    """One question's figures for one system; None where a system does not do such a thing."""

    id: str
    url: str
    found: dict[int, float]
    right_page: float
    search_ms: float
    f1: float | None = None
    f1_regardless: float | None = None
    answered: bool | None = None
    confidence: float | None = None
    confidence_without_page: float | None = None
    answered_without_page: bool | None = None
    ask_ms: float | None = None


class System(_Value):
    """One system, measured.

    Attributes:
        ingested: None when an index was reused.
        unchanged: The same ingest again; None for the quick start, which would do everything again.
        facts: Whatever else is worth keeping.
    """

    ingested: Ingested | None
    unchanged: Ingested | None = None
    open_seconds: float
    facts: dict[str, Any] = {}
    scores: tuple[Scores, ...]


class Row(_Value):
    """One line of the table.

    Attributes:
        unit: How figures are written: "share", "s", "ms", "MiB" or "times".
        difference: Bernard less the quick start, question by question.
        bar: What must be reached, None where there is no bar.
        at_least: True when more is better.
    """

    model_config = ConfigDict(extra="ignore")  # `met` is written, and worked out again when read

    what: str
    unit: str
    bernard: float | None
    quick_start: float | None = None
    bernard_interval: Estimate | None = None
    quick_start_interval: Estimate | None = None
    difference: Estimate | None = None
    bar: float | None = None
    at_least: bool = True

    @computed_field  # type: ignore[prop-decorator]
    @property
    def met(self) -> bool | None:
        """Whether the bar is reached; None without a bar or a figure."""
        if self.bar is None or self.bernard is None:
            return None
        return self.bernard >= self.bar if self.at_least else self.bernard <= self.bar


class Report(_Value):
    """A whole run.

    Attributes:
        guidance: Folders, files, bytes and digest of what was indexed.
        notes: What the reader of the figures must know.
        quick_start_run: The run that measured the quick start when it was not this one.
    """

    date: str
    command: str
    commit: str
    machine: dict[str, Any]
    versions: dict[str, str]
    guidance: dict[str, Any]
    questions: int
    pages: int
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    bernard: System
    quick_start: System | None = None
    quick_start_run: dict[str, Any] | None = None
