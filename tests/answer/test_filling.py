"""Quotation fills in what writing leaves out, also where writing has it only in part."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.answer import Citation, Claim, Source, Verdict
from assistant.answer.filling import Quoted, covers, missing
from assistant.answer.writing import Written

TEXT = "Keepers have 31 days of leave."
SOURCE = Source(
    number=1, rank=1, score=1.0, passage_id="p#0", url="https://www.gov.uk/x", title="Leave", headings=(), text=TEXT,
    organisation="Board of Lights", updated=dt.date(2026, 1, 1), withdrawn=False,
)  # fmt: skip
CITATION = Citation(source=1, quote=TEXT, start=0, end=len(TEXT))


def claim(verdict: Verdict) -> Claim:
    return Claim(text=TEXT, verdict=verdict, score=0.9, citations=(CITATION,))


QUOTED = Quoted((claim(Verdict.QUOTED),), (SOURCE,))


@pytest.mark.parametrize(
    ("verdict", "is_covered"),
    [(Verdict.QUOTED, True), (Verdict.SUPPORTED, True), (Verdict.PARTLY_SUPPORTED, False)],
)
def test_only_a_claim_that_is_wholly_supported_stands_for_the_quotation(verdict: Verdict, is_covered: bool) -> None:
    written = Written(shown=(claim(verdict),), sources=(SOURCE,))

    assert covers(written.shown, written.sources, QUOTED) is is_covered
    assert bool(missing(written, QUOTED).claims) is not is_covered
