"""The process that reads files for `assistant.documents.workers`: one at a time, within limits of memory and time.

Started as `python -m assistant.documents.worker SOCKET MEMORY_MIB`. Takes a file as two messages, a JSON header and its
bytes, and answers with one message of JSON. It writes no file and ends when the other side does.
"""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from assistant.documents.exchange import dump_whole
from assistant.documents.library import Found, Outcome, read_whole

_GRACE = 5  # seconds of processor time beyond the limit, before the kernel ends a process whose parent is gone


def main() -> None:
    """Read files until the other side closes."""
    connection = Connection(int(sys.argv[1]))
    memory = int(sys.argv[2]) * 2**20
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a run stops
    with contextlib.suppress(ValueError, OSError):  # a system that has no such limit, or a lower one already
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not write guidance to disk, which takes seconds, too
    with contextlib.suppress(EOFError, OSError):
        while True:
            header = json.loads(connection.recv_bytes())
            data = connection.recv_bytes()
            _allow_seconds(header["seconds"])
            connection.send_bytes(_read(header, data))
            del data


def _allow_seconds(seconds: float) -> None:
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    with contextlib.suppress(ValueError, OSError):
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + _GRACE, most))


def _read(header: dict[str, str], data: bytes) -> bytes:
    found = Found(Path(header["path"]), header["relative"])
    try:
        outcomes = read_whole(found, data, ocr_languages=header["ocr_languages"])
        return json.dumps([_dump(outcome) for outcome in outcomes]).encode()
    except MemoryError:
        return b'"memory"'


def _dump(outcome: Outcome) -> dict[str, object]:
    if "MemoryError" in outcome.reason:
        raise MemoryError
    return {
        "location": outcome.location,
        "relative": outcome.relative,
        "failed": outcome.failed,
        "reason": outcome.reason,
        "document": dump_whole(outcome.document) if outcome.document else None,
    }


if __name__ == "__main__":
    main()
