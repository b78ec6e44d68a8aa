"""What a PDF says about itself."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.documents.pdf_facts import dates_in, running_title, title, updated


@pytest.mark.parametrize(
    ("stated", "opening", "expected"),
    [
        ("Harbour handbook chapter 4 fog signals", "Fog signals", "Harbour handbook chapter 4 fog signals"),
        ("2906121 Harbour Handbook Chapter 4 v2_0", "Fog signals", "Fog signals (Harbour Handbook Chapter 4)"),
        ("fog_signals_FINAL.docx", "Fog signals", "Fog signals"),
        ("untitled", "", "Harbour rules"),
        ("", "", "Harbour rules"),
    ],
)
def test_a_title_names_the_subject_and_no_job_number(stated: str, opening: str, expected: str) -> None:
    assert title(stated, opening, "harbour-rules.pdf") == expected


def test_a_running_header_that_says_more_than_the_heading_is_preferred() -> None:
    running = ["Chapter 4: Fog signals", "12 March 2024", "Chapter 4: Fog signals"]

    assert running_title("Fog signals", running) == "Chapter 4: Fog signals"
    assert running_title("", running) == ""


def test_the_printed_date_goes_before_the_date_of_the_file() -> None:
    assert updated(["12 March 2024"], "D:20250101000000Z") == dt.date(2024, 3, 12)
    assert updated(["Fog signals"], "", "D:20250102000000Z") == dt.date(2025, 1, 2)
    assert updated([], "yesterday") is None


def test_a_month_alone_is_its_first_day_and_an_impossible_day_is_no_date() -> None:
    assert dates_in("August 2024") == [dt.date(2024, 8, 1)]
    assert dates_in("31 February 2024") == []
