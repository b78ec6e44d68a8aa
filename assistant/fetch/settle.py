"""What becomes of one item: asked for, checked, kept on disk, noted in the ledger, in that order.

Used by several threads at once. Knows nothing of the other items of a fetch, nor of what follows from this one.
"""

from __future__ import annotations

import http
from collections.abc import Mapping
from dataclasses import replace

from assistant.errors import BernardError, FetchError
from assistant.fetch.client import Client, Reply, Unreachable
from assistant.fetch.files import Files, digest
from assistant.fetch.ledger import SETTLED, Ledger, Record, State, now
from assistant.fetch.model import GuidanceSource, Item, NotHere
from assistant.fetch.pace import Stopped


class Settler:
    """Settles the items of one run, which the ledger knows by its number."""

    def __init__(
        self, source: GuidanceSource, client: Client, *, ledger: Ledger, files: Files, run: int, again: bool = False
    ) -> None:
        self._source, self._client, self._ledger, self._files = source, client, ledger, files
        self._run, self._again = run, again
        self.removed: list[str] = []
        """Files removed, of items that are gone or have moved."""

    def settled(self, item: Item) -> Record | None:
        """What became of an item that this run has asked for already, as long as what it fetched is there as it was."""
        record = self._ledger.record(item.address)
        if record is None or record.run != self._run or record.state not in SETTLED:
            return None
        if record.state in {State.FETCHED, State.UNCHANGED} and not self._is_sound(record):
            return None
        merged = _with_parts(item, record)
        if merged.parts != record.item.parts:
            record = replace(record, item=replace(record.item, parts=merged.parts))
            self._ledger.put(record)
        return record

    def settle(self, item: Item) -> Record | None:
        """Ask for an item and note what became of it; None when the fetch is being stopped.

        Raises:
            Unreachable: Nobody has answered any request yet, so there seems to be no network.
        """
        known = self._ledger.record(item.address)
        item = _with_parts(item, known)
        held = known if known and known.item.file == item.file and self._is_sound(known) else None
        try:
            record = self._ask(item, held)
        except Stopped:
            return None
        except FetchError as error:
            if isinstance(error, Unreachable) and not self._client.answered:
                raise
            record = self._without(item, held, State.FAILED, str(error))
        renamed = known is not None and known.item.file != item.file and bool(record.sha256)
        if known and known.sha256 and (record.state is State.GONE or renamed):
            self._remove(known.item.file)
        self._ledger.put(record)
        return record

    def body(self, record: Record) -> bytes | None:
        """The file kept of an item; None when there is none."""
        return self._files.read(record.item.file) if record.sha256 else None

    def release(self, address: str, *, kept_as: str) -> None:
        """Remove the file of an item that has moved, now that it is kept from where it moved to, or gone there."""
        record = self._ledger.record(address)
        if record is None or not record.sha256:
            return
        if record.item.file.lower() != kept_as.lower():
            self._remove(record.item.file)
        self._ledger.put(replace(record, sha256="", fetched="", etag="", modified=""))

    def _ask(self, item: Item, held: Record | None) -> Record:
        def check(body: bytes, headers: Mapping[str, str]) -> NotHere | None:
            try:
                return self._source.check(item, body, headers)
            except BernardError:
                raise
            except Exception as error:  # a fault in a publisher's code costs this item, not the run
                raise FetchError(f"It could not be checked ({type(error).__name__}: {error}); please report this") from error

        conditions = {"etag": held.etag, "modified": held.modified} if held and not self._again else {}
        reply = self._client.ask(item.address, check=check, **conditions)
        if reply.moved_to:
            return replace(self._without(item, held, State.MOVED, "It has moved."), moved_to=reply.moved_to)
        if reply.not_here:
            state = State.MOVED if reply.not_here.moved_to else State.GONE
            record = self._without(item, held, state, reply.not_here.reason)
            return replace(record, moved_to=reply.not_here.moved_to)
        if reply.status == http.HTTPStatus.GONE:
            return self._without(item, held, State.GONE, "The publisher has taken it down (410 Gone).")
        if reply.status == http.HTTPStatus.NOT_FOUND:
            still = f" The copy of {held.fetched[:10]} is kept." if held else ""
            return self._without(item, held, State.MISSING, f"There is nothing at this address (404 Not Found).{still}")
        if reply.status == http.HTTPStatus.NOT_MODIFIED and held:
            return self._with(item, reply, replace(held, state=State.UNCHANGED))
        return self._keep(item, held, reply)

    def _keep(self, item: Item, held: Record | None, reply: Reply) -> Record:
        sha256 = digest(reply.body)
        if held and held.sha256 == sha256:
            return self._with(item, reply, replace(held, state=State.UNCHANGED, etag="", modified=""))
        for other in self._ledger.holders(item.file):
            if other.item.address == item.address:
                continue
            if other.item.file != item.file:
                raise FetchError(
                    f"Its file {item.file} differs only in capital letters from that of {other.page}, which is kept already."
                )
            self._ledger.forget(other.item.address)  # the same item, fetched from another server before
        self._files.write(item.file, reply.body)
        return self._with(
            item, reply, Record(item, State.FETCHED, self._source.licence, sha256=sha256, fetched=now(), run=self._run)
        )

    def _with(self, item: Item, reply: Reply, record: Record) -> Record:
        """The record of an item that is here, with what the reply says of its version."""
        return replace(
            record,
            item=item,
            reason="",
            moved_to="",
            etag=reply.headers.get("etag", record.etag),
            modified=reply.headers.get("last-modified", record.modified),
            checked=now(),
            run=self._run,
        )

    def _without(self, item: Item, held: Record | None, state: State, reason: str) -> Record:
        """The record of an item that is not here; the copy held stays, unless the item is gone."""
        if held and state is not State.GONE:
            return replace(held, item=item, state=state, reason=reason, moved_to="", checked=now(), run=self._run)
        return Record(item, state, self._source.licence, reason=reason, checked=now(), run=self._run)

    def _remove(self, file: str) -> None:
        if self._files.remove(file):
            self.removed.append(file)

    def _is_sound(self, record: Record) -> bool:
        body = self.body(record)
        return body is not None and digest(body) == record.sha256


def _with_parts(item: Item, known: Record | None) -> Item:
    """The item with what was wanted with it before, too."""
    return replace(item, parts=tuple(dict.fromkeys([*item.parts, *known.item.parts]))) if known else item
