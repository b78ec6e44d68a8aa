"""Figures of what Bernard does, for Prometheus: counts and times, never a word of a question. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

from assistant.answer import Answer

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Bounds of the histograms: an answer by quotation takes some 150 ms, one by a model seconds to a minute."""


class Figures:
    """The figures of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._answers = Counter(
            "bernard_answers",
            "Answers given, by status and by what drafted them.",
            ["status", "drafter"],
            registry=self.registry,
        )
        self._claims = Counter(
            "bernard_claims",
            "Claims checked, by verdict and by whether they were shown.",
            ["verdict", "shown"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "bernard_stage_seconds",
            "Seconds that each stage of an answer took.",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._errors = Counter("bernard_errors", "Questions that broke, by kind of error.", ["kind"], registry=self.registry)
        self._left = Counter(
            "bernard_left", "Questions that were stopped or left before their answer.", registry=self.registry
        )
        self._answering = Gauge("bernard_answering", "Questions being answered.", registry=self.registry)
        self._waiting = Gauge(
            "bernard_waiting", "Questions that wait for a place at /plain and /api.", registry=self.registry
        )
        self._documents = Gauge("bernard_documents", "Documents in the index.", registry=self.registry)

    def watch(self, *, waiting: Callable[[], float], documents: Callable[[], float]) -> None:
        """What is asked for when the figures are read: how many questions wait, how many documents there are."""
        self._waiting.set_function(waiting)
        self._documents.set_function(documents)

    def begun(self) -> None:
        """A question came."""
        self._answering.inc()

    def ended(self) -> None:
        """It is no longer being answered, however that ended."""
        self._answering.dec()

    def answered(self, answer: Answer) -> None:
        """It was answered."""
        drafter = "quotation" if answer.model == "quotation" else "model"
        self._answers.labels(answer.status.value, drafter).inc()
        for claims, shown in ((answer.claims, "yes"), (answer.withheld, "no")):
            for claim in claims:
                self._claims.labels(claim.verdict.value, shown).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self._seconds.labels(stage).observe(milliseconds / 1000)

    def broken(self, error: BaseException) -> None:
        """Answering it raised an error."""
        self._errors.labels(type(error).__name__).inc()

    def left(self) -> None:
        """Whoever asked did not wait for the answer."""
        self._left.inc()
