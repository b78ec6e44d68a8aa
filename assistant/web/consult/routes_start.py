"""Before a consultation begins: the list of them, a file that arrives and is confirmed, the demonstration, a reader’s name.

Knows nothing of themes or of what a page looks like.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import CancelScope, CapacityLimiter, to_thread
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response

import assistant.consult
from assistant.consult import Column, ColumnKind, Consultation, names, questions, recognise, repeated_identifiers
from assistant.errors import InputError
from assistant.uploads.model import shown_name
from assistant.web.adding import LONGEST
from assistant.web.consult.access import clean, may_work, remember
from assistant.web.consult.arrivals import Arrivals
from assistant.web.consult.asking import Ask, ask_of
from assistant.web.consult.called import kept_as
from assistant.web.consult.common import Common, go, said_of
from assistant.web.consult.pages_start import Entry, confirm_page, list_page
from assistant.web.consult.pieces import LIST
from assistant.web.consult.space import check_room
from assistant.web.receiving import BrokenForm, TooMuch, receive
from assistant.web.sent import Form, one

if TYPE_CHECKING:
    from assistant.settings import Settings

_log = logging.getLogger(__name__)
_DEMONSTRATION = Path(assistant.consult.__file__).parent / "demo" / "responses.csv"
_LONGEST_QUESTION = 2000
_READ_AT_ONCE = 2
"""Files read at once, each in a process that may take a gigabyte; the threads that wait for them are not those of pages."""
_SENT_BY_ONE = 2
_SENT_AT_ONCE = 12


class Start:
    """Answers until a consultation is there."""

    def __init__(self, common: Common, settings: Settings, arrivals: Arrivals, *, signs_in: bool) -> None:
        """Prepare.

        Args:
            common: What all pages share.
            settings: Where consultations are, and how large files may be.
            arrivals: Files that nobody has confirmed yet.
            signs_in: Users sign in.
        """
        self._common, self._settings, self._signs_in = common, settings, signs_in
        self._arrivals = arrivals
        self._sending: Counter[str] = Counter()
        self._readers = CapacityLimiter(_READ_AT_ONCE)

    def listed(self, ask: Ask, faults: Mapping[str, str] | None = None) -> Response:
        """All that the reader may see."""
        entries = []
        for name in names(self._settings):
            try:
                with Consultation.open(name, self._settings) as found:
                    if may_work(ask.identity, found):
                        entries.append(Entry(name, found.file, found.questions, found.owner))
            except InputError as error:
                if not self._signs_in:
                    entries.append(Entry(name, "", (), "", fault=self._common.told(error)))
        body = list_page(
            entries,
            faults=faults or {},
            most_mib=self._settings.uploads.max_file_mib,
            takes_files=self._settings.uploads.allowed,
            who=ask.who,
            may_be_named=not ask.identity.name,
            said=said_of(ask),
        )
        return self._common.page(ask, "Consultations", body, faults=faults)

    @asynccontextmanager
    async def _place(self, user: str) -> AsyncIterator[Path]:
        """A folder to receive a file in, for those who may send one at the moment."""
        if self._sending[user] >= (_SENT_BY_ONE if self._signs_in else _SENT_AT_ONCE):
            raise InputError("Other files that you sent are still being read. Wait until they are, then send this one.")
        if self._sending.total() >= _SENT_AT_ONCE:
            raise InputError("Many people are sending files at the moment. Try again in a minute.")
        await run_in_threadpool(check_room, user, self._settings)
        self._sending[user] += 1
        receiving = self._arrivals.receiving()
        try:
            folder = await run_in_threadpool(receiving.__enter__)
            try:
                yield folder
            finally:
                with CancelScope(shield=True):  # what was sent goes also where the sender has gone
                    await run_in_threadpool(receiving.__exit__, None, None, None)
        finally:
            self._sending[user] -= 1

    async def sent(self, request: Request) -> Response:
        """A file arrives."""
        ask = ask_of(request, {})
        if not self._settings.uploads.allowed:
            raise HTTPException(403, "Files may not be sent to this installation.")
        largest = self._settings.uploads.max_file_mib * 2**20
        try:
            async with self._place(ask.identity.name) as folder:
                kind = request.headers.get("content-type", "")
                try:
                    async with asyncio.timeout(LONGEST):
                        arrived = await receive(request.stream(), kind, folder, largest=largest, most=1, total=largest)
                except TimeoutError:
                    raise InputError("Nothing was kept. It took more than 10 minutes to send. Try again.") from None
                if not arrived or not arrived[0].name:
                    raise InputError("Choose a file of responses, then send it.")
                if not arrived[0].is_whole:
                    raise TooMuch(
                        f"The file is larger than the {self._settings.uploads.max_file_mib:,} MiB that it may have."
                    )
                name = shown_name(arrived[0].name)
                reading = partial(self._arrivals.read, ask.identity.name, arrived[0].path, name)
                token = await to_thread.run_sync(reading, limiter=self._readers)
        except ClientDisconnect:
            return Response(status_code=400)
        except (InputError, BrokenForm) as error:
            return await run_in_threadpool(self.listed, ask, {"file": str(error)})
        _log.info("%s sent a file of responses.", ask.identity.name or "Somebody")
        return RedirectResponse(f"{LIST}/new/{token}", status_code=303)

    def confirm(self, ask: Ask) -> Response:
        """What a file holds, as it was recognised."""
        return self._confirm(ask, {}, {})

    def _confirm(self, ask: Ask, said: Mapping[int, ColumnKind], faults: Mapping[str, str]) -> Response:
        token = str(ask.request.path_params["token"])
        arrival = self._arrivals.take(ask.identity.name, token)
        columns = _as_said(recognise(arrival.table), said)
        asked = questions(arrival.table, columns, asked=ask.field("asked"))
        problems = [*arrival.table.problems, *(repeated_identifiers(asked[0]) if asked else ())]
        name = ask.field("name") if "name" in ask.form else _free_name(arrival.file, ask.identity.name, self._settings)
        body = confirm_page(arrival, columns, asked, problems, name=name, question=ask.field("asked"), faults=faults)
        return self._common.page(ask, "Is this what the file holds?", body, faults=faults)

    def keep(self, ask: Ask) -> Response:
        """The columns are right, or are to be counted again, or the file is to go."""
        token = str(ask.request.path_params["token"])
        arrival = self._arrivals.take(ask.identity.name, token)
        if ask.field("do") == "drop":
            self._arrivals.drop(token)
            return RedirectResponse(f"{LIST}?said=dropped#said", status_code=303)
        said = _kinds(ask.form, len(arrival.table.headings))
        columns = _as_said(recognise(arrival.table), said)
        faults: dict[str, str] = {}
        for_open = [place for place, column in enumerate(columns) if column.kind is ColumnKind.OPEN]
        identifiers = [place for place, column in enumerate(columns) if column.kind is ColumnKind.IDENTIFIER]
        if not for_open:
            faults["kind-0"] = "Say which column holds answers in people’s own words."
        if len(identifiers) > 1:
            faults[f"kind-{identifiers[1]}"] = "Only one column can be the identifier of the response."
        if ask.field("do") == "count" or faults:
            return self._confirm(ask, said, faults)
        name = ask.field("name").strip()
        try:
            kept = kept_as(name, ask.identity.name, self._settings)
            if kept != name and self._sees(ask, name):
                raise InputError("It is there already.")
            made = Consultation.from_table(
                kept,
                arrival.table,
                self._settings,
                file=arrival.file,
                said=_by_heading(recognise(arrival.table), columns),
                asked=ask.field("asked").strip()[:_LONGEST_QUESTION],
                owner=ask.identity.name,
            )
        except InputError as error:
            words = (
                f"There is a consultation called {name} already. Choose another name."
                if "already" in str(error)
                else self._common.told(error)
            )
            return self._confirm(ask, said, {"called": words})
        made.note(ask.who, f"read {arrival.file} in")
        made.close()
        self._arrivals.drop(token)
        return go(kept, 1, said="begun")

    def _sees(self, ask: Ask, name: str) -> bool:
        """Whether the reader may work on a consultation that is kept under the bare name, as the command line makes them."""
        try:
            with Consultation.open(name, self._settings) as there:
                return may_work(ask.identity, there)
        except InputError:
            return False

    def demonstration(self, ask: Ask) -> Response:
        """Read the invented responses in, or open them if they are there."""
        for at_ in range(1, 1000):
            called = "demonstration" if at_ == 1 else f"demonstration {at_}"
            name = kept_as(called, ask.identity.name, self._settings)
            if name not in names(self._settings):
                break
            with Consultation.open(name, self._settings) as there:
                if may_work(ask.identity, there):
                    return go(name)
        try:
            check_room(ask.identity.name, self._settings)
        except InputError as error:
            return self.listed(ask, {"file": str(error)})
        table = assistant.consult.read_table_apart(_DEMONSTRATION, self._settings.reading)
        with Consultation.from_table(name, table, self._settings, file=_DEMONSTRATION.name, owner=ask.identity.name) as made:
            made.note(ask.who, "read the demonstration in")
        return go(name, 1, said="begun")

    def named(self, ask: Ask) -> Response:
        """Where nobody signs in, a reader says who they are."""
        name = clean(ask.field("name"))
        if ask.identity.name or not name:
            return self.listed(ask, {"analyst": "Give a name for the history."})
        reply = RedirectResponse(f"{LIST}?said=named#said", status_code=303)
        remember(reply, name)
        return reply


def _kinds(form: Form, columns: int) -> dict[int, ColumnKind]:
    kinds = {str(kind): kind for kind in ColumnKind}
    return {place: kinds[said] for place in range(columns) if (said := one(form, f"kind-{place}")) in kinds}


def _as_said(columns: Sequence[Column], said: Mapping[int, ColumnKind]) -> tuple[Column, ...]:
    return tuple(
        replace(column, kind=said[place], why="you said so") if place in said and said[place] is not column.kind else column
        for place, column in enumerate(columns)
    )


def _by_heading(recognised: Sequence[Column], columns: Sequence[Column]) -> dict[str, ColumnKind]:
    """What was corrected, named as the room takes it: by the column's number, or by a heading that looks like one."""
    headings = {column.name for column in columns}
    changed = [place for place, column in enumerate(columns) if column.kind is not recognised[place].kind]
    changed.sort(key=lambda place: columns[place].kind is ColumnKind.IDENTIFIER)  # the room lets go of the one before
    return {
        (columns[place].name if str(place + 1) in headings else str(place + 1)): columns[place].kind for place in changed
    }


def _free_name(file: str, owner: str, settings: Settings) -> str:
    """A name for a consultation, from that of its file."""
    stem = "".join(letter if letter.isalnum() or letter in " .-_" else " " for letter in Path(file).stem)
    plain = " ".join(stem.split()).strip(" .-_")[:60] or "Consultation"
    taken = set(names(settings))
    tried = (plain if at_ == 1 else f"{plain} {at_}" for at_ in range(1, 10_000))
    return next(name for name in tried if kept_as(name, owner, settings) not in taken)
