"""Runs an iterator in a thread of its own, so that it can be waited for with patience, from any thread, and abandoned.

A model's client can hang for longer than a reader waits, and what holds the index belongs to one thread while the
consumer of a stream may be called from many. Knows nothing of what is iterated.
"""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")
_left: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar("_left", default=None)


def is_abandoned() -> bool:
    """Whether nobody waits any more for what the iterator of this thread gives; for iterators that give little."""
    event = _left.get()
    return event is not None and event.is_set()


class Abandoned(Exception):
    """Nobody waits any more for what is being worked on."""


def require_reader() -> None:
    """Give up when nobody waits any more.

    Raises:
        Abandoned: Nobody does.
    """
    if is_abandoned():
        raise Abandoned


class _End(Generic[Item]):
    """Ends the queue, with the error that ended the iterator if one did."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def in_a_thread(
    start: Callable[[], Iterator[Item]], *, patience: float | None = None, name: str = "bernard"
) -> Generator[Item, None, None]:
    """Iterate over what `start` gives, in a new thread.

    Args:
        start: Makes the iterator; called in the thread.
        patience: Longest wait for the next item, in seconds; None waits for ever.
        name: The thread's name.

    Raises:
        TimeoutError: The next item did not come in time. The thread ends when the iterator gives its next item.
        Exception: Whatever the iterator raises.
    """
    given: queue.SimpleQueue[Item | _End[Item]] = queue.SimpleQueue()
    abandoned = threading.Event()

    def run() -> None:
        _left.set(abandoned)
        error = None
        try:
            iterator = start()
            try:
                for item in iterator:
                    given.put(item)
                    if abandoned.is_set():
                        break
            finally:
                close = getattr(iterator, "close", None)
                if close:
                    close()
        except BaseException as raised:  # noqa: BLE001 - raised again where the items are waited for
            error = raised
        given.put(_End(error))

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), name=name, daemon=True).start()
    try:
        while True:
            try:
                item = given.get(timeout=patience)
            except queue.Empty:
                raise TimeoutError(f"nothing came for {patience:g} seconds") from None
            if isinstance(item, _End):
                if item.error:
                    raise item.error
                return
            yield item
    finally:
        abandoned.set()


def patiently(work: Callable[[], Item], *, every: float = 0.5) -> Generator[None, None, Item]:
    """Do some work in a new thread and return its result; gives None at intervals meanwhile, so that it can be left.

    What is left hears of it by `is_abandoned`.

    Args:
        work: Called in the thread.
        every: Seconds between two intervals.

    Raises:
        Exception: Whatever the work raises.
    """
    given: queue.SimpleQueue[Item | _End[Item]] = queue.SimpleQueue()
    abandoned = threading.Event()

    def run() -> None:
        _left.set(abandoned)
        try:
            given.put(work())
        except BaseException as raised:  # noqa: BLE001 - raised again where the result is waited for
            given.put(_End(raised))

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), name="working", daemon=True).start()
    try:
        while True:
            try:
                item = given.get(timeout=every)
            except queue.Empty:
                yield
                continue
            if isinstance(item, _End):
                assert item.error
                raise item.error
            return item
    finally:
        abandoned.set()
