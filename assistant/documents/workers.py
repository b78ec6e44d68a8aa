"""Reads files in processes of their own, so that a file which crashes, hangs or exhausts a parser costs itself alone.

Results come in the order of the files. What comes back from a process is JSON and is checked, since a hostile file may have
taken that process over. Knows nothing of formats or of the index.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from enum import Enum
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from assistant.documents.exchange import load_whole
from assistant.documents.library import Found, Outcome
from assistant.settings import ReadingSettings

_MOST_WORKERS = 4
_MOST_WAITING = 192 * 2**20
"""Bytes of files handed out and not yet read: bounds memory."""
_LONGEST_REPLY = 2**30
_HERE = str(Path(__file__).parents[2])
_WITH_PAGES = {".pdf", ".eml", ".msg"}
_OCR_PATIENCE = 20
"""How many times as long a PDF, or mail that can bring one, may take when pages are recognised."""
_GRACE = 5.0
"""Seconds after its time in which a process may still be sending its reply."""
_PASSED_ON = (
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TESSDATA_PREFIX", "OMP_THREAD_LIMIT",
    "VIRTUAL_ENV", "PYTHONHOME", "SYSTEMROOT", "COVERAGE_PROCESS_START",
)  # fmt: skip
"""What a process that parses strangers' files sees of the environment: no keys, no passwords."""


class _Fault(Enum):
    """How a process that reads can fail a file."""

    TIME = "time"
    MEMORY = "memory"
    CRASH = "crash"

    def reason(self, settings: ReadingSettings, seconds: float) -> str:
        """Why the file was not read, for people."""
        if self is _Fault.TIME:
            return (
                f"took longer than {seconds:g} seconds to read and was given up; save it in smaller parts, or allow more "
                "time with BERNARD_READING__SECONDS"
            )
        if self is _Fault.MEMORY:
            return (
                f"needs more than {settings.memory_mib:,} MiB of memory to read; save it in smaller parts, or allow more "
                "with BERNARD_READING__MEMORY_MIB"
            )
        return "made the program that reads it break down, as damaged files can; open it, save it again and try the new file"


class _Worker:
    """One process, and those it starts, such as Tesseract; they end together and keep temporary files in `scratch`."""

    def __init__(self, memory_mib: int, scratch: str) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "assistant.documents.worker", str(theirs.fileno()), str(memory_mib)]
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env={
                    **{name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith("LC_")},
                    "TMPDIR": scratch,
                    "PYTHONPATH": os.pathsep.join(filter(None, [_HERE, os.environ.get("PYTHONPATH", "")])),
                },
            )
        self._connection = Connection(ours.detach())
        self.served = 0
        self.ended = False

    def read(self, found: Found, data: bytes, *, seconds: float, languages: str) -> list[Outcome] | _Fault:
        """What became of a file and of those in it, or how the process failed; it has then ended."""
        header = {"path": str(found.path), "relative": found.relative, "seconds": seconds, "ocr_languages": languages}
        self.served += 1
        watchdog = threading.Timer(seconds + _GRACE, self._kill)  # a reply that begins and never ends, a file never taken
        watchdog.daemon = True
        watchdog.start()
        try:
            self._connection.send_bytes(json.dumps(header).encode())
            self._connection.send_bytes(data)
            if not self._connection.poll(seconds):
                self.end()
                return _Fault.TIME
            reply = json.loads(self._connection.recv_bytes(_LONGEST_REPLY))
            if reply == _Fault.MEMORY.value:
                self.end()
                return _Fault.MEMORY
            return [_outcome(found, part) for part in reply]
        except (EOFError, OSError, ValueError, TypeError, KeyError, AttributeError):
            self.end()
            return _Fault.CRASH
        finally:
            watchdog.cancel()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """End the process."""
        self.ended = True
        self._kill()
        self._process.wait()
        self._connection.close()


def _outcome(found: Found, part: Mapping[str, Any]) -> Outcome:
    """One outcome as it was sent; it must be of the file that was asked for, or of one in it."""
    location, relative = str(part["location"]), str(part["relative"])
    if location != found.location and not location.startswith(f"{found.location}/"):
        raise ValueError(f"{location} is not in {found.location}")
    document = replace(load_whole(part["document"]), location=location) if part["document"] else None
    return Outcome(document, bool(part["failed"]), str(part["reason"]), location, relative)


class Workers:
    """Some processes that read; use it in a `with` statement."""

    def __init__(self, settings: ReadingSettings) -> None:
        """Start nothing yet: processes start with the first file.

        Args:
            settings: How many, and their limits.
        """
        self._settings = settings
        self._count = settings.workers or min(os.cpu_count() or 1, _MOST_WORKERS)
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="reading")
        self._mine = threading.local()
        self._all: list[_Worker] = []
        self._scratch = tempfile.TemporaryDirectory(prefix="bernard-reading-", ignore_cleanup_errors=True)

    def read(self, files: Iterable[tuple[Found, bytes]]) -> Iterator[tuple[Found, list[Outcome]]]:
        """Read each file, as `library.read_whole` does; in order."""
        waiting: deque[tuple[Found, int, Future[list[Outcome]]]] = deque()
        held = 0
        for found, data in files:
            waiting.append((found, len(data), self._threads.submit(self._read_one, found, data)))
            held += len(data)
            while len(waiting) > 2 * self._count or (held > _MOST_WAITING and waiting):
                first, size, future = waiting.popleft()
                held -= size
                yield first, future.result()
        for first, _, future in waiting:
            yield first, future.result()

    def close(self) -> None:
        """End the processes, also one in the middle of a file."""
        for worker in self._all:
            worker.end()
        self._threads.shutdown(cancel_futures=True)
        self._scratch.cleanup()  # a process that is ended leaves pictures of pages behind

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read_one(self, found: Found, data: bytes) -> list[Outcome]:
        seconds = self._settings.seconds
        if self._settings.ocr and found.path.suffix.lower() in _WITH_PAGES:
            seconds *= _OCR_PATIENCE
        languages = self._settings.ocr_languages if self._settings.ocr else ""
        worker = self._worker()
        is_fresh = not worker.served
        outcomes = worker.read(found, data, seconds=seconds, languages=languages)
        if isinstance(outcomes, _Fault) and outcomes is not _Fault.TIME and not is_fresh:
            outcomes = self._worker().read(found, data, seconds=seconds, languages=languages)  # not the file before it
        if isinstance(outcomes, _Fault):
            reason = outcomes.reason(self._settings, seconds)
            return [Outcome(None, True, reason, found.location, found.relative, may_pass=True)]
        return outcomes

    def _worker(self) -> _Worker:
        """This thread's own process, started anew when the last one ended."""
        worker: _Worker | None = getattr(self._mine, "worker", None)
        if worker is None or worker.ended:
            worker = self._mine.worker = _Worker(self._settings.memory_mib, self._scratch.name)
            self._all = [other for other in self._all if not other.ended] + [worker]
        return worker
