"""Which answers no longer hold, asked of a real index whose guidance changes under them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer, Assistant, Finished, Status
from assistant.errors import IndexMissing
from assistant.index import ingest, remove
from assistant.records import Affected, Kind, Records, check
from assistant.settings import Settings
from tests.answer.own import held
from tests.conftest import SMALL_GUIDANCE, write_files

LEAVE, FOG = "lighthouse-leave.md", "fog-signals.md"
QUESTIONS = {
    LEAVE: "How many days of paid leave do lighthouse keepers have?",
    FOG: "How long must the fog log be kept?",
}
ITEMS = "What must I tell the harbour master?"


class Office:
    """A folder of guidance, its index, and the records of what was asked of it."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.folder = write_files(folder, SMALL_GUIDANCE)
        self.records = Records(settings)
        ingest([self.folder], settings)

    def ask(self, question: str) -> Answer:
        with Assistant.open(self.settings) as bernard:
            answer = bernard.ask(question)
        assert answer.status is Status.ANSWERED, question
        self.records.add(answer)
        return answer

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def check(self) -> list[Affected]:
        ingest([self.folder], self.settings)
        return check(self.records, self.settings)


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Iterator[Office]:
    office = Office(settings, tmp_path / "guidance")
    yield office
    office.records.close()


@pytest.fixture
def asked(office: Office) -> Office:
    """An office in which one question was asked of each of two pages, each answered from its page alone."""
    for name, question in QUESTIONS.items():
        answer = office.ask(question)
        assert {source.title for source in answer.sources} == {title_of(name)}
    return office


def title_of(name: str) -> str:
    return SMALL_GUIDANCE[name].split('title: "')[1].split('"')[0]


def affected(office: Office) -> dict[str, set[Kind]]:
    return {entry.answer.question: {change.kind for change in entry.changes} for entry in office.check()}


def test_what_did_not_change_holds(asked: Office) -> None:
    assert asked.check() == []


def test_an_answer_whose_words_changed_is_named_with_what_the_page_says_now(asked: Office) -> None:
    asked.edit(LEAVE, "31 days of paid leave", "28 days of paid leave")

    (entry,) = asked.check()

    change = next(change for change in entry.changes if "31 days" in change.quote)
    assert entry.answer.question == QUESTIONS[LEAVE]
    assert change.kind is Kind.CHANGED
    assert change.now == "Lighthouse keepers have 28 days of paid leave in each leave year."
    assert change.url.startswith("https://www.gov.uk/guidance/lighthouse-leave")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("## How to apply", "A new opening paragraph.\n\nAnd one more.\n\n## How to apply"),
        ("# How to apply {#how-to-apply}", "# How you apply {#apply}"),
        ('updated: "2026-03-02"', 'updated: "2026-11-20"'),
        ("Apply to the harbour master at least 14 days", "Apply to the harbour master at least 30 days"),
    ],
)
def test_a_page_that_changed_elsewhere_still_says_what_was_quoted(old: str, new: str, asked: Office) -> None:
    asked.edit(LEAVE, old, new)

    assert affected(asked) == {}


def test_words_that_moved_within_the_page_hold(asked: Office) -> None:
    sentence = "Lighthouse keepers have 31 days of paid leave in each leave year.\n"
    asked.edit(LEAVE, sentence, "Other matters come first.\n")
    asked.edit(LEAVE, "## Carrying leave over", f"## How much\n\n{sentence}\n## Carrying leave over")

    assert affected(asked) == {}


def test_a_sentence_that_got_an_exception_does_not_hold(asked: Office) -> None:
    asked.edit(FOG, "Keep the fog log for 7 years.", "Keep the fog log for 7 years, or 12 for a ferry.")

    assert affected(asked) == {QUESTIONS[FOG]: {Kind.CHANGED}}


def test_a_list_that_got_another_lead_in_does_not_hold(office: Office) -> None:
    answer = office.ask(ITEMS)
    assert any("who will keep the light" in claim.text for claim in answer.claims)
    office.edit(LEAVE, "You must tell the harbour master:", "You need not tell the harbour master:")

    changes = {change.quote: change.now for entry in office.check() for change in entry.changes}

    lead_in = "You must tell the harbour master:"
    assert changes[lead_in] == "You need not tell the harbour master:"
    assert changes[f"{lead_in}\nwho will keep the light"] == "You need not tell the harbour master:\nwho will keep the light"


def test_a_page_that_is_gone_is_named_and_the_other_is_not(asked: Office) -> None:
    (asked.folder / LEAVE).unlink()

    assert affected(asked) == {QUESTIONS[LEAVE]: {Kind.DISAPPEARED}}


def test_a_page_taken_out_of_the_index_is_named(asked: Office) -> None:
    remove([str(asked.folder / LEAVE)], asked.settings)

    assert [entry.answer.question for entry in check(asked.records, asked.settings)] == [QUESTIONS[LEAVE]]


@pytest.mark.parametrize("withdrawn_before", [False, True])
def test_a_page_withdrawn_since_is_named_with_its_notice(withdrawn_before: bool, office: Office) -> None:
    def withdraw() -> None:
        office.edit(LEAVE, "---\n\nLight", 'withdrawn: true\nnotice: "Withdrawn on 1 May: see the sea code."\n---\n\nLight')

    if withdrawn_before:
        withdraw()
        ingest([office.folder], office.settings)
    office.ask(QUESTIONS[LEAVE])
    if not withdrawn_before:
        withdraw()

    found = [change for entry in office.check() for change in entry.changes]

    assert {change.kind for change in found} == (set() if withdrawn_before else {Kind.WITHDRAWN})
    assert all(change.notice == "Withdrawn on 1 May: see the sea code." for change in found)


def test_a_folder_that_moved_costs_nothing(asked: Office, tmp_path: Path) -> None:
    shutil.move(asked.folder, tmp_path / "elsewhere")
    ingest([tmp_path / "elsewhere"], asked.settings)
    remove([str(asked.folder)], asked.settings)

    assert check(asked.records, asked.settings) == []


@pytest.mark.parametrize(("text", "holds"), [("31 days", True), ("30 days", False)])
def test_a_page_that_moved_to_another_address_holds_if_it_says_the_same(text: str, holds: bool, asked: Office) -> None:
    moved = SMALL_GUIDANCE[LEAVE].replace("guidance/lighthouse-leave", "guidance/keepers/leave").replace("31 days", text)
    write_files(asked.folder, {"keepers/leave.md": moved})
    (asked.folder / LEAVE).unlink()

    assert affected(asked) == ({} if holds else {QUESTIONS[LEAVE]: {Kind.DISAPPEARED}})


def test_without_an_index_there_is_nothing_to_compare_with(asked: Office) -> None:
    shutil.rmtree(asked.settings.index_dir)

    with pytest.raises(IndexMissing):
        check(asked.records, asked.settings)


def test_a_thousand_answers_are_checked_in_seconds(office: Office) -> None:
    answer = office.ask(QUESTIONS[LEAVE])
    for _ in range(1000):
        office.records.add(answer)
    office.edit(LEAVE, "31 days", "28 days")
    ingest([office.folder], office.settings)

    started = time.perf_counter()
    assert len(check(office.records, office.settings)) == 1001
    assert time.perf_counter() - started < 5


def test_documents_of_ones_own_are_no_guidance_that_could_change(office: Office) -> None:
    with Assistant.open(office.settings) as bernard:
        own = held({"island.md": "# Island\n\nRopes are coiled at dusk by the mate on watch.\n"}, bernard.index)
        *_, last = bernard.ask_events("When are ropes coiled by the mate?", own=own)
        assert isinstance(last, Finished)
        assert [source.uploaded for source in last.answer.sources] == [True]
        office.records.add(last.answer)
    assert office.check() == []
