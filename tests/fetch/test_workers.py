"""Threads that do one kind of work."""

from __future__ import annotations

import threading
import time

import pytest

from assistant.fetch.workers import Workers


def test_every_job_is_done_once_by_several_threads_at_a_time() -> None:
    together = threading.Barrier(3, timeout=5)

    def work(job: int) -> int:
        together.wait()
        return job * 2

    workers = Workers(work, threads=3)
    for job in (1, 2, 3):
        assert workers.free
        workers.give(job)
    assert not workers.free

    assert sorted(workers.next(timeout=5) for _ in range(3)) == [(1, 2), (2, 4), (3, 6)]
    assert workers.busy == 0
    workers.stop(5)


def test_what_the_work_raises_is_raised_where_the_result_is_taken() -> None:
    def work(job: int) -> int:
        raise OSError("disk full")

    workers = Workers(work, threads=1)
    workers.give(1)

    with pytest.raises(OSError, match="disk full"):
        workers.next(timeout=5)
    workers.stop(5)


def test_work_in_hand_is_waited_for_but_not_for_ever() -> None:
    done: list[float] = []

    def work(seconds: float) -> None:
        time.sleep(seconds)
        done.append(seconds)

    workers = Workers(work, threads=2)
    workers.give(0.1)
    workers.give(3)
    started = time.monotonic()

    workers.stop(0.5)

    assert done == [0.1]
    assert 0.4 < time.monotonic() - started < 1
