"""Adds the files that a form brings to the documents of a conversation, and says of each what became of it.

Only to the conversation of whoever sends them. Knows nothing of what is in a file or of how the reply looks.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from assistant.errors import InputError
from assistant.settings import UploadSettings
from assistant.uploads import NotAdded, OwnDocuments, OwnFile, Received, Step
from assistant.uploads.model import shown_name
from assistant.web.keeping import Keeping
from assistant.web.receiving import Arrived, receive

_log = logging.getLogger(__name__)
LONGEST = 600.0
"""Seconds in which what is sent has to come: 35 kB a second for the largest file. A place is taken meanwhile."""


def words(step: Step) -> str:
    """A step for people, to follow the name."""
    if step.stage == "refused":
        reason = step.reason.removeprefix(f"{step.name} ").removeprefix("the file ")  # it follows the name
        return reason.rstrip(".") + "."
    if step.stage == "reading":
        return "is being read…"
    if step.stage == "indexing":
        return f"is being indexed: {step.done:,} of {step.of:,} passages…"
    notes = f" {'; '.join(step.file.remarks)}." if step.file and step.file.remarks else ""
    renamed = f" as {step.file.name}" if step.file and step.file.name != step.name else ""
    return f"was added{renamed}.{notes}"


def reported(error: Exception) -> str:
    """Why a file was not added, to follow its name, where nobody expected that; the log has it under the reference."""
    reference = secrets.token_hex(4).upper()
    # No stack trace: it could hold what stands in the file, or its name.
    _log.error("A document could not be added (%s). Reference %s", type(error).__name__, reference)
    return f"could not be added. Give reference {reference} to whoever looks after Bernard"


class Adding:
    """Takes files, and replies when all are done; bernard.js, which shows progress, has `own_files`."""

    def __init__(self, own: OwnDocuments, keeping: Keeping, limits: UploadSettings) -> None:
        """Prepare.

        Args:
            own: The documents.
            keeping: Knows whose a conversation is.
            limits: How many and how large they may be.
        """
        self._own, self._keeping, self.limits = own, keeping, limits

    async def add(self, request: Request, user: str, conversation: str) -> list[Step]:
        """What became of each file of a form, in their order; its last step.

        Raises:
            InputError: There is no such conversation of this user's; more was sent than may be; or it is no form with files.
            RecordsUnusable: The records do not answer.
            ClientDisconnect: Whoever sent it has gone.
        """
        with ExitStack() as held:
            largest, folder = await run_in_threadpool(self._prepared, user, conversation, held)
            try:
                async with asyncio.timeout(LONGEST):
                    arrived = await receive(
                        request.stream(),
                        request.headers.get("content-type", ""),
                        folder,
                        largest=largest,
                        most=self.limits.max_files,
                        total=self.limits.max_total_mib * 2**20,
                    )
            except TimeoutError:
                raise InputError("Nothing was added. It took more than 10 minutes to send. Try again.") from None
            # A browser sends one part without a name and without content where no file was chosen.
            chosen = [file for file in arrived if file.name or not file.is_whole or file.path.stat().st_size]
            return await run_in_threadpool(lambda: list(self._ends(user, conversation, chosen, largest)))

    def _prepared(self, user: str, conversation: str, held: ExitStack) -> tuple[int, Path]:
        """How large a file may be, and the folder for what comes: before anything of it does."""
        self._keeping.conversation(user, conversation)
        try:
            held.enter_context(self._own.place(user))
            largest = self._own.room(user, conversation)
        except NotAdded as error:
            raise InputError(f"Nothing was added. It {str(error).rstrip('.')}.") from None
        return largest, held.enter_context(self._own.shelves.unfinished(user, conversation))

    def _is_there(self, user: str, conversation: str) -> bool:
        try:
            self._keeping.conversation(user, conversation)
        except InputError:
            return False
        return True

    def _ends(self, user: str, conversation: str, arrived: Sequence[Arrived], largest: int) -> Iterator[Step]:
        for file in arrived:
            try:
                if not file.is_whole:
                    raise self._own.too_large(largest)
                received = Received(file.name, file.path)
                *_, end = self._own.add(user, conversation, received, is_there=lambda: self._is_there(user, conversation))
            except NotAdded as error:
                end = Step(shown_name(file.name), "refused", reason=str(error))
            except Exception as error:  # noqa: BLE001 - whatever it is, the sender gets words and the log the rest
                end = Step(shown_name(file.name), "refused", reason=reported(error))
            yield end

    async def listed(self, user: str, conversation: str) -> list[OwnFile]:
        """The files of a conversation, oldest first.

        Raises:
            InputError: There is no such conversation of this user's.
        """
        await run_in_threadpool(self._keeping.conversation, user, conversation)
        return await run_in_threadpool(self._own.listed, user, conversation)

    async def remove(self, user: str, conversation: str, file: str) -> None:
        """Delete a file.

        Raises:
            InputError: There is no such conversation of this user's, or no such file in it.
        """
        await run_in_threadpool(self._keeping.conversation, user, conversation)
        if not await run_in_threadpool(self._own.remove, user, conversation, file):
            raise InputError("There is no such document. It was removed, or has expired.")
