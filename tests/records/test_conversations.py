"""Conversations: each user's own, found by their words, cut short, expired and deleted, in both kinds of database."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, event, text, update

from assistant.errors import InputError
from assistant.records import Recorder, Records
from assistant.records.conversations import LONGEST_TITLE
from assistant.records.database import _alembic, make_engine, records_file, writing
from assistant.records.schema import answers
from assistant.search import Filters
from assistant.settings import Settings
from tests.records.conftest import changed
from tests.web.sample_answers import foi, hostile, parking, rules


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty data folder; no model is needed here."""
    (tmp_path / "data").mkdir()
    return Settings(data_dir=tmp_path / "data")


def days_ago(days: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(days=days)


def begun(records: Records, *questions: str, user: str = "ann", days: float = 0) -> str:
    """A conversation with an answer to each question."""
    talk = records.begin(user)
    for question in questions:
        records.add(parking(question), user=user, conversation=talk, given_at=days_ago(days))
    return talk


def test_a_conversation_survives_a_restart_whole_and_in_order(recording: Settings) -> None:
    given = [foi("first"), rules("second"), hostile("third")]
    with Records(recording) as records:
        talk = records.begin("ann")
        ids = [records.add(answer, user="ann", conversation=talk) for answer in given]

    with Records(recording) as records:
        kept = records.conversation("ann", talk)

    assert [exchange.answer for exchange in kept.exchanges] == given
    assert [exchange.id for exchange in kept.exchanges] == ids
    assert len(talk) == 32
    assert kept.title == "first"
    assert kept.begun_at <= kept.changed_at == kept.exchanges[-1].given_at
    assert kept.expires_at == kept.changed_at + dt.timedelta(days=90)


def test_conversations_are_listed_changed_last_first_and_empty_ones_are_not(recording: Settings) -> None:
    with Records(recording) as records:
        old, new = begun(records, "one", "two", days=2), begun(records, "three", days=1)
        records.begin("ann")
        assert [(talk.id, talk.answers) for talk in records.conversations("ann")] == [(new, 1), (old, 2)]
        records.add(parking("again"), user="ann", conversation=old)
        assert [talk.id for talk in records.conversations("ann", limit=1)] == [old]


def test_nothing_of_one_user_can_be_reached_by_another(recording: Settings) -> None:
    with Records(recording) as records:
        talk = begun(records, "mine")
        (exchange,) = records.conversation("ann", talk).exchanges
        for other in ("bob", "", "ANN"):
            assert records.conversations(other) == []
            for reach in (
                lambda: records.conversation(other, talk),  # noqa: B023
                lambda: records.rename(other, talk, "mine now"),  # noqa: B023
                lambda: records.delete_conversation(other, talk),  # noqa: B023
                lambda: records.add_exchange([], user=other, conversation=talk, replacing=exchange.id),  # noqa: B023
                lambda: records.add(parking("more"), user=other, conversation=talk),  # noqa: B023
            ):
                with pytest.raises(InputError, match="no such conversation"):
                    reach()
            with pytest.raises(InputError, match="no such answer"):
                records.answer_of(other, exchange.id)
            with pytest.raises(InputError, match="no such answer"):
                records.give_feedback(other, exchange.id, kinds=["wrong"])
        assert records.conversation("ann", talk).title == "mine"
        assert records.answer_of("ann", exchange.id) == exchange
        assert records.count() == 1


def test_all_words_of_a_search_must_stand_somewhere_in_question_answer_or_title(recording: Settings) -> None:
    with Records(recording) as records:
        talk = records.begin("ann")
        records.add(foi("What about Élan?"), user="ann", conversation=talk)
        records.add(parking("bicycles"), user="ann", conversation=talk)
        begun(records, "something else")
        records.rename("ann", talk, "For the Minister")

        def found(search: str) -> list[str]:
            return [kept.id for kept in records.conversations("ann", search=search)]

        for search in ("élan", "PROMPTLY bicycles", "minister promptly", "20 working", "Cycle"):
            assert found(search) == [talk], search
        for search in ("promptly zebra", "%", "_", "else bicycles", "\x00"):
            assert found(search) == [], search
        assert len(found("  ")) == 2


def test_a_title_is_one_line_and_its_owner_s_or_that_of_the_first_question(recording: Settings) -> None:
    with Records(recording) as records:
        talk = begun(records, "A very long question " + "with many words " * 20)
        (listed,) = records.conversations("ann")
        assert len(listed.title) <= 80
        assert listed.title.endswith(" many…") or listed.title.endswith(" words…") or listed.title.endswith(" with…")
        records.rename("ann", talk, " Two\nlines \u202e\x1b and <b> ")
        assert records.conversation("ann", talk).title == "Two lines and <b>"
        assert [kept.title for kept in records.conversations("ann")] == ["Two lines and <b>"]
        for bad, told in ((" \n", "at least one"), ("x" * (LONGEST_TITLE + 1), "201 characters")):
            with pytest.raises(InputError, match=told):
                records.rename("ann", talk, bad)


def test_what_is_edited_and_asked_again_leaves_the_conversation_and_its_pack_stays(recording: Settings) -> None:
    with Records(recording) as records:
        talk = begun(records, "one", "two", "three")
        first, second, third = records.conversation("ann", talk).exchanges
        records.add_exchange([parking("two, better")], user="ann", conversation=talk, replacing=second.id)
        kept = records.conversation("ann", talk)

        assert [exchange.answer.question for exchange in kept.exchanges] == ["one", "two, better"]
        assert records.pack(third.id).question == "three"
        assert [found.answers for found in records.conversations("ann")] == [2]
        assert records.conversations("ann", search="three") == []
        with pytest.raises(InputError, match="no longer in the conversation"):
            records.add_exchange([foi("two")], user="ann", conversation=talk, replacing=second.id)
        records.add_exchange([rules("one"), foi("one")], user="ann", conversation=talk, replacing=first.id)
        assert [one.answer for one in records.conversation("ann", talk).exchanges] == [rules("one"), foi("one")]
        records.delete_conversation("ann", talk)
        assert records.count() == 0, "what was replaced goes with its conversation"


@pytest.mark.parametrize("at", ["INSERT INTO answers", "COMMIT"])
def test_a_crash_while_an_answer_is_replaced_leaves_the_old_ones(recording: Settings, at: str) -> None:
    with Records(recording) as records:
        talk = begun(records, "one", "two", "three")
        second = records.conversation("ann", talk).exchanges[1].id
    url = recording.records.url.get_secret_value()
    command = [sys.executable, "-c", _KILLED, str(recording.data_dir), url, talk, second, at]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr

    with Records(recording) as records:
        assert [one.answer.question for one in records.conversation("ann", talk).exchanges] == ["one", "two", "three"]
        records.add_exchange([parking("two, better")], user="ann", conversation=talk, replacing=second)
        assert [one.answer.question for one in records.conversation("ann", talk).exchanges] == ["one", "two, better"]


_KILLED = """
import os, signal, sys
from sqlalchemy import event
from assistant.records import Records
from assistant.settings import RecordsSettings, Settings
from assistant.web.conversation import Exchange
from assistant.web.keeping import Session, kept
from tests.web.sample_answers import parking, rules

folder, url, talk, second, at = sys.argv[1:]
records = Records(Settings(data_dir=folder, records=RecordsSettings(url=url)))

def die(*given):
    if at == "COMMIT" or given[2].startswith(at):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(records._engine, "commit" if at == "COMMIT" else "before_cursor_execute", die)
before = parking("one")
session = Session((Exchange(before), Exchange(rules("two, better"), beside=parking("two, better"))), talk)
kept(records, "ann", session, replacing=second)
"""


def test_a_conversation_expires_as_a_whole_after_its_last_change(recording: Settings) -> None:
    with Records(changed(recording, days=0)) as records:
        alive = records.begin("ann")
        for days in (200, 1):
            records.add(parking(f"{days} days"), user="ann", conversation=alive, given_at=days_ago(days))
        old = begun(records, "gone", days=91)
        records.add(parking("alone"), given_at=days_ago(91))
        assert records.conversation("ann", alive).expires_at is None
    with Records(recording) as records:
        assert len(records.conversation("ann", alive).exchanges) == 2
        with pytest.raises(InputError):
            records.conversation("ann", old)
        assert records.count() == 2
        assert records.purge(now=dt.datetime.now(dt.UTC) + dt.timedelta(days=90)) == 2
        assert records.conversations("ann") == []


@pytest.mark.parametrize("how", ["conversation", "answers", "all"])
def test_deleting_leaves_no_word_behind(how: str, settings: Settings) -> None:
    with Records(settings) as records:
        talk = begun(records, "xylophone one", "xylophone two")
        records.rename("ann", talk, "xylophones")
        exchanges = records.conversation("ann", talk).exchanges
        records.give_feedback("ann", exchanges[0].id, kinds=["wrong"], text="xylophone!")
        assert any(b"xylophone" in file.read_bytes() for file in records_file(settings).parent.iterdir())
        if how == "conversation":
            records.delete_conversation("ann", talk)
        elif how == "answers":
            records.delete([exchange.id for exchange in exchanges])
        else:
            records.delete_all()
        left = [file.name for file in records_file(settings).parent.iterdir() if b"xylophone" in file.read_bytes()]

    assert left == []


def test_answers_that_come_at_once_each_get_a_place_of_their_own(recording: Settings) -> None:
    with Records(recording) as records, ThreadPoolExecutor(4) as threads:
        talk = records.begin("ann")
        list(threads.map(lambda n: records.add(parking(f"q{n}"), user="ann", conversation=talk), range(20)))
        engine = make_engine(recording)
        with engine.connect() as connection:
            places = list(connection.execute(answers.select().with_only_columns(answers.c.position)).scalars())
        engine.dispose()
        assert sorted(places) == list(range(1, 21))
        assert len(records.conversation("ann", talk).exchanges) == 20


def test_an_answer_of_another_form_costs_no_conversation(recording: Settings) -> None:
    with Records(recording) as records:
        talk = begun(records, "one", "two")
        engine = make_engine(recording)
        with writing(engine) as connection:
            changed_answer = update(answers).where(answers.c.question == "one").values(answer={"text": "As it was."})
            connection.execute(changed_answer)
        engine.dispose()
        first, second = records.conversation("ann", talk).exchanges

    assert (first.answer.question, second.answer) == ("one", parking("two"))
    assert "Another version" in first.answer.text
    assert first.answer.text.endswith("As it was.")


def test_the_recorder_puts_an_answer_where_it_belongs(recording: Settings) -> None:
    filters = Filters(organisations=("Fog Office",))
    with Recorder(recording) as recorder:
        talk = recorder.records().begin("ann")
        record = recorder.keep(foi("freedom"), user="ann", conversation=talk, filters=filters)
        kept = recorder.records().conversation("ann", talk)
        recorder.records().delete_conversation("ann", talk)
        assert recorder.keep(foi("too late"), user="ann", conversation=talk) == ""
        assert recorder.keep(foi("and on"), user="ann"), "what was deleted stops nothing else"

    assert [(exchange.id, exchange.answer.filters) for exchange in kept.exchanges] == [(record, filters)]


def test_records_of_the_first_version_are_brought_up_to_date_and_lose_nothing(recording: Settings) -> None:
    with Records(recording) as records:
        ids = [records.add(foi("old"), given_at=days_ago(3)) for _ in range(3)]
        before = records.quotations()
    engine = make_engine(recording)
    as_it_was(engine)
    with Records(recording) as records:
        assert [pack.id for pack in records.packs()] == ids
        assert records.quotations() == before
        assert records.answer_of("", ids[0]).answer == foi("old")
        begun(records, "new")
        assert len(records.conversations("ann")) == 1
    engine.dispose()


def as_it_was(engine: Engine) -> None:
    """Undo the second migration by hand, as far as the first version can tell."""
    with writing(engine) as connection:
        for table in ("feedback", "users"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DROP INDEX ix_answers_conversation_id"))
        for column in ("conversation_id", "user_name", "position", "replaced_at", "words"):
            connection.execute(text(f"ALTER TABLE answers DROP COLUMN {column}"))
        connection.execute(text("DROP TABLE conversations"))
        command.stamp(_alembic(connection), "0001")


def test_reading_conversations_asks_the_database_once_however_many_there_are(recording: Settings) -> None:
    asked: list[str] = []
    with Records(recording) as records:
        for number in range(12):
            begun(records, f"question {number}", "and another")
        event.listen(records._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert len(records.conversations("ann")) == 12

    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1


def test_a_user_s_name_may_hold_any_character(recording: Settings) -> None:
    make: Callable[[str], str] = lambda name: f"{name} \N{OWL}'; DROP TABLE answers; --\x00"  # noqa: E731
    with Records(recording) as records:
        talk = begun(records, "mine", user=make("ann"))
        assert records.conversation(make("ann"), talk).exchanges
        assert [kept.id for kept in records.conversations(make("ann"))] == [talk]
