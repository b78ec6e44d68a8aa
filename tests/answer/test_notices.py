"""Notices: what the reader must know beside an answer, the gravest first."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from assistant.answer import Answer, AnswerNotice, Citation, Claim, Notice, Reason, Source, Status, Verdict
from assistant.answer.notices import OWN_NOTE, notices

TODAY = dt.date(2026, 6, 1)


def source(number: int, *, updated: dt.date | None = TODAY, withdrawn: bool = False, notice: str = "") -> Source:
    return Source(
        number=number, rank=1, score=1, passage_id=f"p-{number}", url="https://www.gov.uk/page", title="Page", headings=(),
        text="Text.", organisation="Board", updated=updated, withdrawn=withdrawn, notice=notice,
    )  # fmt: skip


def told(*sources: Source) -> tuple[AnswerNotice, ...]:
    return notices(sources, today=TODAY, old_after_days=365)


def test_current_guidance_needs_no_notice() -> None:
    assert told() == told(source(1), source(2, updated=dt.date(2025, 6, 1))) == ()


def test_old_guidance_is_named_with_its_date() -> None:
    (notice,) = told(source(1), source(2, updated=dt.date(2025, 5, 31)))

    assert (notice.kind, notice.sources) == (Notice.OLD, (2,))
    assert notice.text.startswith("Source 2 was last updated on 31 May 2025.")


@pytest.mark.parametrize(
    ("numbers", "starts"), [((1,), "Source 1 does not say"), ((1, 2, 3), "Sources 1, 2 and 3 do not say")]
)
def test_undated_guidance_is_named_in_one_notice(numbers: tuple[int, ...], starts: str) -> None:
    (notice,) = told(*(source(number, updated=None) for number in numbers))

    assert (notice.kind, notice.sources) == (Notice.UNDATED, numbers)
    assert notice.text.startswith(starts)


def test_guidance_that_is_not_current_comes_first_and_is_not_called_old_too() -> None:
    long_ago = dt.date(2001, 1, 1)

    found = told(
        source(1, updated=long_ago),
        source(2, updated=None),
        source(3, updated=long_ago, withdrawn=True, notice="The publisher has withdrawn this page."),
        source(4, updated=None, withdrawn=True, notice="This has been replaced by Another page."),
    )

    assert [(notice.kind, notice.sources) for notice in found] == [
        (Notice.WITHDRAWN, (3,)),
        (Notice.SUPERSEDED, (4,)),
        (Notice.OLD, (1,)),
        (Notice.UNDATED, (2,)),
    ]
    assert "replaced by Another page" in found[1].text


def test_bernards_own_notes_are_told_from_the_official_text() -> None:
    own = source(1).model_copy(update={"document_type": OWN_NOTE})

    (notice,) = told(own, source(2))

    assert (notice.kind, notice.sources) == (Notice.SUMMARY, (1,))
    assert "not the official text" in notice.text


def test_what_was_recognised_from_a_scan_is_named() -> None:
    scan = source(2).model_copy(update={"recognised": True})

    (notice,) = told(source(1), scan)
    (both,) = told(scan, source(3).model_copy(update={"recognised": True}))

    assert (notice.kind, notice.sources) == (Notice.RECOGNISED, (2,))
    assert notice.text.startswith("Source 2 was recognised from a scan; letters and figures may be wrong.")
    assert both.text.startswith("Sources 2 and 3 were recognised")


def test_what_a_publisher_says_of_current_guidance_is_told_once_for_all_that_share_it() -> None:
    changes = "legislation.gov.uk lists one change to it not yet made to this text."

    found = told(source(1, notice=changes), source(2, notice="Another."), source(3, notice=changes))

    assert [(notice.kind, notice.sources) for notice in found] == [(Notice.CAUTION, (1, 3)), (Notice.CAUTION, (2,))]
    assert found[0].text == f"Sources 1 and 3 come with a caution: {changes}"


def test_a_list_that_is_quoted_in_part_is_named() -> None:
    (notice,) = notices([source(1), source(2)], today=TODAY, old_after_days=365, partial=[2])

    assert (notice.kind, notice.sources) == (Notice.PARTIAL, (2,))


def test_a_citation_of_a_source_that_is_not_there_makes_no_answer() -> None:
    citation = Citation(source=2, quote="Text.", start=0, end=5)
    claim = Claim(text="Text.", verdict=Verdict.QUOTED, score=1, citations=(citation,))

    with pytest.raises(ValidationError, match="not in its source"):
        Answer(
            question="?", standalone_question="?", status=Status.ANSWERED, reason=Reason.EVIDENCE_FOUND, text="Text.",
            claims=(claim,), sources=(source(1),),
        )  # fmt: skip
