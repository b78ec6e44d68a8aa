"""What a person sees in a terminal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from assistant.answer import (
    Answer,
    AnswerNotice,
    Choice,
    Citation,
    Claim,
    NearestPage,
    Notice,
    Reason,
    Source,
    Status,
    Verdict,
)
from assistant.answer.notices import OWN_NOTE
from assistant.doctor import Finding, Severity
from assistant.index import IngestReport
from assistant.index.manifest import FileRecord
from assistant.search import FoundPassage, SearchResult
from assistant.terminal import chosen, fit_width, show_answer, show_findings, show_ingest, show_search

TEXT = "Keepers have 31 days of paid leave. Apply 14 days before."


def make_source(**changes: Any) -> Source:
    fields: dict[str, Any] = {
        "number": 1,
        "rank": 1,
        "score": 0.5,
        "passage_id": "a-1",
        "url": "https://www.gov.uk/guidance/leave#apply",
        "title": "Leave",
        "headings": ("How to apply",),
        "text": TEXT,
        "organisation": "Board of Lights",
        "updated": dt.date(2026, 3, 2),
        "withdrawn": False,
    }
    return Source(**fields | changes)


def make_claim(quote: str) -> Claim:
    start = TEXT.index(quote)
    citation = Citation(source=1, quote=quote, start=start, end=start + len(quote))
    return Claim(text=quote, verdict=Verdict.QUOTED, score=1.0, citations=(citation,))


def make_answer(**changes: Any) -> Answer:
    fields: dict[str, Any] = {
        "question": "How much leave?",
        "standalone_question": "How much leave?",
        "status": Status.ANSWERED,
        "reason": Reason.EVIDENCE_FOUND,
        "text": "…",
    }
    return Answer(**fields | changes)


def test_an_answer_shows_claims_with_numbers_and_sources_with_all_that_is_known() -> None:
    answer = make_answer(claims=(make_claim("Keepers have 31 days of paid leave."),), sources=(make_source(),))

    assert show_answer(answer, width=80) == (
        "Keepers have 31 days of paid leave. [1] (quoted)\n"
        "\n"
        "Sources\n"
        "[1] Leave > How to apply\n"
        "    Board of Lights, updated 2 March 2026\n"
        "    https://www.gov.uk/guidance/leave#apply"
    )


def test_bernards_own_notes_are_as_at_a_date_and_not_updated() -> None:
    note = make_source(document_type=OWN_NOTE)
    found = FoundPassage(**note.model_dump(exclude={"number", "notice", "extent", "recognised", "uploaded"}))

    answer = show_answer(make_answer(claims=(make_claim(TEXT),), sources=(note,)), width=80)
    search = show_search(SearchResult(question="leave", passages=(found,)), width=80)

    assert "Board of Lights, as at 2 March 2026" in answer
    assert "Board of Lights, as at 2 March 2026" in search
    assert "updated" not in answer + search


def test_an_answer_that_is_not_there_says_so_and_names_the_nearest_pages() -> None:
    answer = make_answer(
        status=Status.NOT_IN_GUIDANCE,
        reason=Reason.NOTHING_FOUND,
        text="This is not in the guidance.",
        nearest=(NearestPage(title="Leave", url="https://www.gov.uk/leave", organisation="Board of Lights"),),
    )

    assert show_answer(answer, width=80) == (
        "This is not in the guidance.\n\nYou may want to look at\n- Leave (Board of Lights)\n  https://www.gov.uk/leave"
    )


def test_what_the_reader_must_know_is_beside_the_answer() -> None:
    claim = make_claim("Apply 14 days before.")
    answer = make_answer(
        claims=(claim,),
        withheld=(claim,),
        sources=(make_source(updated=None, withdrawn=True, notice="Withdrawn on 1 May 2026."),),
        notices=(AnswerNotice(kind=Notice.WITHDRAWN, text="This page has been withdrawn.", sources=(1,)),),
    )

    shown = show_answer(answer, width=80)

    assert "1 statement was withheld" in shown
    assert "Note: This page has been withdrawn. [1]" in shown
    assert "Board of Lights, no date given\n    Withdrawn on 1 May 2026.\n" in shown


def test_nothing_is_wider_than_the_terminal_but_addresses() -> None:
    answer = make_answer(
        claims=(make_claim(TEXT),),
        sources=(
            make_source(
                headings=("One heading", "and another"),
            ),
        ),
    )

    shown = show_answer(answer, width=30)

    assert all(len(line) <= 30 for line in shown.splitlines() if "https:" not in line)
    assert "    https://www.gov.uk/guidance/leave#apply" in shown


def test_no_text_of_others_can_steer_the_terminal() -> None:
    report = IngestReport(failed=[FileRecord("/g/\x1b[31m\u202egood.pdf", "good.pdf", "", "failed", "is\x07 broken")])
    found = make_source(title="\x1b]0;owned\x07Leave", url="https://www.gov.uk/\x1b[2J")

    shown = show_ingest(report, width=80) + show_answer(make_answer(claims=(make_claim(TEXT),), sources=(found,)), width=80)

    assert not set(shown) & {"\x1b", "\x07", "\u202e"}


def test_passages_are_shown_best_first_with_their_place() -> None:
    fields = make_source(context="Keepers:").model_dump(exclude={"number", "notice", "extent", "recognised", "uploaded"})
    result = SearchResult(question="leave", passages=(FoundPassage(**fields),))

    assert show_search(result, width=80) == (
        "1. Leave > How to apply\n"
        "   Board of Lights, updated 2 March 2026, score 0.5000\n"
        "   https://www.gov.uk/guidance/leave#apply\n"
        "   Keepers:\n"
        f"   {TEXT}"
    )
    assert show_search(SearchResult(question="leave"), width=80) == "No passage was found."


def test_an_ingest_lists_each_failure_and_sums_up_what_was_skipped() -> None:
    def record(name: str, outcome: str, reason: str) -> FileRecord:
        return FileRecord(f"/g/{name}", name, "", outcome, reason)

    report = IngestReport(
        added=1,
        unchanged=1200,
        passages=5000,
        seconds=2.04,
        skipped=[record(f"{number}.md", "skipped", "the file is empty") for number in range(3)],
        failed=[record("bad.pdf", "failed", "is cut short")],
    )

    assert show_ingest(report, width=80) == (
        "1,201 documents read (1 added, 1200 unchanged); the index holds 5,000 passages. 2.0 s.\n"
        "3 files skipped:\n"
        "  3 × the file is empty\n"
        "1 file could not be read:\n"
        "  /g/bad.pdf: is cut short"
    )
    assert "  /g/2.md: the file is empty\n" in show_ingest(report, width=80, verbose=True)


def test_findings_end_with_how_things_stand() -> None:
    sound = Finding("disk", Severity.OK, "Enough.")
    fault = Finding("index", Severity.FAULT, "Broken.", "Mend it.")

    assert show_findings([sound], width=80).endswith("Everything is in order.")
    assert show_findings([sound, fault], width=80) == (
        "ok       disk: Enough.\nfault    index: Broken.\n         Remedy: Mend it.\n\n1 fault."
    )


def test_lines_stay_short_on_wide_terminals() -> None:
    assert [fit_width(columns) for columns in (0, 60, 400)] == [20, 60, 100]


def test_topics_to_choose_from_are_numbered_and_a_number_chooses() -> None:
    choices = tuple(Choice(label=f"{name} leave", question=f"What of {name}?") for name in ("Annual", "Sick \x1b[31m"))
    vague = make_answer(
        status=Status.NEEDS_CLARIFICATION,
        reason=Reason.SEVERAL_TOPICS,
        text="Which?",
        claims=(),
        sources=(),
        choices=choices,
    )

    shown = show_answer(vague, width=60)

    assert "1. Annual leave\n2. Sick" in shown
    assert "\x1b" not in shown
    assert chosen(" 1. ", vague) == "What of Annual?"
    assert chosen("2", vague) == choices[1].question
    for typed in ("0", "3", "1 or 2", "²", "sick leave", ""):
        assert chosen(typed, vague) == typed
    assert chosen("1", None) == chosen("1", make_answer()) == "1"
