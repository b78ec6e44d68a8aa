"""Where the records are: a SQLite file of one's own by default, a PostgreSQL database by one setting.

Opening brings an older database up to date, once, whichever process comes first. Knows nothing of what is in the tables but
their version.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select, table, text
from sqlalchemy import column as named_column
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from assistant.errors import RecordsUnusable
from assistant.records.schema import REVISION, answers
from assistant.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "bernard_records_version"
"""Not Alembic's usual name, so that the database may be one that other programs migrate too."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_PATIENCE = 10.0  # seconds that one writer waits for another; a write takes a millisecond
_SERVER_PATIENCE = 3  # seconds for PostgreSQL to answer; an answer waits no longer than this for its record
_TURN = 0x4265726E617264  # names Bernard's lock among the advisory locks of a PostgreSQL database
_ONLY_OWNER = 0o600
_HOW_TO_NAME = (
    "BERNARD_RECORDS__URL takes postgresql://USER:PASSWORD@HOST/DATABASE, or nothing for a file in the data folder"
)


def records_file(settings: Settings) -> Path:
    """The SQLite file of the records."""
    return settings.data_dir / "records" / "records.sqlite3"


def are_there(settings: Settings) -> bool:
    """False when nothing can have been recorded yet, as far as that shows without opening anything."""
    return bool(settings.records.url.get_secret_value()) or records_file(settings).is_file()


def describe(settings: Settings) -> str:
    """Where the records are, for people; without the password."""
    if settings.records.url.get_secret_value():
        return _server_url(settings).render_as_string(hide_password=True)
    return str(records_file(settings))


def open_database(settings: Settings) -> Engine:
    """Open the records, make them if there are none, and bring them up to date.

    Raises:
        RecordsUnusable: They cannot be opened or made, or a newer version of Bernard wrote them.
    """
    with plainly(settings):
        engine = make_engine(settings)
        try:
            _bring_up_to_date(engine, settings)
        except BaseException:
            engine.dispose()
            raise
        return engine


def make_engine(settings: Settings) -> Engine:
    """The database as it is: nothing is made or migrated before somebody writes.

    Raises:
        RecordsUnusable: The address is none, or the extra for PostgreSQL is not installed.
    """
    # Parameters are people's questions: they are kept out of messages, and so out of logs.
    if settings.records.url.get_secret_value():
        try:
            return create_engine(
                _server_url(settings),
                hide_parameters=True,
                pool_pre_ping=True,
                connect_args={"connect_timeout": _SERVER_PATIENCE, "application_name": "bernard"},
            )
        except ImportError as error:
            raise RecordsUnusable(
                f"Records in PostgreSQL need the extra `postgres` ({error}). Run "
                "`.venv/bin/pip install -e '.[postgres]'`, or unset BERNARD_RECORDS__URL to keep them in the data folder."
            ) from None
    url = URL.create("sqlite+pysqlite", database=str(records_file(settings)))
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


class State(StrEnum):
    """How the tables compare with those of this version."""

    NONE = "none"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking at the records showed.

    Attributes:
        state: How the tables compare with those of this version.
        answers: How many answers there are.
        readable_by_others: True for a file that other accounts on the machine can read.
    """

    state: State
    answers: int = 0
    readable_by_others: bool = False


def look_over(settings: Settings) -> Looked:
    """See whether the records can be opened, without making or migrating anything.

    Raises:
        RecordsUnusable: They cannot: the file is damaged, the server does not answer or does not let Bernard in.
    """
    path = records_file(settings)
    server = bool(settings.records.url.get_secret_value())
    if not server and not path.is_file():
        return Looked(State.NONE)
    with plainly(settings):
        engine = make_engine(settings)
        try:
            with engine.connect() as connection:
                found = _revision(connection)
                if not found:
                    return Looked(State.NONE)
                count = int(connection.execute(select(func.count()).select_from(answers)).scalar_one())
        finally:
            engine.dispose()
    state = State.CURRENT if found == REVISION else State.OLDER if found in _known_revisions() else State.NEWER
    return Looked(state, count, not server and bool(path.stat().st_mode & 0o077))


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; in SQLite it waits for its turn at the start, where waiting is safe."""
    with engine.execution_options(bernard_writes=True).begin() as connection:
        yield connection


@contextmanager
def plainly(settings: Settings) -> Iterator[None]:
    """Turn what the database raises into what a reader can use."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        reason = (str(cause).splitlines() or [type(cause).__name__])[0].rstrip(". ")
        raise RecordsUnusable(
            f"The records of answers in {describe(settings)} cannot be used: {reason}. `bernard doctor` looks them over; "
            "BERNARD_RECORDS__DAYS=0 records nothing."
        ) from error


def _server_url(settings: Settings) -> URL:
    try:
        url = make_url(settings.records.url.get_secret_value())
    except (ArgumentError, ValueError):  # neither message is passed on: it may hold a password
        raise RecordsUnusable(f"The address of the records is none. {_HOW_TO_NAME}.") from None
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise RecordsUnusable(f"Records cannot be kept in {url.get_backend_name()!r}. {_HOW_TO_NAME}.")
    return url.set(drivername="postgresql+psycopg")


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin when SQLAlchemy says so, see below
    with closing(connection.cursor()) as cursor:
        # NORMAL, in WAL mode: a power cut can cost the last records and damages nothing. FULL would wait for the disk.
        # secure_delete: a question that was deleted is overwritten, not only forgotten.
        for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("bernard_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(engine: Engine, settings: Settings) -> None:
    if engine.dialect.name == "sqlite":
        path = records_file(settings)
        if path.is_file() and _is_current(engine):
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(path.with_name("migrating.lock"), timeout=60):
            _make_file(path, engine)
            _migrate(engine, settings)
    elif not _is_current(engine):
        _migrate(engine, settings)


def _is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        return _revision(connection) == REVISION


def _make_file(path: Path, engine: Engine) -> None:
    """An empty database that its owner alone can read; the files that SQLite puts beside it take after it."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _ONLY_OWNER))
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode=WAL")  # stays with the file
    finally:
        raw.close()


def _migrate(engine: Engine, settings: Settings) -> None:
    """Run the migrations that are missing, all in one transaction."""
    from alembic import command

    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
        found = _revision(connection)
        if found and found not in _known_revisions():
            raise RecordsUnusable(
                f"The records of answers in {describe(settings)} were written by a newer version of Bernard (version "
                f"{found} of the tables, this one knows {REVISION}). Upgrade Bernard, or name other records."
            )
        if found != REVISION:
            command.upgrade(_alembic(connection), REVISION)


def _alembic(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    number = table(VERSION_TABLE, named_column("version_num"))
    return str(connection.execute(select(number.c.version_num)).scalar() or "")
