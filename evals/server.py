"""Runs `bernard serve` as a process of its own over an index that is there, with records of its own; can also kill it.

Knows nothing of what is asked of it.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import InputError
from assistant.settings import Settings
from evals.children import REPOSITORY

_USER_TICKS, _SYSTEM_TICKS = 11, 12  # places in /proc/…/stat after the name; see proc(5)
_SAYS_WHERE = re.compile(r"Bernard is at (http://\S+)")


class Server:
    """One server; after `kill` or `stop` it can be started again, at the same address."""

    def __init__(self, settings: Settings, work: Path) -> None:
        """Prepare.

        Args:
            settings: `data_dir` names the index that answers.
            work: A new folder, for records and the log.

        Raises:
            InputError: There is no index.
        """
        if not settings.index_dir.is_dir():
            raise InputError(
                f"There is no index in {settings.data_dir}. Run `make run` once, or name another with --data-dir."
            )
        self._data = work / "data"
        self._data.mkdir()
        for name in ("index", "models"):
            there = (settings.data_dir / name).resolve()
            if there.exists():
                (self._data / name).symlink_to(there, target_is_directory=True)
        self.log = work / "server.log"
        self._port = "0"
        self._process: subprocess.Popen[str] | None = None
        self.address = ""

    def start(self) -> None:
        """Start it and wait until it listens.

        Raises:
            InputError: It ended instead; the words are its own.
        """
        given = {"BERNARD_DATA_DIR": str(self._data), "BERNARD_WEB__PORT": self._port, "PYTHONPATH": str(REPOSITORY)}
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", "assistant", "serve"],
                cwd=self._data,
                env={**os.environ, **given},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout
        found = _SAYS_WHERE.search(self._process.stdout.readline())
        if not found:
            self.kill()
            raise InputError(f"The server did not start: {self.log.read_text('utf-8').strip()[-500:]}")
        self.address = found.group(1)
        self._port = self.address.rpartition(":")[2]

    def processor_seconds(self) -> float:
        """How long processors have worked for this process so far; NaN where the system does not say so."""
        assert self._process
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            return math.nan
        return (int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def stop(self) -> None:
        """Ask it to end, and wait for it."""
        if self._process:
            self._process.terminate()
            self._process.communicate()
            self._process = None


@contextmanager
def served(settings: Settings, work: Path) -> Iterator[Server]:
    """A server that runs meanwhile."""
    server = Server(settings, work)
    server.start()
    try:
        yield server
    finally:
        server.stop()
