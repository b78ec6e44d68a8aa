"""The records in both kinds of database: a SQLite file, and a real PostgreSQL that is started for the tests."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings
from tests.conftest import free_port

PASSWORD = "open sesame"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server, to which a database's name is to be added; skipped where none is installed."""
    program = _find_program()
    folder = Path(tempfile.mkdtemp(prefix="bernard-postgres-"))
    password = folder / "password"
    password.write_text(PASSWORD)
    # PostgreSQL refuses to run as root: then it runs as the user that its package has made.
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    for path in (folder, password):
        os.chown(path, account.pw_uid, account.pw_gid)
    port = free_port()

    def run(name: str, *arguments: str) -> None:
        command = [str(program / name), "-D", str(folder / "cluster"), *arguments]
        root = os.geteuid() == 0
        done = subprocess.run(
            command,
            cwd=folder,
            stdout=subprocess.DEVNULL,  # the server would hold on to a pipe
            stderr=subprocess.DEVNULL,
            timeout=120,
            check=False,
            user=account.pw_uid if root else None,
            group=account.pw_gid if root else None,
            extra_groups=[] if root else None,
        )
        assert done.returncode == 0, f"{name} failed: {(folder / 'log').read_text() if (folder / 'log').exists() else ''}"

    try:
        run("initdb", "-U", "bernard", "--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://bernard:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_program() -> Path:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    if not initdb:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    if os.geteuid() == 0 and "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    return Path(initdb).parent


@pytest.fixture
def new_database(postgres: str) -> Callable[[], str]:
    """Makes an empty database and returns its address."""
    import psycopg

    def make() -> str:
        name = f"records_{secrets.token_hex(4)}"
        with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"{postgres}/{name}"

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def recording(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings of records in each kind of database, where nothing is yet."""
    if request.param == "sqlite":
        return settings
    url = request.getfixturevalue("new_database")()
    return changed(settings, url=url)


def changed(settings: Settings, **records: object) -> Settings:
    """The settings with other ones of the records."""
    given = {"days": settings.records.days, "url": settings.records.url.get_secret_value(), **records}
    return Settings.model_validate({**settings.model_dump(), "records": given})
