"""Keeps consultations open between requests, each behind a lock, and what stands in them until the next edit.

A consultation that was deleted and made again is opened again. Knows nothing of requests or of what pages look like.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.consult import (
    Assignment,
    ColumnKind,
    Consultation,
    OpenQuestion,
    Standing,
    Statement,
    Summary,
    masked_value,
    path_of,
    summary_of,
)
from assistant.errors import BernardError, InputError
from assistant.web.consult.called import called

if TYPE_CHECKING:
    from assistant.index import Embedder
    from assistant.settings import Settings

_PATIENCE = 30.0
"""Seconds to wait for somebody else's request for the same consultation; a workbook of 10,000 responses takes several."""
_OPEN = 4
"""Consultations kept open; one of 10,000 responses takes some 100 MiB of vectors."""
_MOST_VALUES = 60
"""Different values from which a column is no longer offered as a filter."""


@dataclass(frozen=True)
class Board:
    """How a question stands after an edit.

    Attributes:
        edit: Number of the last edit.
        standing: Themes and corrections.
        of_theme: Where responses were put, by theme, the surest first.
        of_response: The same, by response.
        waiting: What each candidate was formed from, by its id, while others are approved and responses put to those only.
        summarised: Makes the summary.
    """

    edit: int
    standing: Standing
    of_theme: Mapping[str, tuple[Assignment, ...]]
    of_response: Mapping[int, tuple[Assignment, ...]]
    waiting: Mapping[str, Mapping[int, Statement]]
    summarised: Callable[[], Summary]

    @cached_property
    def summary(self) -> Summary:
        """What is reported, as in the report. It takes seconds for 10,000 responses, so the queue does without."""
        return self.summarised()


@dataclass
class Opened:
    """An open consultation; whoever uses it holds `lock`.

    Attributes:
        key: Its name in addresses; people see that of the consultation itself.
        consultation: To work with.
        file: Tells its file from another of the same name.
        lock: Held by who uses it.
        is_gone: It was closed: who waited for it looks for it again.
    """

    key: str
    consultation: Consultation
    file: tuple[int, int]
    lock: threading.RLock = field(default_factory=threading.RLock)
    is_gone: bool = False
    _boards: dict[int, Board] = field(default_factory=dict)
    _campaigns: dict[int, Mapping[int, int]] = field(default_factory=dict)

    def close(self) -> None:
        """Let the file go, for good; whoever calls this holds the lock, or nobody can have it any more."""
        self.is_gone = True
        self.consultation.close()

    def board(self, number: int) -> Board:
        """How a question stands now; it must have themes."""
        question = self.consultation.question(number)
        edits = question.edits
        edit = edits[-1].number if edits else 0
        known = self._boards.get(number)
        if known is None or known.edit != edit:
            known = self._boards[number] = _board(self.consultation, question, number, edit)
        return known

    def campaign_sizes(self, number: int) -> Mapping[int, int]:
        """How many responses the campaign of a response has, by the response's place."""
        if number not in self._campaigns:
            found = self.consultation.question(number).campaigns
            self._campaigns[number] = {place: len(one.members) for one in found for place in one.members}
        return self._campaigns[number]

    @cached_property
    def facets(self) -> Mapping[str, tuple[str, ...]]:
        """What respondents can be told apart by: the values of each attribute and closed question, masked."""
        wanted = [one.name for one in self.consultation.columns if one.kind in (ColumnKind.ATTRIBUTE, ColumnKind.CLOSED)]
        values: dict[str, set[str]] = {name: set() for name in wanted}
        for one in self.consultation.question(1).answers.responses:
            for name, value in (*one.attributes.items(), *one.answers.items()):
                if value:
                    values[name].add(value)
        few = {name: found for name, found in values.items() if len(found) <= _MOST_VALUES}
        shown = {name: tuple(sorted(set(map(masked_value, found)))) for name, found in few.items()}
        return {name: found for name, found in shown.items() if len(found) > 1}


def _board(consultation: Consultation, question: OpenQuestion, number: int, edit: int) -> Board:
    of_theme: dict[str, list[Assignment]] = {}
    of_response: dict[int, list[Assignment]] = {}
    standing = question.standing
    for one in question.mapped().assignments:
        of_theme.setdefault(one.theme, []).append(one)
        of_response.setdefault(one.response, []).append(one)
    return Board(
        edit,
        standing,
        {theme: tuple(sorted(found, key=lambda one: (-one.confidence, one.response))) for theme, found in of_theme.items()},
        {place: tuple(found) for place, found in of_response.items()},
        {one.id: question.formed_from(one) for one in standing.themes.values() if one not in standing.mapped},
        lambda: summary_of(consultation, number),
    )


class Busy(BernardError):
    """A consultation is in use; nothing was changed."""


class Broken(BernardError):
    """The file of a consultation cannot be read. Why is for the log alone: it names folders of the server."""


class Shelf:
    """The open consultations of a data folder; serves many threads."""

    def __init__(self, settings: Settings, embedder: Callable[[], Embedder]) -> None:
        """Open nothing yet.

        Args:
            settings: Where consultations are.
            embedder: Gives the embedder, which all of them share.
        """
        self._settings, self._embedder = settings, embedder
        self._held: OrderedDict[str, Opened] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def take(self, name: str) -> Iterator[Opened]:
        """A consultation, for this thread alone while the context lasts.

        Raises:
            InputError: There is none of that name.
            Broken: There is one, and it cannot be opened.
            Busy: Another thread keeps it for long.
        """
        while True:
            with self._lock:
                opened = self._found(name)
            if not opened.lock.acquire(timeout=_PATIENCE):
                raise Busy("Somebody else's work on this consultation takes long at the moment. Try again in a minute.")
            if not opened.is_gone:
                break
            opened.lock.release()  # it was deleted, or put away, while this one waited: through it the file would come back
        try:
            yield opened
        finally:
            opened.lock.release()

    def drop(self, name: str) -> None:
        """Close a consultation; who uses it is waited for."""
        with self._lock:
            opened = self._held.pop(name, None)
        if opened:
            with opened.lock:
                opened.close()

    def close(self) -> None:
        """Close all."""
        for name in list(self._held):
            self.drop(name)

    def _found(self, name: str) -> Opened:
        path = path_of(name, self._settings)
        known = self._held.get(name)
        status = path.stat() if path.is_file() else None
        if known and status and known.file == (status.st_dev, status.st_ino):
            self._held.move_to_end(name)
            return known
        if known:
            self._held.pop(name).close()
        if status is None:
            raise InputError("There is no such consultation.")
        try:
            consultation = Consultation.open(name, self._settings, embedder=self._embedder)
            status = path.stat()
        except (InputError, OSError) as error:
            raise Broken(str(error)) from None
        consultation.name = called(name)
        opened = self._held[name] = Opened(name, consultation, (status.st_dev, status.st_ino))
        self._make_room()
        return opened

    def _make_room(self) -> None:
        for name in list(self._held)[:-1]:
            if len(self._held) <= _OPEN:
                return
            if self._held[name].lock.acquire(blocking=False):  # else somebody uses it
                opened = self._held.pop(name)
                opened.close()
                opened.lock.release()
