"""An ingest of files made to break it: each is accounted for, with a reason for people, in bounded time and memory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.documents import Document
from assistant.documents.library import Found, find_files, load_file, read_whole
from assistant.errors import SkippedDocument, UnreadableDocument
from assistant.index.manifest import FileRecord, Manifest
from assistant.settings import Settings
from tests.conftest import REPOSITORY, SMALL_GUIDANCE, settings_in, write_files
from tests.documents.hostile import FAILED, INDEXED, SKIPPED, Case, all_cases, make_places
from tests.documents.hostile.places import NOTE
from tests.documents.hostile.reasons import assert_plain
from tests.documents.hostile.texts import bait
from tests.documents.quotable import assert_quotable

SECRET = "Nobody may read this sentence."
SECONDS = 40
"""Longest time for one file in this run; a file may be tried twice."""
MOST_MEMORY = 2 * 2**30
GIVEN_UP = ("table-of-a-million-cells.html",)
"""A sound file so large that a slow machine may give it up."""


@dataclass(frozen=True)
class Run:
    """What one ingest of everything came to."""

    status: int
    errors: str
    report: dict[str, object]
    processor_seconds: float
    memory: int
    connections: list[str]
    cases: dict[str, Case]
    places: dict[str, str]
    settings: Settings
    folder: Path

    def records(self) -> dict[str, FileRecord]:
        with closing(Manifest(self.settings.index_dir / "manifest.sqlite3")) as manifest:
            return {record.relative.removeprefix("guidance/"): record for record in manifest.files().values()}

    def documents(self) -> Iterator[Document]:
        with closing(Manifest(self.settings.index_dir / "manifest.sqlite3")) as manifest:
            for key, _ in manifest.documents():
                document = manifest.document(key)
                assert document is not None
                yield document


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and who connected to it."""
    callers: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(1)
                    callers.append(repr(connection.recv(200)))

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", callers
        server.shutdown(socket.SHUT_RDWR)


def memory_of(process: int) -> int:
    """Bytes in memory of a process and all its children."""
    total, waiting = 0, [process]
    while waiting:
        number = waiting.pop()
        try:
            total += int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in Path(f"/proc/{number}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:  # it has ended
            continue
    return total


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Run:
    """One ingest of the hostile set with a few sound files, by the command that people type."""
    home = tmp_path_factory.mktemp("hostile")
    folder, secret = home / "guidance", home / "secret.md"
    secret.write_text(f"# Secret\n\n{SECRET}\n")
    write_files(folder / "good", SMALL_GUIDANCE)
    places = make_places(folder / "places", secret)
    settings = settings_in(home / "data", model_cache)
    with listening() as (address, callers):
        cases = {}
        for case in [*all_cases(address, f"file://{secret}"), *bait(20_000)]:
            assert case.name not in cases
            cases[case.name] = replace(case, make=bytes)  # what it gives is large
            (folder / case.name).write_bytes(case.make())
        environment = {
            **os.environ,
            "BERNARD_DATA_DIR": str(settings.data_dir),
            "BERNARD_READING__SECONDS": str(SECONDS),
            "BERNARD_READING__WORKERS": "2",
        }
        command = [sys.executable, str(REPOSITORY / "ingest.py"), str(folder), "--json"]
        started, before, most = time.monotonic(), os.times(), 0
        with (home / "out").open("w") as out, (home / "errors").open("w") as errors:
            process = subprocess.Popen(command, env=environment, cwd=home, stdout=out, stderr=errors)
            while process.poll() is None:
                most = max(most, memory_of(process.pid))
                time.sleep(0.05)
        seconds, after = time.monotonic() - started, os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        errors_said = (home / "errors").read_text()
        assert process.returncode in (0, 1), errors_said[-3000:]
        report = json.loads((home / "out").read_text())
    print(f"\n{len(cases) + len(places)} files, {seconds:.0f} s ({used:.0f} s of processor), {most / 2**20:.0f} MiB")
    return Run(process.returncode, errors_said, report, used, most, callers, cases, places, settings, folder)


pytestmark = pytest.mark.slow


def test_it_ends_as_a_run_with_faults_does(run: Run) -> None:
    assert run.status == 1
    assert "Traceback" not in run.errors


def test_every_file_is_accounted_for_once(run: Run) -> None:
    records = run.records()
    listed = {name for name in records if "/" not in name}

    assert listed == set(run.cases)
    assert {name.removeprefix("places/") for name in records if name.startswith("places/")} == set(run.places)
    counts = [run.report[kind] for kind in ("added", "skipped", "failed")]
    assert sum(map(int, map(str, counts))) == len(records)


def test_each_comes_to_what_it_should(run: Run) -> None:
    records = run.records()
    wrong = []
    for name, case in run.cases.items():
        found = records[name]
        if (case.outcome and found.outcome != case.outcome) or case.reason not in found.reason:
            wrong.append((name, found.outcome, found.reason))
    for name, outcome in run.places.items():
        found = records[f"places/{name}"]
        if found.outcome != outcome:
            wrong.append((name, found.outcome, found.reason))

    assert not wrong


def test_every_reason_is_plain(run: Run) -> None:
    for record in run.records().values():
        if record.outcome != INDEXED:
            assert_plain(record.reason)


def test_nothing_is_given_up_for_time(run: Run) -> None:
    slow = [name for name, record in run.records().items() if "took longer" in record.reason and name not in GIVEN_UP]

    assert not slow


def test_time_and_memory_are_bounded(run: Run) -> None:
    assert run.memory < MOST_MEMORY
    assert run.processor_seconds < 300


def test_nothing_connects_to_anything(run: Run) -> None:
    assert run.connections == []


def test_what_lies_outside_is_in_no_document(run: Run) -> None:
    for document in run.documents():
        assert SECRET not in document.text
        assert "root:x:0:0" not in document.text


def test_whatever_was_read_can_be_quoted(run: Run) -> None:
    by_name = {}
    for document in run.documents():
        assert_quotable(document)
        by_name[Path(document.location).name] = document
    for name, case in run.cases.items():
        if case.quote:
            assert case.quote in by_name[name].text, name


def test_sound_files_are_answered_from(run: Run) -> None:
    from assistant.answer import Assistant

    with Assistant.open(run.settings) as assistant:
        answer = assistant.ask("How many days of paid leave do lighthouse keepers have?")

    quotes = [citation.quote for claim in answer.claims for citation in claim.citations]
    assert any("31 days of paid leave" in quote for quote in quotes)
    assert answer.sources[0].url.startswith("https://www.gov.uk/guidance/lighthouse-leave")


# What is about single files in a folder


def refusal(found: Found) -> tuple[str, str]:
    with pytest.raises((UnreadableDocument, SkippedDocument)) as told:
        load_file(found)
    assert_plain(str(told.value))
    return (SKIPPED if isinstance(told.value, SkippedDocument) else FAILED), str(told.value)


def test_a_link_to_a_file_outside_the_named_folder_is_skipped_until_that_file_is_named(tmp_path: Path) -> None:
    folder, outside = tmp_path / "rules", tmp_path / "tides.md"
    folder.mkdir()
    outside.write_bytes(NOTE)
    (folder / "link.md").symlink_to(outside)

    (link,) = find_files([folder])
    both = find_files([folder, outside])

    assert refusal(link) == (
        SKIPPED,
        "is a link to a file outside the folder that was named; name that file, too, to have it read",
    )
    assert load_file(both[1]) == NOTE
    assert load_file(*find_files([folder / "link.md"])) == NOTE


def test_a_link_within_the_named_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "link.md").symlink_to("../tides.md")
    (tmp_path / "tides.md").write_bytes(NOTE)

    assert [load_file(found) for found in find_files([tmp_path])] == [NOTE, NOTE]


def test_what_may_not_be_read_is_told_as_that() -> None:
    """Root may read everything, so a root user's run of this test gives up that right in a process of its own."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        (folder / "locked.md").write_bytes(NOTE)
        (folder / "locked.md").chmod(0)
        (folder / "closed").mkdir(mode=0)
        code = (
            "import os, sys, pathlib\n"
            "from assistant.documents.library import find_files, load_file\n"
            "if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
            "for found in find_files([pathlib.Path(sys.argv[1])]):\n"
            "    try: print(found.path.name, load_file(found))\n"
            "    except Exception as error: print(found.path.name, type(error).__name__, error)\n"
        )
        command = [sys.executable, "-c", code, made]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        (folder / "closed").chmod(0o755)

    assert told.stdout.splitlines() == [
        "locked.md UnreadableDocument cannot be opened by the user who runs this program; ask for permission to read it",
        "closed UnreadableDocument is a folder that cannot be opened; ask for access to it",
    ]


@pytest.mark.parametrize("name", ["line\nbreak.md", "bell\x07.md", "colour\x1b[31m.md", "next\x85line.md"])
def test_a_name_that_would_break_up_a_report_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(NOTE)

    kind, reason = refusal(*find_files([tmp_path]))

    assert kind == FAILED
    assert "rename it" in reason


def test_a_title_taken_from_a_name_has_only_what_can_be_seen() -> None:
    for name in ("\u202egnp.md", "a\u200bb.txt", " .md", "\u200b.html"):
        (outcome,) = read_whole(Found(Path("/rules") / name, f"rules/{name}"), b"<p>High water is at noon.")

        assert outcome.document is not None
        assert_quotable(outcome.document)
