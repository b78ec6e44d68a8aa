"""An ingest that is killed, or that fills the disk, leaves the index as it was, and the next one ends as if undisturbed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from assistant.answer import Assistant
from assistant.errors import BernardError
from assistant.index import ingest, verify
from assistant.settings import Settings

_FEW = 12
"""Kills in an ordinary run of the tests; `make test-long` has 50."""
_QUESTIONS = (
    "How many days of leave do keepers of lamp 3 have?",
    "When is lamp 17 lit?",
    "How long is the log of lamp 9 kept?",
)


@dataclass(frozen=True)
class Outcome:
    """What an index holds and says."""

    digest: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """An index, the guidance as it is now, and what the index says before and after taking it in."""

    data_dir: Path
    folder: Path
    before: Outcome
    after: Outcome


def outcome(data_dir: Path) -> Outcome:
    with Assistant.open(Settings(data_dir=data_dir)) as bernard:
        return Outcome(bernard.index.digest, tuple(bernard.ask(question).text for question in _QUESTIONS))


def write(folder: Path, lamps: range, days: int) -> None:
    folder.mkdir(exist_ok=True)
    for lamp in lamps:
        rules = [
            f"## Part {part} of lamp {lamp}\n\nRule {part} of lamp {lamp} holds for {part + lamp + days} hours."
            for part in range(8)
        ]
        facts = [
            f"# Lamp {lamp}",
            f"Keepers of lamp {lamp} have {days + lamp} days of leave.",
            f"Lamp {lamp} is lit at {lamp % 12 + 1} o'clock.",
            f"The log of lamp {lamp} is kept for {days + lamp} years.",
        ]
        (folder / f"lamp-{lamp}.md").write_text("\n\n".join([*facts, *rules]))


def copy_index(change: Change, to: Path) -> Path:
    to.mkdir(exist_ok=True)
    shutil.copytree(change.data_dir / "index", to / "index")
    (to / "models").symlink_to(change.data_dir / "models")
    return to


@pytest.fixture(scope="module")
def change(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Change:
    root = tmp_path_factory.mktemp("crash")
    data_dir, folder = root / "data", root / "guidance"
    shutil.copytree(model_cache, data_dir / "models")
    settings = Settings(data_dir=data_dir)
    write(folder, range(20), days=20)
    ingest([folder], settings)
    before = outcome(data_dir)
    write(folder, range(5, 30), days=30)
    (folder / "lamp-4.md").unlink()
    undisturbed = root / "undisturbed"
    shutil.copytree(data_dir, undisturbed)
    ingest([folder], Settings(data_dir=undisturbed))
    return Change(data_dir, folder, before, outcome(undisturbed))


@pytest.fixture
def run_ingest() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts an ingest in a process of its own; the driver's next line but one says that it has ended."""
    driver = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("crash_driver.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )

    def start(data_dir: Path, folder: Path, chroma: dict[str, str] | None = None) -> subprocess.Popen[str]:
        assert driver.stdin is not None
        order = {"data_dir": str(data_dir), "folder": str(folder), "chroma": chroma or {}}
        driver.stdin.write(json.dumps(order) + "\n")
        driver.stdin.flush()
        return driver

    yield start
    driver.kill()
    driver.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("trials", [_FEW, pytest.param(50, marks=pytest.mark.long)])
def test_killed_at_any_moment(
    trials: int, change: Change, tmp_path: Path, run_ingest: Callable[..., subprocess.Popen[str]]
) -> None:
    def copy(name: str) -> Path:
        return copy_index(change, tmp_path / name)

    whole = 0.0
    for name in ("warm", "timed"):
        driver = run_ingest(copy(name), change.folder)
        assert driver.stdout is not None
        started = time.monotonic()
        assert driver.stdout.readline().strip().isdigit()
        assert driver.stdout.readline() == "ended\n"
        whole = time.monotonic() - started
    assert outcome(tmp_path / "timed") == change.after

    seen = {change.before: 0, change.after: 0}
    moments = random.Random(3)
    for trial in range(trials):
        data_dir = copy(str(trial))
        driver = run_ingest(data_dir, change.folder)
        assert driver.stdout is not None
        process = int(driver.stdout.readline())
        time.sleep(moments.uniform(0, 1.05 * whole))
        with contextlib.suppress(ProcessLookupError):  # it was quicker
            os.kill(process, signal.SIGKILL)
        assert driver.stdout.readline() == "ended\n"

        seen[outcome(data_dir)] += 1  # a KeyError here would be a state that was never made
        ingest([change.folder], Settings(data_dir=data_dir))
        assert outcome(data_dir) == change.after, f"trial {trial}"
        shutil.rmtree(data_dir)
    assert sum(seen.values()) == trials
    assert seen[change.before] > trials / 2


@pytest.mark.parametrize("trials", [5, pytest.param(50, marks=pytest.mark.long)])
def test_killed_with_its_vectors_on_a_server(
    trials: int,
    change: Change,
    tmp_path: Path,
    chroma_server: str,
    run_ingest: Callable[..., subprocess.Popen[str]],
) -> None:
    """The guidance goes back and forth between two states, so that whatever a killed run leaves is met by the next ones."""
    chroma = {"url": chroma_server, "collection": f"crash-{uuid4().hex}"}
    settings = Settings.model_validate({"data_dir": tmp_path / "data", "chroma": chroma})
    settings.data_dir.mkdir()
    (settings.data_dir / "models").symlink_to(change.data_dir / "models")
    folder = tmp_path / "guidance"
    turns = (change.before, change.after)

    def become(turn: int) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        write(folder, range(20), days=20)
        if turn:
            write(folder, range(5, 30), days=30)
            (folder / "lamp-4.md").unlink()

    def line_of(driver: subprocess.Popen[str]) -> str:
        assert driver.stdout is not None
        return driver.stdout.readline()

    become(0)
    ingest([folder], settings)
    become(1)
    driver = run_ingest(settings.data_dir, folder, chroma)
    line_of(driver)
    started = time.monotonic()
    assert line_of(driver) == "ended\n"
    whole = time.monotonic() - started

    moments, seen = random.Random(4), {"old": 0, "new": 0}
    with Assistant.open(settings) as reader:

        def told() -> Outcome:
            texts = tuple(reader.ask(question).text for question in _QUESTIONS)
            return Outcome(reader.index.digest, texts)

        assert told() == change.after
        for trial in range(trials):
            turn = trial % 2
            become(turn)
            driver = run_ingest(settings.data_dir, folder, chroma)
            process = int(line_of(driver))
            time.sleep(moments.uniform(0, 0.9 * whole))
            with contextlib.suppress(ProcessLookupError):  # it was quicker
                os.kill(process, signal.SIGKILL)
            assert line_of(driver) == "ended\n"

            answer = told()
            assert answer in turns, f"trial {trial}: {answer}"
            seen["new" if answer == turns[turn] else "old"] += 1
            ingest([folder], settings)
            assert told() == turns[turn], f"trial {trial}"
    assert seen["old"] >= trials / 5  # most kills are to come before the commit, however slow the machine is
    assert list(verify(settings, quick=True)) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with room for little."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize(
    "free_kib",
    [0, 64, 512, 1024, 2048, 4096, *(pytest.param(free, marks=pytest.mark.long) for free in range(96, 4500, 100))],
)
def test_a_full_disk(change: Change, small_disk: Path, tmp_path: Path, free_kib: int) -> None:
    settings = Settings(data_dir=copy_index(change, small_disk))
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"\0" * 4096) == 4096:
            pass
    os.truncate(filler, max(0, filler.stat().st_size - free_kib * 1024))

    filled = None
    try:
        ingest([change.folder], settings)
    except BernardError as error:
        filled = str(error)
        assert "full" in filled
    os.truncate(filler, max(0, filler.stat().st_size - 256 * 1024))  # what a reader needs to open Chroma's file

    assert outcome(small_disk) == (change.before if filled else change.after)
    assert filled or free_kib > 512
    filler.unlink()
    ingest([change.folder], settings)
    assert outcome(small_disk) == change.after
