"""Short forms of officials are written out where nothing is found for them as they were typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import Notice, Status
from assistant.answer.acronyms import in_full
from assistant.settings import Settings
from tests.answer.test_conflicts import asked

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("How long for an FOI request?", "How long for a freedom of information request?"),
        ("Is a AO or an SRO asked?", "Is an accounting officer or a senior responsible owner asked?"),
        ("Two SARs, one DSAR", "Two subject access requests, one subject access request"),
        ("Is a bar open in Parliament?", "Is a bar open in Parliament?"),
        ("The FOI-team, FOIs and SARAH", "The FOI-team, FOIs and SARAH"),
    ],
)
def test_only_short_forms_as_they_are_written_are_put_in_full(typed: str, written: str) -> None:
    assert in_full(typed) == written


def test_a_question_is_asked_in_full_where_its_short_form_finds_nothing_and_the_reader_is_told(
    settings: Settings, tmp_path: Path
) -> None:
    notes = {path.name: path.read_text("utf-8") for path in sorted(CORPUS.glob("f*.md"))}
    with asked(settings, tmp_path / "notes", notes) as assistant:
        answer = assistant.ask("How long do we have to answer an FOI request?")

    assert answer.status is Status.ANSWERED
    told = [one.text for one in answer.notices if one.kind is Notice.REWRITTEN]
    assert told == ["Short forms were written out: “How long do we have to answer a freedom of information request?”"]
    assert answer.claims[0].text.startswith("Reply promptly, and no later than the 20th working day")
