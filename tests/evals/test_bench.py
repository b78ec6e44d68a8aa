"""The whole benchmark, on three notes and three questions made up for the tests."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from evals.bench import main
from evals.report import BEGIN, END

QUESTIONS = [
    {
        "id": "leave",
        "url": "https://www.gov.uk/guidance/lighthouse-leave",
        "scenario": "I keep a lighthouse.",
        "question": "How many days of paid leave do I have?",
        "answerable": True,
        "evidence": ["Lighthouse keepers have 31 days of paid leave in each leave year."],
    },
    {
        "id": "oil",
        "url": "https://www.gov.uk/guidance/lamp-oil",
        "scenario": "We have too much lamp oil.",
        "question": "Where must we store it?",
        "answerable": True,
        "evidence": ["Store lamp oil in a locked shed, away from the signal room. Check the shed for leaks every week."],
    },
    {
        "id": "bees",
        "url": "https://www.gov.uk/guidance/fog-signals",
        "scenario": "I keep bees.",
        "question": "Do they need a licence?",
        "answerable": False,
        "evidence": [],
    },
]
BASELINE = all(importlib.util.find_spec(name) for name in ("langchain_chroma", "langchain_text_splitters"))


@dataclass(frozen=True)
class Ran:
    """A whole run: what it printed and wrote."""

    shared: Path
    data_dir: Path
    out: Path
    page: str
    printed: str

    @property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.out.read_text("utf-8"))
        return report

    def row(self, what: str) -> dict[str, Any]:
        return next(row for row in self.report["rows"] if row["what"].startswith(what))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, small_guidance: Path, model_cache: Path) -> Ran:
    """With the quick start where its packages are installed (`make bench` installs them)."""
    folder = tmp_path_factory.mktemp("bench")
    shared = folder / "shared"
    shutil.copytree(small_guidance, shared / "guidance" / "small")
    questions = shared / "evals" / "conditionalqa" / "questions.jsonl"
    questions.parent.mkdir(parents=True)
    questions.write_text("".join(json.dumps(question) + "\n" for question in QUESTIONS), "utf-8")
    data_dir, out, page = folder / "data", folder / "bench.json", folder / "benchmarks.md"
    data_dir.mkdir()
    (data_dir / "models").symlink_to(model_cache, target_is_directory=True)
    page.write_text(f"# Benchmarks\n\n{BEGIN}\nold\n{END}\n\nAfter.\n", "utf-8")
    arguments = ["--shared", shared, "--data-dir", data_dir, "--out", out, "--markdown", page]
    if not BASELINE:
        earlier = folder / "none.json"
        arguments += ["--skip-baseline", _without_quick_start(earlier, shared, folder)]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert main([str(argument) for argument in arguments]) == 0
    return Ran(shared, data_dir, out, page.read_text("utf-8"), printed.getvalue())


def _without_quick_start(path: Path, shared: Path, folder: Path) -> Path:
    """An earlier run that measured no quick start, as `data/bench.json` may be."""
    from evals import machine
    from evals.records import Report, System

    report = Report(
        date="",
        command="",
        commit="",
        machine=machine.machine(),
        versions={},
        guidance=machine.guidance([shared / "guidance"]),
        questions=0,
        pages=0,
        bernard=System(ingested=None, open_seconds=0.0, scores=()),
    )
    path.write_text(report.model_dump_json(), "utf-8")
    return path


@pytest.mark.slow
class TestAWholeRun:
    def test_asks_the_answerable_questions(self, ran: Ran) -> None:
        assert [scores["id"] for scores in ran.report["bernard"]["scores"]] == ["leave", "oil"]

    def test_finds_the_evidence_of_so_small_a_set(self, ran: Ran) -> None:
        row = ran.row("evidence found, first 250 words")
        assert row["bernard"] == 1.0
        assert row["met"] is True

    def test_measures_both_ingests(self, ran: Ran) -> None:
        bernard = ran.report["bernard"]
        assert bernard["ingested"]["told"]["added"] == 3
        assert bernard["unchanged"]["told"]["unchanged"] == 3
        assert 0 < bernard["ingested"]["told"]["seconds"] < bernard["ingested"]["seconds"]
        assert 20 < bernard["ingested"]["peak_mib"] < 4096

    def test_says_on_what_it_ran(self, ran: Ran) -> None:
        assert ran.report["guidance"]["files"] == 3
        assert ran.report["machine"]["cores"] >= 1
        assert "chromadb" in ran.report["versions"]

    def test_prints_the_cross_validated_figures_beside_the_others(self, ran: Ran) -> None:
        fitted = ran.report["bernard"]["facts"]["weights"]["cross_validated"]
        assert ran.row("evidence shown, mean F1, nothing refused, cross-validated")["bernard"] == fitted["evidence_f1"]
        assert "cross-validated" in ran.printed

    def test_puts_the_table_between_the_marks_and_leaves_the_rest(self, ran: Ran) -> None:
        assert ran.page.startswith(f"# Benchmarks\n\n{BEGIN}\n\n| what |")
        assert ran.page.endswith(f"{END}\n\nAfter.\n")
        assert "old" not in ran.page.split()

    @pytest.mark.skipif(not BASELINE, reason="the quick start's packages are not installed (`make bench` installs them)")
    def test_measures_the_quick_start_on_the_same_files_and_questions(self, ran: Ran) -> None:
        quick_start = ran.report["quick_start"]
        assert quick_start["ingested"]["told"]["documents"] == 3
        assert [scores["id"] for scores in quick_start["scores"]] == ["leave", "oil"]
        assert ran.row("ingest, times faster")["bernard"] == pytest.approx(
            quick_start["ingested"]["seconds"] / ran.report["bernard"]["ingested"]["seconds"]
        )
        assert ran.row("right page first")["difference"] is not None

    def test_an_earlier_run_and_its_index_can_be_used_again(self, ran: Ran, tmp_path: Path) -> None:
        out = tmp_path / "again.json"
        arguments = ["--shared", ran.shared, "--data-dir", ran.data_dir, "--skip-baseline", ran.out, "--out", out]
        assert main([str(argument) for argument in arguments]) == 0
        again = json.loads(out.read_text("utf-8"))
        assert again["quick_start"] == ran.report["quick_start"]
        assert again["bernard"]["ingested"] is None
        assert any("made before this run" in note for note in again["notes"])

    def test_an_earlier_run_on_other_files_is_refused(
        self, ran: Ran, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        if not BASELINE:
            pytest.skip("no quick start was measured")
        shared = tmp_path / "shared"
        shutil.copytree(ran.shared, shared)
        (shared / "guidance" / "small" / "new.md").write_text("# New\n\nA note.\n", "utf-8")
        assert main(["--shared", str(shared), "--skip-baseline", str(ran.out), "--out", str(tmp_path / "x.json")]) == 2
        assert "was measured on other files" in capsys.readouterr().err


def test_missing_data_is_told_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--shared", str(tmp_path), "--out", str(tmp_path / "x.json")]) == 2
    told = capsys.readouterr().err
    assert "is not there" in told
    assert "--shared" in told


def test_an_unknown_folder_is_told_with_those_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "guidance" / "bees").mkdir(parents=True)
    questions = tmp_path / "evals" / "conditionalqa" / "questions.jsonl"
    questions.parent.mkdir(parents=True)
    questions.write_text("", "utf-8")
    assert main(["--shared", str(tmp_path), "--only", "wasps", "--out", str(tmp_path / "x.json")]) == 2
    assert "there are bees" in capsys.readouterr().err
