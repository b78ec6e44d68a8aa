"""Runs an iterator until the reader says stop. Knows nothing of what is iterated."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")

_LOOK = 0.1
"""Seconds between looks at whether to stop: short enough to seem at once, long enough to cost nothing."""


@dataclass(frozen=True, slots=True)
class _End(Generic[Item]):
    error: BaseException | None = None


def until_stopped(start: Callable[[], Iterator[Item]], stop: threading.Event) -> Generator[Item, None, None]:
    """The items of what `start` gives, as they come, until they end or `stop` is set.

    A stop is heard while an item is being waited for. The iterator is closed as soon as its next item has come.

    Args:
        start: Makes the iterator; called in a thread of its own.
        stop: Set by another thread.

    Raises:
        Exception: Whatever the iterator raises.
    """
    given: queue.SimpleQueue[Item | _End[Item]] = queue.SimpleQueue()
    left = threading.Event()

    def run() -> None:
        error: BaseException | None = None
        try:
            iterator = start()
            try:
                for item in iterator:
                    given.put(item)
                    if left.is_set() or stop.is_set():
                        break
            finally:
                close = getattr(iterator, "close", None)
                if close:
                    close()
        except BaseException as raised:  # noqa: BLE001 - raised again where the items are waited for
            error = raised
        given.put(_End(error))

    threading.Thread(target=run, name="until stopped", daemon=True).start()
    try:
        while not stop.is_set():
            try:
                item = given.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if isinstance(item, _End):
                if item.error:
                    raise item.error
                return
            yield item
    finally:
        left.set()
