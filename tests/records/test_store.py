"""The records: what goes in comes out, in SQLite and in PostgreSQL, whoever else writes at the same time."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, text, update

from assistant.answer import Answer
from assistant.errors import InputError, RecordsUnusable
from assistant.records import Records, State, are_there, describe, look_over
from assistant.records.database import _TURN, VERSION_TABLE, _alembic, make_engine, open_database, records_file, writing
from assistant.records.schema import REVISION, answers, metadata, quotations, sources
from assistant.settings import Settings
from tests.records.conftest import PASSWORD, changed
from tests.web.sample_answers import FIRST, FOI_TEXT, LEAD_IN, OLD_TEXT, foi, hostile, parking, rules

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty data folder; no model is needed here."""
    (tmp_path / "data").mkdir()
    return Settings(data_dir=tmp_path / "data")


def days_ago(days: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(days=days)


@pytest.mark.parametrize("make", [foi, rules, hostile, parking])
def test_an_answer_comes_back_as_it_was_given(make: Callable[[str], Answer], recording: Settings) -> None:
    given = make("How long do we have?").model_copy(
        update={"id": "q1", "index_digest": "ab" * 32, "timings_ms": {"total": 3.25}}
    )

    with Records(recording) as records:
        record = records.add(given, given_at=NOW)
    with Records(changed(recording, days=0)) as records:
        pack = records.pack(record)

    assert pack.as_answer() == given
    assert (pack.given_at, pack.question_id, pack.question) == (NOW, "q1", "How long do we have?")
    assert (pack.status, pack.model, pack.prompt_version) == (str(given.status), "quotation", "")
    assert [(cited.number, cited.rank, cited.score, cited.url) for cited in pack.passages] == [
        (source.number, source.rank, source.score, source.url) for source in given.sources
    ]
    assert [cited.text_sha256 for cited in pack.passages] == [
        hashlib.sha256(source.text.encode()).hexdigest() for source in given.sources
    ]
    told = json.loads(json.dumps(pack.as_json()))
    assert told["given_at"] == "2026-03-02T09:30:00Z"
    assert [entry["shown"] for entry in told["verdicts"]] == [True] * len(given.claims) + [False] * len(given.withheld)
    assert (told["timings_ms"], told["answer"]["text"]) == ({"total": 3.25}, given.text)


def test_an_answer_rests_on_each_thing_quoted_once_under_its_lead_in(recording: Settings) -> None:
    with Records(recording) as records:
        records.add(foi("freedom"))
        rested = [(found.source.number, found.quote, found.introduced_by) for found in records.quotations()]

    assert rested == [
        (1, FIRST, ""),
        (1, LEAD_IN, ""),
        (1, "clarify what they want", LEAD_IN),
        (1, "pay a fee you have asked for", LEAD_IN),
        (2, OLD_TEXT, ""),
    ]
    assert all(quote in FOI_TEXT + OLD_TEXT for _, quote, _ in rested)


def test_what_is_withheld_is_nothing_that_an_answer_rests_on(recording: Settings) -> None:
    with Records(recording) as records:
        records.add(parking("parking"))
        assert records.quotations() == []
        given = rules("grade")
        records.add(given)
        rested = {(found.quote, found.introduced_by) for found in records.quotations()}
        assert len(given.withheld) == 1
        records.add(given.model_copy(update={"withheld": ()}))
        assert {(found.quote, found.introduced_by) for found in records.quotations()} == rested


def test_a_question_with_any_character_can_be_recorded(recording: Settings) -> None:
    question = "nul \x00, emoji \N{OWL}, '; DROP TABLE answers; --, \u202e and a tab\t"

    with Records(recording) as records:
        pack = records.pack(records.add(parking(question)))

    assert pack.question == question.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    assert pack.as_answer() == parking(question)


def test_answers_are_listed_newest_first_and_found_by_the_beginning_of_their_id(recording: Settings) -> None:
    with Records(recording) as records:
        ids = [records.add(parking(f"question {number}"), given_at=days_ago(3 - number)) for number in range(3)]

        assert [listed.id for listed in records.listed(limit=2)] == [ids[2], ids[1]]
        assert records.pack(ids[0][:-2]).question == "question 0"
        assert [pack.id for pack in records.packs()] == ids
        with pytest.raises(InputError, match="More than one answer"):
            records.pack(ids[0][:2])
        for nothing in ("", "%", "no such"):
            with pytest.raises(InputError, match="No answer in the records"):
                records.pack(nothing)


def test_what_is_deleted_goes_with_all_that_belongs_to_it(recording: Settings) -> None:
    with Records(recording) as records:
        kept, gone = records.add(foi("kept")), records.add(foi("gone"))
        assert records.delete([gone, gone]) == 1
        with pytest.raises(InputError, match="nothing was deleted"):
            records.delete([kept, "no such"])
        with pytest.raises(InputError, match="nothing was deleted"):
            records.delete([kept[:-1]])
        assert [listed.id for listed in records.listed(limit=9)] == [kept]
        assert len(records.quotations()) == 5
        assert records.delete_all() == 1
    assert {count_rows(recording, table.name) for table in (answers, sources, quotations)} == {0}


def test_old_answers_go_when_the_records_are_opened(recording: Settings) -> None:
    with Records(recording) as records:
        for days in (0, 89.9, 90.1, 400):
            records.add(foi(f"{days} days"), given_at=days_ago(days))

    with Records(changed(recording, days=0)) as records:
        assert records.count() == 4
    with Records(recording) as records:
        assert [listed.question for listed in records.listed(limit=9)] == ["0 days", "89.9 days"]
    assert count_rows(recording, "sources") == 4


def test_many_threads_and_processes_record_at_once_and_the_tables_are_made_once(recording: Settings) -> None:
    code = (
        "import sys; from assistant.settings import load_settings; from assistant.records import Records;"
        "from tests.web.sample_answers import foi\n"
        "with Records(load_settings()) as records:\n"
        "    print(len([records.add(foi('freedom')) for _ in range(20)]))"
    )
    environment = {
        **os.environ,
        "BERNARD_DATA_DIR": str(recording.data_dir),
        "BERNARD_RECORDS__URL": recording.records.url.get_secret_value(),
    }
    command = [sys.executable, "-c", code]
    started = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    with Records(recording) as records, ThreadPoolExecutor(4) as threads:
        ids = list(threads.map(lambda _: records.add(foi("freedom")), range(40)))
    ended = [process.communicate(timeout=60) for process in started]

    assert [told for told, _ in ended] == ["20\n"] * 3, ended
    assert len(set(ids)) == 40
    assert count_rows(recording, "answers") == 100
    assert count_rows(recording, VERSION_TABLE) == 1


def test_the_migrations_make_the_tables_of_the_schema(recording: Settings) -> None:
    engine = open_database(recording)
    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        # In SQLite a key that came with a column shows its rule to the database alone, see `rules_of`.
        assert [entry for entry in found if "fk" not in entry[0]] == []
        assert found == [] or engine.dialect.name == "sqlite"
        for table in metadata.tables.values():
            rules = rules_of(connection, table.name)
            assert set(rules) <= {"CASCADE"}
            assert len(rules) == len(table.foreign_key_constraints)
    engine.dispose()
    assert ScriptDirectory.from_config(_alembic()).get_heads() == [REVISION]


def rules_of(connection: Connection, table: str) -> list[str]:
    """What happens to the rows of a table when what they hang on is deleted, one for each foreign key."""
    if connection.dialect.name == "sqlite":
        keys = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})").mappings()
        return list({key["id"]: key["on_delete"] for key in keys}.values())
    return [key["options"].get("ondelete", "") for key in inspect(connection).get_foreign_keys(table)]


def test_a_migration_that_breaks_leaves_nothing_half_made(recording: Settings) -> None:
    engine = make_engine(recording)
    records_file(recording).parent.mkdir(exist_ok=True)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE quotations (id INTEGER)"))  # in the way of the last table

    with pytest.raises(RecordsUnusable):
        Records(recording)

    assert inspect(engine).get_table_names() == ["quotations"]
    engine.dispose()


def test_records_of_a_newer_version_are_left_alone(recording: Settings) -> None:
    with Records(recording):
        pass
    engine = make_engine(recording)
    with writing(engine) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num='9999'"))
    engine.dispose()

    with pytest.raises(RecordsUnusable, match="newer version"):
        Records(recording)

    assert look_over(recording).state is State.NEWER


def test_looking_the_records_over_makes_nothing(recording: Settings) -> None:
    assert look_over(recording).state is State.NONE
    assert not records_file(recording).exists()
    with Records(recording) as records:
        records.add(foi("freedom"))

    assert (look_over(recording).state, look_over(recording).answers) == (State.CURRENT, 1)


def test_an_older_answer_of_another_form_can_still_be_shown(recording: Settings) -> None:
    with Records(recording) as records:
        record = records.add(foi("freedom"))
        engine = make_engine(recording)
        with writing(engine) as connection:
            connection.execute(update(answers).values(answer={"text": "As it was.", "colour": "blue"}))
        engine.dispose()

        pack = records.pack(record)

    assert pack.as_answer() is None
    assert pack.as_json()["verdicts"] == []


def count_rows(settings: Settings, table: str) -> int:
    engine = make_engine(settings)
    with engine.connect() as connection:
        count = connection.execute(select(func.count()).select_from(text(table))).scalar_one()
    engine.dispose()
    return int(count)


# SQLite alone


def test_only_its_owner_can_read_the_file(settings: Settings) -> None:
    before = os.umask(0)
    try:
        with Records(settings) as records:
            records.add(foi("freedom"))
            files = list(records_file(settings).parent.glob("records.sqlite3*"))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in files}
    finally:
        os.umask(before)

    assert modes == {"records.sqlite3": 0o600, "records.sqlite3-wal": 0o600, "records.sqlite3-shm": 0o600}
    assert stat.S_IMODE(records_file(settings).parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("how", ["one", "all", "old"])
@pytest.mark.parametrize("in_file", [False, True], ids=["in the log of writes", "in the file"])
def test_a_question_that_was_deleted_is_nowhere_on_the_disk(how: str, in_file: bool, settings: Settings) -> None:
    lasting = changed(settings, days=0)
    with Records(lasting) as first, Records(lasting) as second:
        record = first.add(foi("xylophone allowance"), given_at=days_ago(91))
        for _ in range(20):  # so many that pages are set free, not only written anew
            first.add(foi("freedom"))
        if in_file:  # closing the last connection folds the log into the file
            first.close()
            second.close()
            assert b"xylophone" in records_file(settings).read_bytes()
        assert holds(settings, b"xylophone")
        if how == "one":
            second.delete([record])
        elif how == "all":
            second.delete_all()
        else:
            Records(settings).close()  # which purges

        assert not holds(settings, b"xylophone")


def holds(settings: Settings, words: bytes) -> bool:
    return any(words in file.read_bytes() for file in records_file(settings).parent.iterdir())


def test_a_writer_waits_for_another(settings: Settings) -> None:
    with Records(settings) as records, ThreadPoolExecutor(1) as threads:
        engine = make_engine(settings)
        with writing(engine):
            waiting = threads.submit(records.add, foi("freedom"))
            time.sleep(0.3)
            assert not waiting.done()
        assert waiting.result(timeout=10)
        engine.dispose()


def test_a_file_that_is_no_database_is_told_plainly(settings: Settings) -> None:
    records_file(settings).parent.mkdir()
    records_file(settings).write_bytes(b"no database at all " * 100)

    with pytest.raises(RecordsUnusable, match="file is not a database") as caught:
        Records(settings)

    assert str(records_file(settings)) in str(caught.value)


# PostgreSQL alone


def test_the_password_is_used_and_never_shown(new_database: Callable[[], str], settings: Settings) -> None:
    right = changed(settings, url=new_database())
    wrong = changed(settings, url=right.records.url.get_secret_value().replace("sesame", "barley"))

    Records(right).close()
    with pytest.raises(RecordsUnusable, match="password authentication failed") as caught:
        Records(wrong)

    for shown in (str(caught.value), describe(wrong), repr(wrong), describe(right)):
        assert not any(word in shown for word in (PASSWORD, "barley", "sesame"))
    assert are_there(right)


def test_a_process_waits_while_another_makes_the_tables(new_database: Callable[[], str], settings: Settings) -> None:
    import psycopg

    there = changed(settings, url=new_database())
    with psycopg.connect(there.records.url.get_secret_value()) as other, ThreadPoolExecutor(1) as threads:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (_TURN,))
        opening = threads.submit(Records, there)
        time.sleep(1)
        assert not opening.done()
        other.commit()
        opening.result(timeout=30).close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://bernard:sesame@127.0.0.1:9/records", "Connection refused"),
        ("mysql://bernard:sesame@db/records", "cannot be kept in 'mysql'"),
        ("sesame", "address of the records is none"),
        ("postgresql://bernard:sesame@db:port/records", "address of the records is none"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_plainly(url: str, told: str, settings: Settings) -> None:
    with pytest.raises(RecordsUnusable, match=told) as caught:
        Records(changed(settings, url=url))

    assert "sesame" not in str(caught.value)


def test_nothing_of_a_question_gets_into_a_message(recording: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with Records(recording) as records:
        engine = make_engine(recording)
        with writing(engine) as connection:
            connection.execute(text("ALTER TABLE answers RENAME TO elsewhere"))
        engine.dispose()
        with pytest.raises(RecordsUnusable) as caught:
            records.add(foi("xylophone"))

    assert "xylophone" not in str(caught.value) + str(caught.value.__cause__) + caplog.text


def test_the_room_s_files_are_in_the_package(repository: Path) -> None:
    found = importlib.import_module("setuptools").find_namespace_packages(str(repository), include=["assistant*"])
    assert {"assistant.records", "assistant.records.migrations", "assistant.records.migrations.versions"} <= set(found)
