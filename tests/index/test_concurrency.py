"""Several processes at one index: one changes it at a time, and readers see whole states only, and the newest at once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from assistant.answer import Assistant
from assistant.errors import IndexBusy
from assistant.index import Index, ingest, verify
from assistant.settings import Settings
from tests.conftest import write_files

QUESTIONS = (
    "How many days of leave do keepers of lamp 3 have?",
    "When is lamp 7 lit?",
    "How long is the log of lamp 5 kept?",
)


def lamps(days: int, count: int) -> dict[str, str]:
    return {
        f"lamp-{lamp}.md": "\n\n".join(
            [
                f"# Lamp {lamp}",
                f"Keepers of lamp {lamp} have {days + lamp} days of leave.",
                f"Lamp {lamp} is lit at {(days + lamp) % 12 + 1} o'clock.",
                f"The log of lamp {lamp} is kept for {days + lamp} years.",
                *(f"## Part {part} of lamp {lamp}\n\nRule {part} holds for {part + days} hours." for part in range(4)),
            ]
        )
        for lamp in range(count)
    }


@pytest.fixture(params=["embedded", "server"])
def held(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings of an index whose vectors are in a folder, or on a real Chroma server."""
    if request.param == "embedded":
        return settings
    chroma = {"url": request.getfixturevalue("chroma_server"), "collection": f"t-{uuid4().hex}"}
    return Settings.model_validate({**settings.model_dump(), "chroma": chroma})


def order(settings: Settings, **more: object) -> str:
    chroma = {"url": settings.chroma.url, "collection": settings.chroma.collection}
    return json.dumps({"data_dir": str(settings.data_dir), "chroma": chroma, **more})


def answers(settings: Settings) -> dict[str, tuple[str, str]]:
    with Assistant.open(settings) as bernard:
        given = {question: bernard.ask(question) for question in QUESTIONS}
    return {question: (answer.index_digest, answer.text) for question, answer in given.items()}


def test_a_second_ingest_is_told_who_is_first_or_waits_for_it(held: Settings, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "guidance", lamps(20, 24))
    other = write_files(tmp_path / "other", {"a.md": "# Tides\n\nHigh water is at noon.\n"})
    driver = str(Path(__file__).with_name("crash_driver.py"))
    with subprocess.Popen([sys.executable, driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order(held, folder=str(folder)) + "\n")
        process.stdin.flush()
        first = int(process.stdout.readline())
        while not (held.index_dir / "owner.json").exists():
            time.sleep(0.01)

        with pytest.raises(IndexBusy, match=rf"being changed by process {first} .* since \d\d:\d\d.*--wait SECONDS"):
            ingest([other], held)
        report = ingest([other], held, wait=120)

        assert process.stdout.readline() == "ended\n"
        process.communicate()
    assert report.added == 1
    with Index(held) as index:
        assert len(index.documents) == 25
    assert list(verify(held)) == []


@contextmanager
def asking(settings: Settings) -> Iterator[list[dict[str, str]]]:
    """Another process asks from three threads meanwhile; what it was answered is there afterwards."""
    driver = str(Path(__file__).with_name("reader_driver.py"))
    given: list[dict[str, str]] = []
    with subprocess.Popen(
        [sys.executable, driver, order(settings, questions=QUESTIONS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield given
        finally:
            told, _ = process.communicate()
        given += json.loads(told)


def test_readers_see_whole_states_only_and_the_newest_at_once(held: Settings, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "guidance", lamps(20, 10))
    ingest([folder], held)
    states = [answers(held)]
    committed: list[float] = []

    with asking(held) as given:
        time.sleep(0.5)
        for days, count in ((30, 12), (40, 9), (20, 10)):
            for file in folder.iterdir():
                file.unlink()
            write_files(folder, lamps(days, count))
            ingest([folder], held)
            committed.append(time.monotonic())
            states.append(answers(held))
        time.sleep(0.5)

    assert len({state[QUESTIONS[0]] for state in states}) == 3  # the last is the first again
    for answer in given:
        told = (answer["digest"], answer["text"])
        assert told in {state[answer["question"]] for state in states}, answer
        newest = sum(moment < float(answer["began"]) for moment in committed)
        possible = [state[answer["question"]] for state in states[newest : newest + 2]]
        assert told in possible, f"began after change {newest}: {answer}"
    for state in states:
        assert {answer["digest"] for answer in given} >= {state[QUESTIONS[0]][0]}
