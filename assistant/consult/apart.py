"""Reads a stranger's file of responses in a process of its own, within limits of memory and time: a file that crashes or
exhausts a parser costs itself alone. What comes back is JSON and is checked.

The process is given FILE MEMORY_MIB SECONDS NAME. Knows nothing of what columns mean.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.consult.tables import Problem, Row, Table, read_table
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.settings import ReadingSettings

_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "PYTHONHOME",
    "COVERAGE_PROCESS_START",
)
"""What the process sees of the environment: no keys, no passwords."""
_HERE = str(Path(__file__).parents[2])
_PATIENCE = 4
"""How many times as long as it may use the processor a process may take by the clock: the machine may be busy."""
_BEGIN = (
    "import sys, types; room = types.ModuleType('assistant.consult'); room.__path__ = [sys.argv.pop(1)]; "
    "sys.modules['assistant.consult'] = room; from assistant.consult.apart import main; sys.exit(main())"
)
"""Goes past the room's door, which imports whatever groups and reckons: a second that reading rows does not need."""
_SAID = 3
"""Exit status with which the process says in words what is wrong with the file."""


def read_table_apart(file: Path, settings: ReadingSettings, *, name: str = "") -> Table:
    """The rows of a file, as `read_table` gives them.

    Args:
        file: Its name ends as its format is called.
        settings: Limits of memory and time.
        name: What to call the file in messages, where its own name says nothing to people.

    Raises:
        InputError: The file cannot be used, or needs more than the limits.
    """
    called = name or file.name
    command = [
        sys.executable,
        "-c",
        _BEGIN,
        str(Path(__file__).parent),
        str(file),
        str(settings.memory_mib),
        f"{settings.seconds:g}",
        called,
    ]
    seen = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
    seen["PYTHONPATH"] = os.pathsep.join(filter(None, [_HERE, os.environ.get("PYTHONPATH", "")]))
    try:
        done = subprocess.run(command, capture_output=True, env=seen, timeout=_PATIENCE * settings.seconds, check=False)
    except subprocess.TimeoutExpired:
        raise InputError(
            f"{called} took longer than {_PATIENCE * settings.seconds:g} seconds to read. Save it in smaller parts."
        ) from None
    if done.returncode == -signal.SIGXCPU:
        raise InputError(f"{called} took longer than {settings.seconds:g} seconds to read. Save it in smaller parts.")
    if done.returncode == _SAID:
        raise InputError(done.stdout.decode("utf-8", "replace").strip())
    try:
        if done.returncode:
            raise ValueError
        return table_of(json.loads(done.stdout))
    except (ValueError, TypeError, KeyError):
        raise InputError(
            f"{called} made the program that reads it break down, as damaged and very large files can. Open it, save it as "
            "CSV in UTF-8, and try the new file."
        ) from None


def record_of_table(table: Table) -> dict[str, Any]:
    """A table as JSON can hold it."""
    return {
        "headings": list(table.headings),
        "rows": [[row.number, *row.cells] for row in table.rows],
        "problems": [[one.row, one.what, one.lost] for one in table.problems],
    }


def table_of(record: dict[str, Any]) -> Table:
    """A table as `record_of_table` wrote it.

    Raises:
        ValueError: It is none.
    """
    headings = tuple(str(one) for one in record["headings"])
    rows = tuple(Row(int(number), tuple(str(cell) for cell in cells)) for number, *cells in record["rows"])
    if any(len(row.cells) != len(headings) for row in rows):
        raise ValueError("a row has more or fewer cells than there are headings")
    return Table(headings, rows, tuple(Problem(int(row), str(what), bool(lost)) for row, what, lost in record["problems"]))


def main() -> int:
    """Read the file and write what is in it to standard output."""
    file, name = Path(sys.argv[1]), sys.argv[4]
    memory, seconds = int(sys.argv[2]) * 2**20, int(float(sys.argv[3]))
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # a system that has no such limit, or a lower one already
            resource.setrlimit(what, (most, most))
    try:
        written = json.dumps(record_of_table(read_table(file)))
    except InputError as error:
        sys.stdout.buffer.write(str(error).replace(str(file), name).replace(file.name, name).encode())
        return _SAID
    sys.stdout.buffer.write(written.encode())
    return 0
