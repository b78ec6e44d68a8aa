"""Files of responses that were sent and whose columns nobody has confirmed yet: kept for a day, for who sent them alone.

A file is read in a process of its own, and only what was read is kept. Knows nothing of requests.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.consult import Table, read_table_apart, record_of_table, table_of
from assistant.errors import InputError
from assistant.web.consult.called import mark_of

if TYPE_CHECKING:
    from assistant.settings import Settings

_KEPT = dt.timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = "receiving"
_MOST = 10
"""Files of one user that wait for their columns to be confirmed; with one more, the oldest goes."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was read.

    Attributes:
        token: Names it in addresses.
        who: Who sent it.
        file: What it was called.
        table: What is in it.
    """

    token: str
    who: str
    file: str
    table: Table


class Arrivals:
    """Those of a data folder."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.data_dir / "consultations" / "arriving"

    @contextmanager
    def receiving(self) -> Iterator[Path]:
        """A folder to receive a file in; it and what is in it are gone afterwards."""
        folder = self._folder / f"{_UNFINISHED}-{secrets.token_hex(8)}"
        try:
            for each in (self._folder.parent, self._folder):  # `parents` would make them for everybody to read
                each.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise InputError(f"The file cannot be kept in {self._folder}: {error.strerror or error}.") from None
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def read(self, who: str, sent: Path, name: str) -> str:
        """Read a file that was received and keep what is in it; returns its token.

        Raises:
            InputError: It cannot be used.
        """
        named = sent.with_suffix(Path(name).suffix.lower()[:10] or ".none")
        sent.rename(named)
        table = read_table_apart(named, self._settings.reading, name=name)
        token = f"{mark_of(who)}{secrets.token_hex(11)}"
        kept = {"who": who, "file": name, "table": record_of_table(table)}
        handle = os.open(self._path(token), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        self._keep_few(who)
        return token

    def take(self, who: str, token: str) -> Arrival:
        """One that this user sent.

        Raises:
            InputError: There is none, or it has expired.
        """
        gone = InputError("This file is no longer here. Files that nobody confirms are deleted after a day: send it again.")
        if not _TOKEN.fullmatch(token):
            raise gone
        try:
            if self._is_old(self._path(token)):
                raise gone
            kept = json.loads(self._path(token).read_text("utf-8"))
        except (OSError, ValueError):
            raise gone from None
        if kept["who"] != who:
            raise gone
        return Arrival(token, who, kept["file"], table_of(kept["table"]))

    def drop(self, token: str) -> None:
        """Delete one."""
        if _TOKEN.fullmatch(token):
            self._path(token).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Delete what is older than a day."""
        for path in self._folder.glob("*"):
            try:
                if self._is_old(path):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            except OSError:
                continue

    def _is_old(self, path: Path) -> bool:
        return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC) < dt.datetime.now(dt.UTC) - _KEPT

    def _keep_few(self, who: str) -> None:
        """Delete the oldest of a user's where there are more than a user may have."""
        found = []
        for path in self._folder.glob(f"{mark_of(who)}*.json"):
            with suppress(OSError):  # another request deleted it
                found.append((path.stat().st_mtime_ns, path))
        for _, path in sorted(found)[:-_MOST]:
            path.unlink(missing_ok=True)

    def _path(self, token: str) -> Path:
        return self._folder / f"{token}.json"
