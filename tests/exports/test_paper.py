"""The paper: every claim with its verdict and its quotes, every notice, and what was left out or not answered."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.answer import Answer, Status
from assistant.answer.notices import OWN_NOTE
from assistant.exports.model import Marking
from assistant.exports.paper import BY_MODEL, BY_QUOTATION, STATUSES, Items, Paper, Rows, Statement, statements, write_paper
from tests.exports.given import NOW, Given
from tests.web.sample_answers import FIRST, FOI_TEXT, LEAD_IN, OLD_TEXT, answer, cite, claim, foi, parking, rules, source


def paper(*answers: Answer, marking: Marking = Marking.NONE, title: str = "Paper") -> Paper:
    return write_paper([Given(one) for one in answers], title, marking=marking, made_at=NOW)


def test_each_footnote_says_what_is_quoted_from_where_and_how_old_it_is() -> None:
    first, second, _, last = paper(foi("freedom")).footnotes

    assert (first.number, first.quote) == (1, FIRST)
    assert (first.title, first.organisation) == ("Answering a freedom of information request", "Cabinet Office")
    assert first.address == "https://www.gov.uk/guidance/foi#time-limits"
    assert (first.dated, first.retrieved) == ("Updated 3 April 2024", "Retrieved 25 November 2026")
    assert second.quote == f"{LEAD_IN} … clarify what they want"
    assert (last.quote, last.dated) == (OLD_TEXT, "No date on the page")
    assert last.remark.startswith("This guidance was withdrawn on 1 January 2005")


def test_the_retrieved_date_is_that_of_the_answer_and_not_of_the_paper() -> None:
    old = Given(foi("freedom"), given_at=NOW - dt.timedelta(days=30))
    written = write_paper([old], "Paper", marking=Marking.NONE, made_at=NOW)

    assert {note.retrieved for note in written.footnotes} == {"Retrieved 26 October 2026"}
    assert "25 November 2026" in written.foot


def test_lists_stand_under_their_lead_in_and_rows_under_their_headings() -> None:
    listed, rows = paper(foi("freedom")).sections[0].parts[1], paper(rules("grade")).sections[0].parts[0]

    assert isinstance(listed, Items)
    assert (listed.lead_in, [one.text for one in listed.statements]) == (
        LEAD_IN,
        ["clarify what they want", "pay a fee you have asked for"],
    )
    assert isinstance(rows, Rows)
    assert rows.headings == ("Grade or equivalent", "Rules apply for", "Who considers an application")
    assert [row for row, _ in rows.rows] == [
        ("Grade 6 and below", "1 year", "Your former department"),
        ("SCS1 and SCS2", "2 years", "Your former department"),
    ]


def test_footnotes_count_on_from_answer_to_answer() -> None:
    written = paper(foi("freedom"), rules("grade"), foi("again"))

    assert [note.number for note in written.footnotes] == list(range(1, 13))


def test_each_statement_has_the_word_of_its_verdict_and_what_occurs_is_explained() -> None:
    written = paper(rules("grade"))

    words = [one.verdict for one in statements(written.sections[0])]
    assert words == ["Quoted", "Quoted", "Supported", "Partly supported"]
    assert [word for word, _ in written.meanings] == ["Quoted", "Supported", "Partly supported"]
    assert [word for word, _ in paper(foi("freedom")).meanings] == ["Quoted"]
    assert [(one.text, one.verdict) for one in written.sections[0].left_out] == [("Ministers decide.", "Unsupported")]


def test_a_notice_about_a_source_names_its_footnotes() -> None:
    notices = paper(foi("first"), foi("freedom")).sections[1].notices

    assert notices[0] == "Source 2 is not current guidance. It was withdrawn on 1 January 2005. (footnote 8)"


@pytest.mark.parametrize("status", [status for status in Status if "answered" not in status])
def test_what_is_not_answered_says_so(status: Status) -> None:
    (section,) = paper(answer("Why?", status, text="One.\n\nTwo.")).sections

    assert section.status.startswith("Not answered")
    assert section.status.startswith(STATUSES[status])
    assert section.reply == ("One.", "Two.")
    assert section.parts == ()


def test_pages_that_may_help_are_linked_only_where_they_are_on_the_web() -> None:
    (section,) = paper(parking("parking")).sections

    assert [(page.title, page.address) for page in section.nearest] == [
        ("Travel", "https://www.gov.uk/guidance/travel"),
        ("Local notes", ""),
    ]


def test_the_foot_says_whether_a_model_wrote_any_of_it() -> None:
    written = rules("grade").model_copy(update={"model": "openai:sample"})

    assert paper(foi("freedom")).foot.startswith(f"{BY_QUOTATION} · 25 November 2026 · Bernard ")
    assert paper(foi("freedom"), written).foot.startswith(BY_MODEL)
    assert "openai:sample" in paper(written).sections[0].origin
    assert "20261125-093000-0a0b0c0d" in paper(written).sections[0].origin


def test_a_question_that_is_the_title_is_not_said_twice() -> None:
    assert paper(foi("freedom"), title="freedom").sections[0].question == ""
    assert paper(foi("freedom"), title="Freedom of information").sections[0].question == "freedom"


def test_a_file_s_name_stands_for_an_address_and_its_folder_is_told_to_nobody() -> None:
    note = paper(rules("grade")).footnotes[0]

    assert (note.address, note.place) == ("", "Business rules.docx")


def test_a_summary_of_bernard_s_own_is_marked_as_one() -> None:
    own = source(1, FOI_TEXT, document_type=OWN_NOTE)
    given = answer("freedom", claims=(claim(FIRST, cite(1, FOI_TEXT, FIRST)),), sources=(own,))
    written = paper(given)

    (one,) = statements(written.sections[0])
    assert isinstance(one, Statement)
    assert one.footnotes[0].title == "Bernard's summary: Answering a freedom of information request"
    assert one.footnotes[0].organisation == ""
    assert "official page" in one.footnotes[0].remark
    assert written.sections[0].status == "What Bernard's summaries say"
    assert paper(foi("freedom")).sections[0].status == "What the guidance says"
    assert one.footnotes[0].dated == "As at 3 April 2024"
