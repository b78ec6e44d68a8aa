"""Users: their passwords are hashed, right ones let in, and nothing tells an unknown name from a wrong password."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from assistant.errors import BernardError, InputError
from assistant.records import Records, Role
from assistant.records.database import make_engine, records_file, writing
from assistant.records.passwords import LONGEST, is_password
from assistant.records.schema import users as table
from assistant.settings import Settings
from tests.records.conftest import changed

RIGHT = "correct horse battery \N{OWL}"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty data folder; no model is needed here."""
    (tmp_path / "data").mkdir()
    return Settings(data_dir=tmp_path / "data")


def test_the_right_password_lets_in_and_no_other(recording: Settings) -> None:
    with Records(recording) as records:
        users = records.users()
        added = users.add(" Jim.Hacker ", RIGHT, role="evaluator")
        assert (added.name, added.role) == ("jim.hacker", Role.EVALUATOR)
        assert users.check("JIM.hacker", RIGHT) == added
        for name, password in [
            ("jim.hacker", RIGHT.upper()),
            ("jim.hacker", f"{RIGHT} "),
            ("jim.hacker", ""),
            ("jim.hacker", "\ud800" * 20),
            ("jim.hacker", RIGHT + "x" * 10_000_000),
            ("jim", RIGHT),
            ("", RIGHT),
            ("' OR 1=1 --\x00", RIGHT),
        ]:
            assert users.check(name, password) is None
        assert users.get("Jim.Hacker") == added
        assert users.get("nobody") is None


def test_a_changed_password_replaces_the_old_one_and_a_removed_user_is_let_in_no_more(recording: Settings) -> None:
    with Records(recording) as records:
        users = records.users()
        users.add("ann", RIGHT)
        users.change_password("Ann", "another long password")
        assert users.check("ann", RIGHT) is None
        found = users.check("ann", "another long password")
        assert found
        assert found.changed_at > found.added_at
        users.remove("ann")
        assert users.check("ann", "another long password") is None
        with pytest.raises(InputError, match="There is no user ann"):
            users.remove("ann")
        with pytest.raises(InputError, match="There is no user ann"):
            users.change_password("ann", RIGHT)


def test_users_are_listed_by_name_and_outlast_what_is_deleted_and_what_expires(recording: Settings) -> None:
    with Records(recording) as records:
        for name in ("bob", "ann"):
            records.users().add(name, RIGHT)
        records.delete_all()
    with Records(changed(recording, days=1)) as records:
        assert [(user.name, user.role) for user in records.users().listed()] == [
            ("ann", Role.OFFICIAL),
            ("bob", Role.OFFICIAL),
        ]


def test_a_name_is_taken_once_also_when_two_add_it_at_once(recording: Settings) -> None:
    def add(_: int) -> str:
        try:
            return records.users().add("ann", RIGHT).name
        except BernardError as error:
            return str(error)

    with Records(recording) as records, ThreadPoolExecutor(4) as threads:
        told = sorted(threads.map(add, range(4)))

    assert told.count("ann") == 1
    assert all(text.startswith("There is a user ann already") for text in told if text != "ann")


@pytest.mark.parametrize(
    ("name", "password", "role", "told"),
    [
        ("ann", "elevenchars", "official", "too short: it needs at least 12"),
        ("ann", "x" * (LONGEST + 1), "official", "too long"),
        ("ann", "ababababababab", "official", "easy to guess"),
        ("jim.hacker.mp", "Jim.Hacker.MP1", "official", "your user name"),
        ("a", RIGHT, "official", "cannot be a user name"),
        ("ann smith", RIGHT, "official", "cannot be a user name"),
        ("аnn", RIGHT, "official", "cannot be a user name"),  # a Cyrillic а
        ("ann", RIGHT, "minister", "'minister' is no role"),
    ],
)
def test_what_will_not_do_is_refused_in_plain_english(
    name: str, password: str, role: str, told: str, settings: Settings
) -> None:
    with Records(settings) as records:
        with pytest.raises(InputError, match=told) as caught:
            records.users().add(name, password, role=role)
        assert records.users().listed() == []
    assert password not in str(caught.value)


def test_a_password_is_never_on_the_disk_and_each_hash_is_its_own(settings: Settings) -> None:
    with Records(settings) as records:
        for name in ("ann", "bob"):
            records.users().add(name, RIGHT)
        hashes = kept(settings)
        assert all(RIGHT.encode() not in file.read_bytes() for file in records_file(settings).parent.iterdir())

    assert all(made.startswith("$argon2id$") for made in hashes)
    assert len(set(hashes)) == 2


def test_an_unknown_name_takes_as_long_as_a_wrong_password(settings: Settings) -> None:
    with Records(settings) as records:
        users = records.users()
        users.add("ann", RIGHT)
        users.check("nobody", RIGHT)  # which makes what an unknown name is compared with

        def seconds(name: str) -> float:
            taken = []
            for _ in range(5):
                started = time.perf_counter()
                users.check(name, "not the right password")
                taken.append(time.perf_counter() - started)
            return statistics.median(taken)

        known, unknown = seconds("ann"), seconds("nobody")

    assert 0.5 < unknown / known < 2


def test_a_weak_hash_is_made_anew_at_the_next_sign_in(settings: Settings) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(RIGHT)
    with Records(settings) as records:
        records.users().add("ann", RIGHT)
        engine = make_engine(settings)
        with writing(engine) as connection:
            connection.execute(update(table).values(password_hash=weak))
        engine.dispose()
        assert records.users().check("ann", "wrong password") is None
        assert kept(settings) == [weak]
        assert records.users().check("ann", RIGHT)
        (stronger,) = kept(settings)
        assert stronger != weak
        assert records.users().check("ann", RIGHT)


def test_a_damaged_hash_or_none_lets_nobody_in() -> None:
    assert not is_password("nobody has this password", None)
    assert not is_password(RIGHT, "not a hash")
    assert not is_password(RIGHT, "")


def kept(settings: Settings) -> list[str]:
    engine = make_engine(settings)
    with engine.connect() as connection:
        found = [str(value) for value in connection.execute(select(table.c.password_hash)).scalars()]
    engine.dispose()
    return found
