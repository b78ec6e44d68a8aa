from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from assistant.web.stopping import until_stopped


def test_items_come_in_order_and_end() -> None:
    assert list(until_stopped(lambda: iter(range(5)), threading.Event())) == [0, 1, 2, 3, 4]


def test_a_stop_is_heard_while_nothing_comes_and_the_iterator_is_closed() -> None:
    stop, closed, waiting = threading.Event(), threading.Event(), threading.Event()

    def slow() -> Iterator[int]:
        try:
            yield 1
            waiting.wait(5)
            yield 2
            yield 3
        finally:
            closed.set()

    threading.Timer(0.2, stop.set).start()
    started = time.monotonic()
    assert list(until_stopped(slow, stop)) == [1]
    assert time.monotonic() - started < 2
    waiting.set()
    assert closed.wait(2)


def test_what_the_iterator_raises_is_raised() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    items = until_stopped(broken, threading.Event())
    assert next(items) == 1
    with pytest.raises(ValueError, match="no more"):
        next(items)


def test_one_who_leaves_ends_the_iterator() -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                time.sleep(0.01)
                yield 1
        finally:
            closed.set()

    items = until_stopped(endless, threading.Event())
    next(items)
    items.close()
    assert closed.wait(2)
