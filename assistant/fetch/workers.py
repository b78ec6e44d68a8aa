"""A few threads that do one kind of work each on what they are given, and a way to stop without losing what they have done.

The threads are daemons: one that hangs never keeps the program from ending. Knows nothing of the work.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


class Workers(Generic[Job, Result]):
    """Threads that call `work` on each job given; what it raises is raised by `next`."""

    def __init__(self, work: Callable[[Job], Result], *, threads: int) -> None:
        self._work = work
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[Job, Result | None, BaseException | None]] = queue.SimpleQueue()
        self.busy = 0
        """Jobs given whose results were not taken yet."""
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    @property
    def free(self) -> bool:
        """Whether a further job would be begun at once."""
        return self.busy < len(self._threads)

    def give(self, job: Job) -> None:
        """Have a job done."""
        self.busy += 1
        self._jobs.put(job)

    def next(self, timeout: float | None = None) -> tuple[Job, Result]:
        """The next job that is done, with its result.

        Raises:
            TimeoutError: None was done in time.
        """
        try:
            job, result, error = self._results.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError from None
        self.busy -= 1
        if error is not None:
            raise error
        return job, result  # type: ignore[return-value] # None only where the work gives None

    def stop(self, seconds: float) -> None:
        """Let each thread end once it has done the job in hand, and wait for that so long; results are dropped."""
        until = time.monotonic() + seconds
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                self._results.put((job, self._work(job), None))
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is taken
                self._results.put((job, None, error))
