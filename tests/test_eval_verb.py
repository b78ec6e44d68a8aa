"""`bernard eval` hands over to the evaluations of a checkout, and says so where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

import assistant.eval_verb
from assistant.cli import main


def test_without_a_checkout_it_says_where_the_evaluations_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assistant.eval_verb, "_CHECKOUT", tmp_path)
    assert main(["eval", "run", "--limit", "3"]) == 2
    assert "The evaluations are not part of the installed package. Clone the project" in capsys.readouterr().err


def test_its_options_are_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["eval", "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "usage: bernard eval" in told
    for verb in ("run", "list", "compare", "gate", "review", "judge", "transparency", "inspect"):
        assert f"\n    {verb}" in told


def test_what_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "list"]) == 0
    told = capsys.readouterr().out
    assert "shipped           shipped, here" in told
