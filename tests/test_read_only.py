"""A data folder that may not be written to: what only reads is done, and everything else says what to do."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.settings import Settings

_REPOSITORY = Path(__file__).parents[1]
_DROP_FROM_BOUNDING_SET, _MAY_WRITE_ANYWHERE, _MAY_READ_ANYWHERE = 24, 1, 2


def _as_anybody() -> None:
    """Root may write anywhere, so a root user's run of this test gives up that right in the processes it starts."""
    if os.geteuid() == 0:
        prctl = ctypes.CDLL(None).prctl
        for right in (_MAY_WRITE_ANYWHERE, _MAY_READ_ANYWHERE):
            prctl(_DROP_FROM_BOUNDING_SET, right, 0, 0, 0)


def bernard(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        cwd=_REPOSITORY,
        env={**os.environ, "BERNARD_DATA_DIR": str(folder)},
        preexec_fn=_as_anybody,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory, notes_settings: Settings) -> Iterator[Path]:
    """A data folder with an index and a consultation, closed to writing."""
    if sys.platform != "linux":
        pytest.skip("only Linux lets root give up the right to write anywhere")
    folder = tmp_path_factory.mktemp("closed") / "data"
    shutil.copytree(notes_settings.data_dir, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BERNARD_DATA_DIR", str(folder))
        assert main(["consult", "new", "libraries", "--demo"]) == 0
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o500 if path.is_dir() else 0o400)
    yield folder
    for path in paths:
        path.chmod(0o700 if path.is_dir() else 0o600)


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", str(_REPOSITORY / "corpus" / "ministerial-code.md")],
        ["ask", "How is the bell rung?"],
        ["consult", "add", "libraries", "Longer hours"],
        ["consult", "new", "more", "--demo"],
        ["consult", "delete", "libraries", "--yes"],
    ],
)
def test_what_writes_says_what_to_do(closed: Path, arguments: list[str]) -> None:
    told = bernard(closed, *arguments)

    assert (told.returncode, told.stdout) == (2, "")
    assert f"Bernard may not write to {closed}" in told.stderr
    assert "BERNARD_DATA_DIR" in told.stderr
    for misleading in ("Errno", "readonly", "Delete", "damaged", "disk"):
        assert misleading not in told.stderr


def test_a_consultation_can_be_read(closed: Path) -> None:
    told = bernard(closed, "consult", "history", "libraries")

    assert (told.returncode, told.stderr) == (0, "")
