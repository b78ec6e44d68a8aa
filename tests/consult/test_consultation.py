"""A consultation as a whole: kept, private, resumed where it stopped, and refused where it cannot be."""

from __future__ import annotations

import stat

import pytest

from assistant.consult import Consultation, Position, names, path_of, remove
from assistant.consult import vectors as module
from assistant.errors import InputError
from assistant.settings import Settings
from tests.consult.conftest import Write, bus_rows


def test_what_was_decided_is_there_when_it_is_opened_again(buses: Consultation, settings: Settings) -> None:
    question = buses.question()
    question.form_themes(number=3)
    question.rename("Ann", "T1", "Cost of travel")
    buses.close()

    with Consultation.open("buses", settings) as again:
        assert again.question().standing.themes["T1"].title == "Cost of travel"
        assert again.file == "responses.csv"
    assert names(settings) == ["buses"]


def test_only_the_owner_can_read_the_responses(buses: Consultation, settings: Settings) -> None:
    assert stat.S_IMODE(path_of(buses.name, settings).stat().st_mode) == 0o600


def test_a_run_that_was_stopped_goes_on_and_ends_as_one_that_was_not(
    settings: Settings, write_csv: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHUNK", 4)
    file = write_csv(bus_rows())
    with Consultation.new("whole", file, settings) as whole:
        expected = whole.question().form_themes(number=3)

    def stop(what: str, done: int, total: int) -> None:
        if done >= 8:
            raise KeyboardInterrupt

    with Consultation.new("stopped", file, settings) as stopped, pytest.raises(KeyboardInterrupt):
        stopped.question().form_themes(number=3, progress=stop)
    told: list[int] = []
    with Consultation.open("stopped", settings) as again:
        found = again.question().form_themes(number=3, progress=lambda what, done, total: told.append(done))

    assert told[0] == 8
    assert [theme.title for theme in found] == [theme.title for theme in expected]


def test_a_name_that_is_taken_or_no_name_is_refused_and_nothing_is_left_behind(
    buses: Consultation, settings: Settings, write_csv: Write
) -> None:
    with pytest.raises(InputError, match="already"):
        Consultation.new("buses", write_csv(bus_rows(), "again.csv"), settings)
    with pytest.raises(InputError, match="cannot be a name"):
        Consultation.new("../etc", write_csv(bus_rows(), "again.csv"), settings)
    with pytest.raises(InputError, match="too long for a file"):
        Consultation.open("\U00020000" * 80, settings)
    with pytest.raises(InputError, match="There are: buses"):
        Consultation.open("trains", settings)
    assert buses.question().answers.responses


def test_deleting_leaves_nothing_of_what_a_killed_program_was_writing(buses: Consultation, settings: Settings) -> None:
    path = path_of("buses", settings)
    buses.close()
    journal = path.with_name(path.name + "-journal")
    journal.write_bytes(b"The fares are far too high")

    remove("buses", settings)
    assert list(path.parent.iterdir()) == []


def test_positions_come_from_the_closed_question_that_belongs_to_the_open_one(settings: Settings, write_csv: Write) -> None:
    reasons = [row[2] for row in bus_rows()[1:13]]
    rows = [["ID", "Are you a member?", "Do you agree with A?", "Why A?", "Do you agree with B?", "Why B?"]]
    rows += [[str(at), "Yes", "Strongly disagree", text, "Agree", text] for at, text in enumerate(reasons)]

    with Consultation.new("two", write_csv(rows), settings) as two:
        asked = [two.question(number).agreement_asked for number in (1, 2)]
        stands = [set(two.question(number).positions().values()) for number in (1, 2)]
    assert asked == ["Do you agree with A?", "Do you agree with B?"]
    assert stands == [{Position.DISAGREE}, {Position.AGREE}]


def test_a_damaged_file_is_said_to_be_one(settings: Settings) -> None:
    path = path_of("broken", settings)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all" * 100)

    with pytest.raises(InputError, match="damaged"):
        Consultation.open("broken", settings)


def test_a_question_without_answers_says_so(settings: Settings, write_csv: Write) -> None:
    rows = [["ID", "Why?"], ["1", "n/a"], ["2", "no comment"]]
    from assistant.consult import ColumnKind

    with (
        Consultation.new("empty", write_csv(rows), settings, said={"Why?": ColumnKind.OPEN}) as empty,
        pytest.raises(InputError, match="No response can be analysed"),
    ):
        empty.question().form_themes()
