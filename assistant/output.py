"""What every verb needs to show something: progress, JSON, remarks, and the width there is.

Results go to standard output; everything else goes to standard error, where it gets into no file and no pipe. Knows nothing
of what is shown.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn


class ProgressBars:
    """One progress bar for each thing that is being done, on stderr, when that is a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._what = ""

    def show(self, what: str, done: int, total: int) -> None:
        """See `assistant.index.build.Progress`; the total may grow."""
        from tqdm import tqdm

        if what != self._what:
            self.close()
            self._what = what
            self._bar = tqdm(total=total, desc=what, disable=None, leave=False)
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Have SIGTERM end a run as Ctrl-C does, so that it tidies up after itself."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def print_json(value: object) -> None:
    """Print JSON as it is where the terminal or pipe can carry every character, else with escapes."""
    written = json.dumps(value, ensure_ascii=not (sys.stdout.encoding or "").lower().startswith("utf"))
    print(_UNSEEN.sub(lambda one: f"\\u{ord(one[0]):04x}", written))  # noqa: T201


_UNSEEN = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What steers a terminal or hides in a text; in JSON it is as good escaped."""


def show(text: str) -> None:
    """Print a result for people."""
    print(text)  # noqa: T201


def tell(message: str) -> None:
    """Say something that is no result."""
    from assistant.terminal import clean

    print(clean(message), file=sys.stderr)  # noqa: T201


def terminal_width() -> int:
    """The width to wrap text to."""
    from assistant.terminal import fit_width

    return fit_width(shutil.get_terminal_size((88, 24)).columns)
