"""No secret that was typed, or set in the environment, stands in anything that a run leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.command import as_kept
from evals.run_folder import read_about
from tests.evals.small_run import evaluate

SECRET = "sk-Gh7-not-for-readers"


@pytest.mark.usefixtures("_live")
def test_no_secret_stands_in_the_folder_of_a_run(
    tmp_path: Path,
    own: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("BERNARD_CHROMA__TOKEN", SECRET)
    monkeypatch.setenv("BERNARD_FETCH__GOVUK_URL", f"https://ann:{SECRET}@mirror.example")
    given = [
        "--set", f"generation.api_key={SECRET}",
        f"--set=web.metrics_token={SECRET}",
        "--set", f"generation.base_url=https://llm.example/v1?api_key={SECRET}",
        "--set", f"sign_in.issuer=https://{SECRET}@idp.example",
    ]  # fmt: skip
    assert evaluate("run", "refusal", "--data", own, "--out", tmp_path / "run", *given) == 0
    assert SECRET not in capsys.readouterr().err
    files = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert len(files) >= 5
    assert [path.name for path in files if SECRET in path.read_text("utf-8")] == []
    about = read_about(tmp_path / "run")
    assert "generation.api_key=**********" in about.command
    assert about.settings["generation.base_url"] == "https://llm.example/v1?api_key=**********"
    assert about.settings["fetch.govuk_url"] == "https://**********@mirror.example"
    assert evaluate("transparency", tmp_path / "run") == 0
    assert SECRET not in capsys.readouterr().out


def test_a_misspelt_secret_is_not_told_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate("run", "refusal", "--out", tmp_path / "run", "--set", f"generation.apikey={SECRET}") == 2
    told = capsys.readouterr().err
    assert "'generation.apikey' sets nothing" in told
    assert SECRET not in told


def test_what_is_no_secret_is_kept_as_typed() -> None:
    typed = ["run", "refusal", "--set", "search.bm25_weight=0", "--data", "our questions.csv"]
    assert as_kept(typed) == "bernard eval run refusal --set search.bm25_weight=0 --data 'our questions.csv'"
