"""Fetches what was asked for from one publisher, so that it can be stopped at any time and gone on with.

Every item goes through the same steps however often the command is run: what this run settled already is taken from disk,
the rest is asked for, and then follows what the item says is also part of it, or where it has moved. Knows nothing of any
publisher in particular.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import BernardError, FetchError, InputError
from assistant.fetch.client import Client, Unreachable
from assistant.fetch.files import Files
from assistant.fetch.ledger import Ledger, Record, State
from assistant.fetch.model import GuidanceSource, Item, Wanted
from assistant.fetch.report import FetchReport, Move, NotFetched
from assistant.fetch.settle import Settler
from assistant.fetch.workers import Workers
from assistant.settings import FetchSettings

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how many are done, how many there are)."""

_THREADS = 4
"""A reply takes longer than the time between two requests: 0.1 to 0.6 s against 0.2 s."""
_MOST_MOVES = 5
_MOST_FAILURES_IN_A_ROW = 10
"""More means that the publisher or the network is down, and to go on would only add to it."""
_PATIENCE = 5.0
"""Seconds to wait, when stopped, for replies under way, so that none that came is asked for again."""


def fetch(
    source: GuidanceSource,
    wanted: Wanted,
    settings: FetchSettings,
    *,
    folder: Path,
    again: bool = False,
    progress: Progress | None = None,
) -> FetchReport:
    """Fetch what is wanted; run again after an interruption, it goes on from there.

    Args:
        source: The publisher.
        wanted: What to fetch.
        settings: Rate, time-outs and tries.
        folder: Where the publisher's items are kept.
        again: Ask for everything anew and unconditionally, also for what an interrupted run had settled.
        progress: Told what is being done.

    Raises:
        InputError: Something wanted cannot be a path of this publisher.
        FetchError: Nothing could be done.
    """
    request = f"fetch {source.base_url} {wanted!r}"
    with _open(source, settings, folder, request=request, again=again) as run:
        return run.go(source.find(wanted, run.get), wanted, progress)


def update(
    source: GuidanceSource, settings: FetchSettings, *, folder: Path, progress: Progress | None = None
) -> FetchReport:
    """Ask again for everything kept in a folder, and fetch what changed; arguments and errors as in `fetch`."""
    with _open(source, settings, folder, request=f"update {source.base_url}") as run:
        return run.go(run.due(), Wanted(), progress)


@contextmanager
def _open(
    source: GuidanceSource, settings: FetchSettings, folder: Path, *, request: str, again: bool = False
) -> Iterator[_Run]:
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".fetching.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise FetchError(f"Another process is fetching into {folder}. Wait until it has finished, or stop it.") from None
    try:
        with closing(Client(source.base_url, settings)) as client, closing(Ledger(folder)) as ledger:
            yield _Run(source, client, ledger, folder, request=request, again=again)
    finally:
        lock.release()


class _Run:
    """One fetch from its first request to its report."""

    def __init__(
        self, source: GuidanceSource, client: Client, ledger: Ledger, folder: Path, *, request: str, again: bool
    ) -> None:
        self._source, self._client, self._ledger = source, client, ledger
        self._started = time.perf_counter()
        self._number = ledger.begin(request, anew=again)
        self._is_update = request.startswith("update ")
        files = Files(folder)
        files.tidy()
        self._settler = Settler(source, client, ledger=ledger, files=files, run=self._number, again=again)
        self._report = FetchReport(source.name, folder)
        self._pending: deque[Item] = deque()
        self._seen: set[tuple[str, tuple[str, ...]]] = set()
        self._waiting: dict[str, list[Item]] = {}
        """Addresses being asked for, with the items that turned out meanwhile to want more of the same."""
        self._told: set[str] = set()
        self._moves: dict[str, tuple[str, ...]] = {}
        """The addresses from which redirects led to an address, first to last."""
        self._hops: dict[str, int] = {}
        report = self._report
        self._left_out = {State.GONE: report.gone, State.MISSING: report.missing, State.FAILED: report.failed}
        self._failures_in_a_row = 0

    def get(self, address: str) -> bytes:
        """A list of items; a list that this run was sent before is not asked for again. Errors as `Client.get` says."""
        body = self._ledger.listed(self._number, address)
        if body is None:
            try:
                body = self._client.get(address)
            except Unreachable as error:
                raise self._no_network(error) from None
            self._ledger.keep_list(self._number, address, body)
        return body

    def due(self) -> list[Item]:
        """Everything kept."""
        return self._ledger.due()

    def go(self, items: Iterable[Item], wanted: Wanted, progress: Progress | None) -> FetchReport:
        """Settle these items and all that follows from them."""
        self._add(items)
        workers = Workers(self._settler.settle, threads=_THREADS)
        try:
            while (self._pending or workers.busy) and not self._report.stopped:
                while self._pending and workers.free:
                    self._begin(self._pending.popleft(), workers, wanted)
                if workers.busy and not self._report.stopped:
                    item, record = workers.next()
                    self._pending.extend(self._waiting.pop(item.address))
                    self._finish(record, wanted)
                if progress:
                    progress("Fetching", len(self._told), max(len(self._seen), len(self._told)))
        except Unreachable as error:
            raise self._no_network(error) from None
        finally:
            self._client.pace.stop()
            workers.stop(_PATIENCE)
        return self._close()

    def _close(self) -> FetchReport:
        report = self._report
        if not report.stopped and (self._is_update or not report.failed):
            self._ledger.end(self._number)  # an update that tried everything is over: one bad item must hide no change
        report.kept = len(self._ledger.kept())
        report.removed = len(self._settler.removed)
        report.requests = self._client.pace.turns
        report.seconds = time.perf_counter() - self._started
        return report

    def _add(self, items: Iterable[Item]) -> None:
        new: list[Item] = []
        for item in items:
            if (item.address, item.parts) not in self._seen:
                self._seen.add((item.address, item.parts))
                new.append(item)
        self._ledger.want(new, self._source.licence)
        self._pending.extend(new)

    def _begin(self, item: Item, workers: Workers[Item, Record | None], wanted: Wanted) -> None:
        if item.address in self._waiting:
            self._waiting[item.address].append(item)
        elif record := self._settler.settled(item):
            if item.address not in self._told:
                self._report.settled_before += 1
            self._finish(record, wanted)
        else:
            self._waiting[item.address] = []
            workers.give(item)

    def _finish(self, record: Record | None, wanted: Wanted) -> None:
        if record is None:
            return
        if record.item.address not in self._told:
            self._told.add(record.item.address)
            self._tell(record)
        if record.state is State.MOVED:
            self._follow(record)
        elif record.state in {State.FETCHED, State.UNCHANGED, State.GONE}:
            for address in self._moves.get(record.item.address, ()):
                self._settler.release(address, kept_as=record.item.file if record.sha256 else "")
            self._further(record, wanted)

    def _follow(self, record: Record) -> None:
        """Ask for what an item has moved to."""
        address = record.item.address
        chain = (*self._moves.get(address, ()), address)
        target = self._item_at(record)
        self._report.moved.append(Move(record.page, target.page or target.address))
        if target.address in chain or self._hops.get(address, 0) == _MOST_MOVES:
            self._fail(record, f"It sends readers on to {target.address}, and so on without end.")
            return
        self._moves[target.address] = tuple(dict.fromkeys([*self._moves.get(target.address, ()), *chain]))
        self._hops[target.address] = self._hops.get(address, 0) + 1
        self._seen.add((target.address, target.parts))
        self._ledger.want([target], self._source.licence)
        self._pending.append(target)

    def _item_at(self, record: Record) -> Item:
        """The item at the address that another has moved to."""
        try:
            found = list(self._source.find(Wanted(paths=(record.moved_to,)), self.get))
        except (InputError, FetchError):
            found = []  # no address that the publisher's items have; its check will say what is there
        target = found[0] if len(found) == 1 else Item(record.moved_to, record.item.file, record.item.page)
        return replace(target, parts=record.item.parts)

    def _further(self, record: Record, wanted: Wanted) -> None:
        body = self._settler.body(record)
        if body is None:
            return
        try:
            self._add(self._source.further(record.item, body, wanted))
        except Exception as error:  # noqa: BLE001 - a fault in a publisher's code costs what follows from this item
            reason = str(error) if isinstance(error, BernardError) else f"{type(error).__name__}: {error}"
            self._report.failed.append(NotFetched(record.page, f"What belongs to it could not be found: {reason}"))

    def _fail(self, record: Record, reason: str) -> None:
        self._ledger.put(replace(record, state=State.FAILED, reason=reason))
        self._report.failed.append(NotFetched(record.page, reason))

    def _tell(self, record: Record) -> None:
        report, page = self._report, record.page
        if record.state is State.FETCHED:
            report.fetched.append(page)
        elif record.state is State.UNCHANGED:
            report.unchanged.append(page)
        elif record.state in self._left_out:
            self._left_out[record.state].append(NotFetched(page, record.reason))
        self._failures_in_a_row = self._failures_in_a_row + 1 if record.state is State.FAILED else 0
        if self._failures_in_a_row == _MOST_FAILURES_IN_A_ROW:
            report.stopped = (
                f"{_MOST_FAILURES_IN_A_ROW} pages in a row could not be had, the last because: {record.reason} The same "
                "command goes on from here when the publisher can be reached again."
            )

    def _no_network(self, error: Unreachable) -> FetchError:
        field = f"{self._source.name}_url"
        setting = f", and BERNARD_FETCH__{field.upper()} names another server" if field in FetchSettings.model_fields else ""
        return FetchError(
            f"Nothing was fetched, since {self._source.base_url} could not be reached: {error} Check the network. "
            f"HTTPS_PROXY names a proxy{setting}."
        )
