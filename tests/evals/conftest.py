"""What tests of runs start from: a file of questions, and the index of the made-up notes as the live one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.settings import Settings
from tests.evals.small_run import OWN


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in OWN), "utf-8")
    return path


@pytest.fixture
def _live(monkeypatch: pytest.MonkeyPatch, small_settings: Settings) -> None:
    monkeypatch.setenv("BERNARD_DATA_DIR", str(small_settings.data_dir))
