"""One process at a time changes an index; any number may read it meanwhile, since a state is never changed once made."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import time
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexBusy, IndexUnusable, is_write_refused, not_writable

_VERBS = {"ingest", "index", "fetch", "update"}


def _make_private(folder: Path) -> None:
    """The folder, and the data folder above it, where they are new: they hold the text of e-mails, for their owner only."""
    if folder.parent.exists() and not folder.parent.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder.parent))
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


class IndexLock:
    """Held while the index is changed; the same process may hold it more than once."""

    def __init__(self, folder: Path, *, wait: float = 0.0) -> None:
        """Take the lock.

        Args:
            folder: The index folder; made if missing.
            wait: Seconds to wait for another process to finish.

        Raises:
            IndexBusy: Another process holds it; names the process and since when.
            IndexUnusable: The folder may not be written to.
        """
        try:
            self._take(folder, wait=wait)
        except OSError as error:
            if not is_write_refused(error):
                raise
            raise IndexUnusable(f"The index cannot be changed. {not_writable(folder)}") from None

    def _take(self, folder: Path, *, wait: float) -> None:
        _make_private(folder)
        # One lock for all threads: opened in one, used in many, closed in any.
        self._lock = FileLock(folder / "lock", is_singleton=True, thread_local=False)
        self._owner = folder / "owner.json"
        try:
            self._lock.acquire(timeout=wait)
        except Timeout:
            raise IndexBusy(
                f"The index in {folder} is being changed by {self._who()}. Questions are answered meanwhile; run this again "
                "when that has finished, or wait for it with --wait SECONDS."
            ) from None
        owner = {"process": os.getpid(), "command": _verb(), "since": time.strftime("%H:%M")}
        with contextlib.suppress(OSError):  # a full disk: it is for others' messages only
            self._owner.write_text(json.dumps(owner))

    def close(self) -> None:
        """Let go."""
        if self._lock.lock_counter == 1:
            self._owner.unlink(missing_ok=True)
        self._lock.release()

    def _who(self) -> str:
        try:
            owner = json.loads(self._owner.read_text())
            return f"process {owner['process']} ({owner['command']}) since {owner['since']}"
        except (OSError, ValueError, KeyError):
            return "another process"


def _verb() -> str:
    """What this process was started to do, without its arguments: a question must not be written down here."""
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    verb = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] in _VERBS else ""
    return f"{program} {verb}".strip()
