"""What is remembered of a fetch, and for how long."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.documents.library import find_files
from assistant.errors import FetchError
from assistant.fetch import ledger as ledger_module
from assistant.fetch.ledger import NAME, Ledger, Record, State, about
from assistant.fetch.model import OGL, Item

LAMP = Item("https://www.gov.uk/api/content/lamp", "lamp.json", "https://www.gov.uk/lamp", ("sections",))
HELD = Record(
    LAMP,
    State.FETCHED,
    OGL,
    etag='W/"1"',
    modified="Mon, 02 Mar 2026 09:30:00 GMT",
    fetched="2026-03-02T10:00:00Z",
    checked="2026-03-02T10:00:00Z",
    sha256="ab",
    run=1,
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path)) as ledger:
        yield ledger


def test_a_record_is_given_back_as_it_was_put_also_to_another_process(ledger: Ledger, tmp_path: Path) -> None:
    ledger.put(HELD)

    with closing(Ledger(tmp_path)) as other:
        assert other.record(LAMP.address) == HELD
        assert other.record("https://www.gov.uk/api/content/none") is None


def test_to_want_an_item_forgets_nothing_of_it(ledger: Ledger) -> None:
    other = Item("https://www.gov.uk/api/content/oil", "oil.json")
    ledger.put(HELD)

    ledger.want([LAMP, other], OGL)

    assert ledger.record(LAMP.address) == HELD
    assert ledger.record(other.address) == Record(other, State.WANTED, OGL)


def test_what_is_kept_or_could_not_be_had_is_due_again(ledger: Ledger) -> None:
    states = {"a": State.WANTED, "b": State.FAILED, "c": State.GONE, "d": State.MISSING, "e": State.MOVED}
    for name, state in states.items():
        ledger.put(Record(Item(name, f"{name}.json"), state, OGL))
    ledger.put(HELD)

    assert [item.address for item in ledger.due()] == ["a", "b", LAMP.address]
    assert ledger.kept() == [HELD]


def test_a_file_name_is_held_whichever_case_its_letters_have(ledger: Ledger) -> None:
    ledger.put(HELD)

    assert ledger.holders("LAMP.json") == [HELD]
    ledger.put(replace(HELD, state=State.MOVED))
    assert ledger.holders("lamp.json") == []


def test_the_same_request_goes_on_until_it_ends(ledger: Ledger) -> None:
    first = ledger.begin("fetch /lamp")
    ledger.keep_list(first, "https://www.gov.uk/api/search.json", b"[]")

    assert ledger.begin("fetch /oil") != first
    assert ledger.begin("fetch /lamp") == first
    assert ledger.listed(first, "https://www.gov.uk/api/search.json") == b"[]"
    assert ledger.begin("fetch /lamp", anew=True) != first
    ledger.end(ledger.begin("fetch /lamp"))
    ledger.end(first)
    assert ledger.listed(first, "https://www.gov.uk/api/search.json") is None
    assert ledger.begin("fetch /lamp") != first


def test_an_old_run_is_not_gone_on_with(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ledger.begin("fetch /lamp")
    monkeypatch.setattr(ledger_module, "_RESUMABLE", dt.timedelta(seconds=-5))

    assert ledger.begin("fetch /lamp") != first


def test_the_ledger_is_not_read_as_guidance(ledger: Ledger, tmp_path: Path) -> None:
    ledger.put(HELD)
    (tmp_path / "lamp.json").touch()

    assert [found.path.name for found in find_files([tmp_path])] == ["lamp.json"]


def test_others_are_told_about_the_files_kept(ledger: Ledger, tmp_path: Path) -> None:
    ledger.put(HELD)

    told = about(tmp_path)["lamp.json"]

    assert (told.page, told.fetched, told.licence) == ("https://www.gov.uk/lamp", "2026-03-02T10:00:00Z", OGL)
    assert about(tmp_path / "elsewhere") == {}
    assert not (tmp_path / "elsewhere").exists()


def test_a_damaged_ledger_and_a_newer_one_are_told(tmp_path: Path) -> None:
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / NAME).write_bytes(b"no database" * 100)
    Ledger(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / NAME)) as database:
        database.execute("PRAGMA user_version=99")

    with pytest.raises(FetchError, match="cannot be opened"):
        Ledger(tmp_path / "damaged")
    with pytest.raises(FetchError, match="newer version"):
        Ledger(tmp_path)
