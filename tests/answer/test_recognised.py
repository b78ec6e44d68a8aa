"""Guidance recognised from a scan, from the file to the reader: what is counted, told beside an answer, given up."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.answer import Answer, Assistant, Notice
from assistant.documents import workers
from assistant.index import ingest
from assistant.settings import Settings
from assistant.terminal import show_answer, show_search
from assistant.web import render
from tests.documents.pdf_maker import write_lines
from tests.documents.scan_maker import Scanner, scan

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="the program tesseract is not installed")

TEXT = [
    "Each lighthouse keeper has 25 days of paid leave in a year. Leave is asked for in",
    "writing, one month before it begins, from the harbour master. The harbour master",
    "answers within 10 days. Leave that is not taken by the end of March is lost.",
]


def draw(canvas: Canvas) -> None:
    write_lines(canvas, ["Leave for keepers"], y=780, size=20, font="Helvetica-Bold")
    write_lines(canvas, TEXT, y=740)


def with_scan(folder: Path, pages: int = 1) -> Path:
    folder.mkdir()
    (folder / "leave.pdf").write_bytes(scan(*[draw] * pages, scanner=Scanner(dpi=200, noise=8)))
    return folder


def change(settings: Settings, **reading: object) -> Settings:
    return Settings.model_validate({**settings.model_dump(), "reading": reading})


def test_an_answer_from_a_scan_says_so_on_every_surface(settings: Settings, tmp_path: Path) -> None:
    settings = change(settings, ocr=True)
    report = ingest([with_scan(tmp_path / "guidance")], settings)
    with Assistant.open(settings) as bernard:
        answer = bernard.ask("How many days of paid leave does a lighthouse keeper have?")

        found = bernard.search("paid leave of keepers")

    assert (report.added, dict(report.left_out)) == (1, {})
    assert found.passages[0].recognised
    assert "from a scan" in show_search(found, width=100)
    assert "25 days of paid leave" in answer.text
    assert answer.sources[0].recognised
    (notice,) = [notice for notice in answer.notices if notice.kind is Notice.RECOGNISED]
    assert notice.text.startswith("Source 1 was recognised from a scan; letters and figures may be wrong.")
    again = Answer.model_validate_json(answer.model_dump_json())
    assert again.sources[0].recognised
    assert "recognised" in answer.model_dump_json()
    printed = " ".join(show_answer(answer, width=100).split())
    assert "Note: Source 1 was recognised from a scan; letters and figures may be wrong." in printed
    assert "from a scan" in printed.rpartition("[1]")[2]
    page = render.exchange(answer, turn=1)
    assert "Warning: </span>Source 1 was recognised from a scan; letters and figures may be wrong." in page
    assert "<li>Recognised from a scan; letters may be wrong</li>" in page


def test_without_ocr_the_scan_is_reported_with_what_would_read_it(settings: Settings, tmp_path: Path) -> None:
    report = ingest([with_scan(tmp_path / "guidance")], settings)

    (failed,) = report.failed
    assert "is a scan: its pages are pictures of text" in failed.reason
    assert "BERNARD_READING__OCR=true" in failed.reason


def test_a_long_scan_is_given_up_in_time_and_leaves_nothing_behind(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_OCR_PATIENCE", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = with_scan(tmp_path / "guidance", pages=60)
    started = time.monotonic()

    report = ingest([folder], change(settings, ocr=True, seconds=6))

    (failed,) = report.failed
    assert failed.reason.startswith("took longer than 6 seconds to read and was given up")
    assert time.monotonic() - started < 40
    assert not list(tmp_path.glob("bernard-reading-*"))
    assert not [command for command in _commands() if str(tmp_path) in command]


def _commands() -> Iterator[str]:
    """The command lines of all processes, where the system tells."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield file.read_text("utf-8", "replace")
