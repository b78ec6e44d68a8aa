"""Slips of typing are put right towards words that the guidance has; everything else stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import Notice, Status
from assistant.answer.spelling import corrected
from assistant.settings import Settings
from tests.answer.test_conflicts import OTHERS, asked, note

GUIDANCE = frozenset("how long must the harbour information request freedom limit be answered deadline buoy".split())


def known(word: str) -> bool:
    return word in GUIDANCE


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("limt for a freedm of infomation requst", "limit for a freedom of information request"),
        ("INFOMATION", "INFORMATION"),
        ("Infomation is held", "Information is held"),
        ("deadlien", "deadline"),
    ],
)
def test_a_slip_is_put_right(typed: str, meant: str) -> None:
    assert corrected(typed, known) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "information on the harbour",
        "a canoe on the river",  # English, though the guidance has no such word
        "ask Mr Limt",  # a name
        "form DS1500 or infomation@harbour.gov.uk",
        "xqzvbnm",  # near nothing
        "lim",
        "how long? <img src=x onerror=deadlien(2) harbou>",
        "<infomation>limt</infomation>",
        "limt=5 and deadlien>3 or @infomation",
        "how long does `deadlien limt` take",
    ],
)
def test_what_may_be_meant_stays(typed: str) -> None:
    assert corrected(typed, known) == typed


def test_nothing_becomes_a_word_that_the_guidance_lacks() -> None:
    assert corrected("freedm", lambda word: False) == "freedm"


def test_the_reader_sees_what_was_put_right(settings: Settings, tmp_path: Path) -> None:
    petition = note("Petitions", "petition", "Answer a petition within 30 working days of its receipt.")
    with asked(settings, tmp_path / "notes", {"petition.md": petition, **OTHERS}) as assistant:
        answer = assistant.ask("how many workng days to anser a petiton?")
    assert answer.standalone_question == "how many working days to answer a petition?"
    assert [notice.text for notice in answer.notices if notice.kind is Notice.REWRITTEN] == [
        "Slips of typing were put right: “how many working days to answer a petition?”"
    ]
    assert answer.question == "how many workng days to anser a petiton?"
    assert answer.status is Status.ANSWERED
