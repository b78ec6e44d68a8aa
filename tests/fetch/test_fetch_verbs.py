"""`bernard fetch` and `bernard update` as people and scripts meet them, also when they are stopped."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.fetch import LEDGER
from assistant.settings import Settings
from tests.fetch.items import page, pages
from tests.fetch.replay_server import API, Fault, ReplayServer, dump, transient_faults
from tests.test_cli import Outcome, unwrapped

Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, server: ReplayServer, tmp_path: Path) -> Run:
    """Runs `bernard` with these arguments against the server."""
    for name, value in fast(server, tmp_path / "data").items():
        monkeypatch.setenv(name, value)

    def run(*arguments: object) -> Outcome:
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            status = int(stop.code or 0)
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return run


def fast(server: ReplayServer, data: Path) -> dict[str, str]:
    return {
        "BERNARD_DATA_DIR": str(data),
        "BERNARD_FETCH__GOVUK_URL": server.url,
        "BERNARD_FETCH__PER_SECOND": "200",
        "BERNARD_FETCH__TIMEOUT": "1",
        "BERNARD_FETCH__ATTEMPTS": "4",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["fetch", "--updated-since", "yesterday"],
        ["fetch", "--limit", "0"],
        ["fetch", "--from", "lights-elsewhere", "--list-kept", "--colour"],
        ["fetch", "--from", "legislation"],
        ["update", "--wait", "nan"],
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_usage(arguments: list[str], run: Run) -> None:
    outcome = run(*arguments)

    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("usage: bernard")


def test_a_fetch_tells_people_and_programs_what_it_did(server: ReplayServer, run: Run, tmp_path: Path) -> None:
    server.items.update(pages(3))
    server.items["/new"] = dump(page("/new"))
    server.always = {
        f"{API}/old": Fault(status=301, headers={"Location": f"{API}/new"}),
        f"{API}/gone": Fault(status=410),
        f"{API}/broken": Fault(status=403),
    }

    shown = run("fetch", *pages(3), "/old", "/gone", "/none", "/broken")
    given = run("fetch", *pages(3), "--json")

    assert shown.status == 1
    folder = tmp_path / "data/fetched/govuk"
    text = unwrapped(shown.out)
    assert f"govuk: 4 fetched, 1 moved, 1 gone, 1 missing, 1 failed; 4 items kept in {folder}." in text
    assert f"{server.url}/old to {server.url}/new" in text
    assert f"{server.url}/gone: The publisher has taken it down (410 Gone)." in text
    assert f"{server.url}/none: There is nothing at this address (404 Not Found)." in text
    assert f"{server.url}/broken: The publisher answered 403 Forbidden." in text
    assert f"bernard ingest {folder}" in shown.err
    assert given.status == 0
    assert sorted(given.json["unchanged"]) == [f"{server.url}{path}" for path in pages(3)]
    assert (given.json["publisher"], given.json["kept"], given.json["ingest"]) == ("govuk", 4, None)


def test_what_is_kept_is_listed_with_address_time_and_licence(server: ReplayServer, run: Run) -> None:
    assert run("fetch", "--list-kept").out == "Nothing is kept.\n"
    server.items.update(pages(1))
    run("fetch", *pages(1))

    shown, given = run("fetch", "--list-kept").out, run("fetch", "--list-kept", "--json").json

    assert shown.startswith(f"{server.url}/guidance/page-000\n  guidance/page-000.json, fetched 20")
    assert "Open Government Licence v3.0" in shown
    assert given[0]["licence_url"].startswith("https://www.nationalarchives.gov.uk/")
    assert given[0]["fetched"] <= given[0]["checked"]


def test_without_a_path_the_list_that_ships_is_fetched(
    server: ReplayServer, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server.items.update(pages(2))
    list_file = tmp_path / "list.toml"
    list_file.write_text(f"[[group]]\npaths = {json.dumps(list(pages(1)))}\n")
    monkeypatch.setattr("assistant.fetch_verbs.CORPUS_LIST", list_file)

    assert len(run("fetch", "--json").json["fetched"]) == 1
    assert len(run("fetch", "--json", "--list", list_file, "/guidance/page-001").json["fetched"]) == 1


def test_what_stands_in_the_way_is_told_without_a_stack_trace(server: ReplayServer, run: Run, tmp_path: Path) -> None:
    server.close()

    outcomes = {
        "could not be reached": run("fetch", "/lamp"),
        "is not the path of a page": run("fetch", "/../etc"),
        "There is no publisher called 'hansard'": run("fetch", "/lamp", "--from", "hansard"),
        "cannot be read": run("fetch", "--list", tmp_path / "none.toml"),
        "Nothing was fetched yet": run("update") if not (tmp_path / "data/fetched/govuk").exists() else None,
    }

    for told, outcome in outcomes.items():
        if outcome:
            assert (outcome.status, outcome.out) == (2, "")
            assert told in outcome.err
            assert "Traceback" not in outcome.err


def test_what_was_fetched_is_indexed_and_brought_up_to_date(
    server: ReplayServer, run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BERNARD_DATA_DIR", str(settings.data_dir))
    assert "Nothing was fetched yet" in run("update").err
    server.items.update(pages(4))

    fetched = run("fetch", *pages(4), "--ingest", "--json")
    server.items["/guidance/page-001"] = dump(page("/guidance/page-001", "The lamp is lit at four, and put out at nine."))
    server.always[f"{API}/guidance/page-002"] = Fault(status=410)
    updated = run("update", "--json")
    shown = run("update")

    assert (fetched.status, fetched.json["ingest"]["added"]) == (0, 4)
    assert updated.status == 0
    publisher, ingested = updated.json["publishers"][0], updated.json["ingest"]
    assert (len(publisher["fetched"]), len(publisher["unchanged"]), len(publisher["gone"])) == (1, 2, 1)
    assert (ingested["changed"], ingested["unchanged"], ingested["removed"]) == (1, 2, 1)
    assert updated.json["affected"] == []
    assert unwrapped(shown.out).startswith("govuk: 3 unchanged; 3 items kept in")
    assert "3 documents read (3 unchanged)" in shown.out


# stopped


class Started:
    """`bernard fetch` in a process of its own, of the first so many pages of the server."""

    def __init__(self, server: ReplayServer, data: Path, count: int) -> None:
        listed = data.parent / "list.toml"
        listed.write_text(f"[[group]]\npaths = {json.dumps(list(pages(count)))}\n")
        self.command = [sys.executable, "-m", "assistant", "fetch", "--list", str(listed), "--json"]
        self.environment = {**os.environ, **fast(server, data)}
        self.server, self.data = server, data

    def stop(self, number: signal.Signals, *, after: int) -> tuple[int, str]:
        """Run until the server has sent so many items, then send the signal; the exit status and what was told."""
        with subprocess.Popen(
            self.command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            until = time.monotonic() + 30
            while self.server.succeeded().total() < after:
                assert time.monotonic() < until
                assert process.poll() is None, process.communicate()
                time.sleep(0.002)
            process.send_signal(number)
            _, told = process.communicate(timeout=30)
        return process.returncode, told

    def finish(self) -> Outcome:
        done = subprocess.run(self.command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        return Outcome(done.returncode, done.stdout, done.stderr)

    def kept(self) -> set[str]:
        """Paths that the ledger says are kept."""
        with closing(sqlite3.connect(self.data / "fetched/govuk" / LEDGER)) as database:
            return {
                address.removeprefix(self.server.url)
                for (address,) in database.execute("SELECT address FROM items WHERE sha256!=''")
            }


def fail_every_twentieth(server: ReplayServer) -> int:
    """Give 5 % of the items a fault that passes, of every kind; how many."""
    faulty = list(server.items)[::20]
    kinds = list(transient_faults())
    for place, path in enumerate(faulty):
        server.fail(path, kinds[place % len(kinds)])
    return len(faulty)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_stopped_ends_with_what_is_kept_and_the_shell_s_status(
    number: signal.Signals, server: ReplayServer, tmp_path: Path
) -> None:
    server.items.update(pages(200))
    started = Started(server, tmp_path / "data", 200)

    status, told = started.stop(number, after=50)

    kept = len(started.kept())
    assert status == 130
    assert told == f"bernard: Stopped; {kept} items are kept; the same command goes on from there.\n"
    assert kept == server.succeeded().total()


@pytest.mark.slow
def test_500_items_with_faults_interrupted_twice_all_come_and_none_twice(server: ReplayServer, tmp_path: Path) -> None:
    server.items.update(pages(500))
    assert fail_every_twentieth(server) == 25
    started = Started(server, tmp_path / "data", 500)

    status, told = started.stop(signal.SIGINT, after=150)
    assert status == 130, told
    status, _ = started.stop(signal.SIGKILL, after=330)
    assert status == -signal.SIGKILL
    kept_when_killed = started.kept()
    sent_when_killed = server.succeeded()
    done = started.finish()

    assert (done.status, done.err.count("Traceback")) == (0, 0), done.err
    assert len(done.json["fetched"]) == 500
    assert done.json["settled_before"] == len(kept_when_killed)
    on_disk = {path.name: path.read_bytes() for path in (tmp_path / "data/fetched/govuk/guidance").glob("*.json")}
    assert on_disk == {f"{path.rpartition('/')[2]}.json": body for path, body in server.items.items()}
    twice = Counter({path: count for path, count in server.succeeded().items() if count > 1})
    assert not kept_when_killed & set(twice)
    # What was on its way at the very moment of the kill cannot be known: at most one reply for each of the four threads.
    assert set(twice) <= set(sent_when_killed) - kept_when_killed
    assert len(twice) <= 4
