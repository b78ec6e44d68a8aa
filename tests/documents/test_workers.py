"""Files are read in processes of their own: a hang, a crash or greed costs one file."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents.library import Found, Outcome
from assistant.documents.workers import Workers
from assistant.settings import ReadingSettings

_HANGS = """
import sys, time
from assistant.documents import worker
real = worker.read_whole
def read_whole(found, data, **options):
    if b"HANG" in data: time.sleep(600)
    if b"SPIN" in data:
        while True: pass
    if b"CRASH" in data: import os; os.abort()
    if b"GREED" in data: hoard = bytearray(4 * 2**30)
    if b"HALF" in data:
        os = __import__("os"); os.write(int(sys.argv[1]), b"\\x00\\x00"); time.sleep(600)
    if b"LIE" in data: return [__import__("dataclasses").replace(real(found, data, **options)[0], location="/etc/passwd")]
    if b"TELL" in data: data = b"# Names\\n\\n" + " ".join(sorted(__import__("os").environ)).encode()
    return real(found, data, **options)
worker.read_whole = read_whole
worker.main()
"""


@pytest.fixture
def misled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads does harm when a file says so, as a flaw in a parser would."""
    script = tmp_path / "misled.py"
    script.write_text(_HANGS)
    run = __import__("subprocess").Popen

    def popen(command: list[str], **options: object) -> object:
        return run([sys.executable, str(script), *command[3:]], **options)

    monkeypatch.setattr("assistant.documents.workers.subprocess.Popen", popen)


def read(texts: list[str], **limits: float) -> list[Outcome]:
    def files() -> Iterator[tuple[Found, bytes]]:
        for number, text in enumerate(texts):
            yield Found(Path(f"/guidance/{number}.md"), f"guidance/{number}.md"), text.encode()

    with Workers(ReadingSettings.model_validate({"workers": 2, **limits})) as workers:
        results = list(workers.read(files()))
    assert [found.path.name for found, _ in results] == [f"{number}.md" for number in range(len(texts))]
    return [outcome for _, (outcome,) in results]


def test_files_are_read_in_order_with_their_documents() -> None:
    outcomes = read([f"# Title {number}\n\nRule {number} holds." for number in range(12)])

    assert [outcome.document.title for outcome in outcomes if outcome.document] == [f"Title {n}" for n in range(12)]
    assert outcomes[3].location == "/guidance/3.md"


@pytest.mark.usefixtures("misled")
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("HANG", "took longer than 2 seconds"),
        ("SPIN", "took longer than 2 seconds"),
        ("CRASH", "made the program that reads it break down"),
        ("GREED", "needs more than 512 MiB of memory"),
        ("HALF", "made the program that reads it break down"),
        ("LIE", "made the program that reads it break down"),
    ],
)
def test_a_bad_file_costs_itself_alone(fault: str, reason: str) -> None:
    sound = "# Tides\n\nHigh water is at noon."
    started = time.monotonic()

    outcomes = read([sound, sound, fault, sound, sound], seconds=2, memory_mib=512)

    assert [outcome.document is not None for outcome in outcomes] == [True, True, False, True, True]
    assert outcomes[2].failed
    assert outcomes[2].reason.startswith(reason)
    assert outcomes[2].may_pass
    assert time.monotonic() - started < 30


@pytest.mark.usefixtures("misled")
def test_the_process_that_parses_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-mine")
    monkeypatch.setenv("BERNARD_RECORDS__URL", "postgresql://me:secret@localhost/bernard")

    (outcome,) = read(["TELL"])

    assert outcome.document
    assert "PATH" in outcome.document.text
    assert "OPENAI" not in outcome.document.text
    assert "BERNARD" not in outcome.document.text
