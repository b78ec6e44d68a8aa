"""Runs a step of the benchmark in a process of its own, so that memory, caches and start-up time are its own too.

Knows nothing of what the step does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import BernardError

REPOSITORY = Path(__file__).resolve().parents[1]

_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "PYTHONPATH": str(REPOSITORY),
}


class StepFailed(BernardError):
    """A step of the benchmark ended with an error; what it said is on the terminal."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that has ended.

    Attributes:
        seconds: From its start to its end.
        peak_mib: The most memory it had at once, as the system counts it (`ru_maxrss`).
        output: What it wrote to standard output.
    """

    seconds: float
    peak_mib: float
    output: str


def run_step(
    arguments: Sequence[str | Path],
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    accept: Sequence[int] = (0,),
) -> Finished:
    """Run Python with these arguments and measure it.

    `ru_maxrss` of a child is at least what its parent had when it was started, so the parent must stay small: it must
    not import PyTorch.

    Args:
        arguments: What follows `python`.
        folder: Where it runs: an empty one, so that no bernard.toml of the developer's is found.
        environment: Variables beside those of this process.
        accept: Exit statuses that are no failure.

    Raises:
        StepFailed: Another exit status.
    """
    command = [sys.executable, *map(str, arguments)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, cwd=folder, env={**os.environ, **_QUIET, **(environment or {})})
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode not in accept:
        raise StepFailed(
            f"A step of the benchmark failed with exit status {process.returncode}: {' '.join(command)}. "
            f"{text.strip()[-500:]}".rstrip()
        )
    unit = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, KiB elsewhere
    return Finished(seconds, usage.ru_maxrss / unit, text)
