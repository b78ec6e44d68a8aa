"""A run that was stopped goes on as it was begun, and with nothing else; a finished one stays what it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.index import ingest
from assistant.settings import Settings, load_settings
from evals.cases import CaseSet
from evals.resuming import digest_of
from evals.run_folder import read_about, read_results
from evals.sets import SHIPPED_SETS, load_set
from tests.conftest import SMALL_GUIDANCE
from tests.evals.small_run import evaluate

Told = Callable[[], str]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    return lambda: capsys.readouterr().err


@pytest.fixture
def stopped(tmp_path: Path, own: Path, _live: None) -> Path:
    """A run that was killed after its first two results."""
    out = tmp_path / "run"
    given = ["--limit", 3, "--seed", 4, "--set", "answer.max_blocks=2", "--set", "generation.api_key=k"]
    assert evaluate("run", "refusal", "--data", own, "--out", out, *given) == 0
    samples = out / "samples.jsonl"
    samples.write_text("".join(samples.read_text("utf-8").splitlines(keepends=True)[:2]), "utf-8")
    about = json.loads((out / "run.json").read_text("utf-8"))
    (out / "run.json").write_text(json.dumps(about | {"finished": False}), "utf-8")
    return out


def test_a_secret_of_the_environment_need_not_be_typed(stopped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BERNARD_GENERATION__API_KEY", "another")
    assert evaluate("run", "--resume", "--out", stopped) == 0
    assert len(read_results(stopped)) == 3


def test_it_goes_on_with_all_that_it_was_begun_with(stopped: Path, told: Told) -> None:
    begun = json.loads((stopped / "run.json").read_text("utf-8"))
    assert evaluate("run", "--resume", "--out", stopped) == 2
    assert "begun with a secret in generation.api_key, which is not kept. Give --set generation.api_key=… again." in told()
    assert evaluate("run", "--resume", "--out", stopped, "--set", "generation.api_key=another") == 0
    about = read_about(stopped)
    assert len(read_results(stopped)) == 3
    assert (about.limit, about.seed, about.suites) == (3, 4, ("refusal",))
    assert about.settings["answer.max_blocks"] == "2"
    for name in ("started", "command", "settings", "questions", "indexes", "machine"):
        assert json.loads(about.model_dump_json())[name] == begun[name], name
    assert about.seconds["refusal"] >= begun["seconds"]["refusal"]
    [again] = about.resumed
    assert "--resume" in again.command
    assert "Gone on with" in (stopped / "scorecard.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--limit", 20], "--limit: 20, and 3 when it was begun"),
        (["--seed", 5], "--seed: 5, and 4 when it was begun"),
        (["--epochs", 2], "--epochs: 2, and 1 when it was begun"),
        (["--set", "answer.max_blocks=1"], "setting answer.max_blocks: 1, and 2 when it was begun"),
        (["--set", "search.bm25_weight=0"], "setting search.bm25_weight: 0.0, and the default when it was begun"),
        (["grounding"], "suites: grounding, and refusal when it was begun"),
        (["--only", "shipped"], "--only chooses among the shipped and public sets"),
    ],
)
def test_it_does_not_go_on_with_anything_else(stopped: Path, told: Told, given: list[object], says: str) -> None:
    before = (stopped / "samples.jsonl").read_bytes(), (stopped / "run.json").read_bytes()
    assert evaluate("run", *given, "--resume", "--out", stopped, "--set", "generation.api_key=k") == 2
    assert says in told()
    assert ((stopped / "samples.jsonl").read_bytes(), (stopped / "run.json").read_bytes()) == before


def test_other_questions_are_not_put_into_it(stopped: Path, own: Path, told: Told, tmp_path: Path) -> None:
    resume = ["run", "--resume", "--out", stopped, "--set", "generation.api_key=k"]
    other = tmp_path / "other.jsonl"
    other.write_text(own.read_text("utf-8"), "utf-8")
    assert evaluate(*resume, "--data", other) == 2
    message = told()
    assert "questions: those of other, which were not asked when it was begun" in message
    assert "questions: not those of own, which were asked when it was begun" in message
    assert "Give --resume and --out alone to go on as it was begun" in message
    own.write_text(own.read_text("utf-8").replace("corporation tax", "income tax"), "utf-8")
    assert evaluate(*resume) == 2
    assert "questions: own holds others than when it was begun" in told()


def test_another_index_is_not_asked(
    stopped: Path, told: Told, tmp_path: Path, small_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "leave.md").write_text(SMALL_GUIDANCE["lighthouse-leave.md"], "utf-8")
    data = tmp_path / "data"
    data.mkdir()
    (data / "models").symlink_to(small_settings.data_dir / "models")
    ingest([notes], load_settings(data_dir=data))
    monkeypatch.setenv("BERNARD_DATA_DIR", str(data))
    assert evaluate("run", "--resume", "--out", stopped, "--set", "generation.api_key=k") == 2
    assert "The index live holds something else than when the run in" in told()
    assert len(read_results(stopped)) == 2


@pytest.mark.usefixtures("_live")
def test_a_finished_run_stays_what_it_was(tmp_path: Path, own: Path) -> None:
    out = tmp_path / "run"
    assert evaluate("run", "refusal", "--data", own, "--out", out) == 0
    before = (out / "run.json").read_bytes()
    about = read_about(out)
    assert about.indexes
    assert about.seconds
    assert about.peak_mib
    assert evaluate("run", "--resume", "--out", out) == 0
    assert (out / "run.json").read_bytes() == before


def test_what_a_run_of_an_earlier_version_asked_is_not_guessed(stopped: Path, told: Told) -> None:
    about = json.loads((stopped / "run.json").read_text("utf-8"))
    del about["questions"]
    (stopped / "run.json").write_text(json.dumps(about), "utf-8")
    assert evaluate("run", "refusal", "--resume", "--out", stopped) == 2
    assert "does not say which questions the run asks" in told()
    (stopped / "run.json").write_text("{", "utf-8")
    assert evaluate("run", "refusal", "--resume", "--out", stopped) == 2
    assert "run.json is missing or damaged" in told()


def test_a_set_has_the_same_digest_whenever_it_is_read() -> None:
    """Of some sets, files are made anew each time."""
    for name in SHIPPED_SETS:
        one, other = load_set(name), load_set(name)
        assert isinstance(one, CaseSet)
        assert isinstance(other, CaseSet)
        assert digest_of(one) == digest_of(other), name


def test_which_run_must_be_said(told: Told) -> None:
    assert evaluate("run", "--resume") == 2
    assert "Say with --out in which folder the run is" in told()


def test_a_set_that_no_suite_asks_is_not_passed_over(told: Told, tmp_path: Path) -> None:
    assert evaluate("run", "refusal", "--only", "shipped", "--only", "wice", "--out", tmp_path / "run") == 2
    assert "None of the suites chosen asks wice." in told()


def test_own_questions_are_no_set_to_choose(own: Path, told: Told, tmp_path: Path) -> None:
    assert evaluate("run", "checker", "--data", own, "--only", "wice", "--out", tmp_path / "run") == 2
    assert "--only chooses among the shipped and public sets, and --data asks your own questions: give one." in told()
