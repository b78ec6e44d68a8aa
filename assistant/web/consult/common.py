"""What all pages of consultations share: the frame around them, who may open what, and where a change leads.

Each request is answered in a thread, since the room reads files and reckons. A change ends in a redirect; what the room
refuses is told as a page. Knows nothing of what any one page shows or changes.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.consult import Edit, action_of
from assistant.errors import BernardError, InputError
from assistant.records import Role
from assistant.web.consult import looks
from assistant.web.consult.access import may_work
from assistant.web.consult.asking import Ask, Here, ask_of
from assistant.web.consult.pieces import LIST, at, crumbs, hidden, tabs
from assistant.web.consult.shelf import Broken, Shelf
from assistant.web.consult.typed import NOTHING, Typed
from assistant.web.frame import error_summary, frame
from assistant.web.sent import TooLong, body_of

if TYPE_CHECKING:
    from assistant.settings import Settings

_log = logging.getLogger(__name__)
_MOST_FIELDS = 3000
"""A survey export has up to some hundred columns, and the page that confirms them a field for each."""
_MOST_SENT = 2**20
_THREADS = 12
"""Requests for consultations at once: who waits for a colleague's long one takes no thread from those who ask questions."""
_SAID = {
    "begun": "The responses were read in. Next, form candidate themes.",
    "themes": "The candidate themes are ready. Decide on each.",
    "already": "It stood like that already: nothing was changed.",
    "renamed": "The theme’s words were saved.",
    "approved": "The theme was approved.",
    "approved-some": "The themes were approved.",
    "rejected": "The theme was rejected.",
    "rejected-some": "The themes were rejected.",
    "merged": "The themes were merged.",
    "split": "The new theme was split off.",
    "added": "The theme was added.",
    "moved": "The responses were moved.",
    "reviewed": "Saved, and learnt from.",
    "labelled": "Saved. It is not learnt from.",
    "undone": "Undone. It stays in the history.",
    "signed": "Signed. Any change takes the signature away.",
    "deleted": "The consultation was deleted.",
    "dropped": "The file was deleted.",
    "named": "Your name was changed.",
    "people": "Saved who may work on it.",
    "stopped": "Stopped. What was read is kept.",
}
_NOT_THERE = "There is no such consultation, or it is not shared with you."


class Common:
    """Lets requests in and puts pages into their frame."""

    def __init__(self, settings: Settings, shelf: Shelf, *, can_leave: bool) -> None:
        """Prepare; nothing is opened yet.

        Args:
            settings: Where consultations are.
            shelf: Keeps them open.
            can_leave: There is something to sign out of.
        """
        self._settings, self._shelf, self._can_leave = settings, shelf, can_leave
        self._threads = CapacityLimiter(_THREADS)

    def page(self, ask: Ask, title: str, body: str, *, faults: Mapping[str, str] | None = None, status: int = 0) -> Response:
        """A whole page."""
        whole = frame(
            title,
            body,
            user=ask.identity.name,
            can_leave=self._can_leave,
            is_fault=bool(faults),
            head_html=looks.head(),
            place="consultations",
            may_evaluate=ask.identity.may(Role.EVALUATOR),
        )
        return HTMLResponse(
            whole, status_code=status or (422 if faults else 200), headers={"Cache-Control": "private, no-store"}
        )

    def of_question(
        self,
        ask: Ask,
        here: Here,
        part: str,
        title: str,
        body: str,
        *,
        typed: Typed = NOTHING,
        status: int = 0,
    ) -> Response:
        """A page of a question, with its tabs."""
        consultation, number = here.consultation, here.number
        steps = [(LIST, "Consultations"), (at(here.name, number), here.called)]
        asked = consultation.questions
        many = (
            f' <span class="c-small">(question {number} of {len(asked)}; <a class="b-link" href="{escape(at(here.name))}">'
            "choose another</a>)</span>"
            if len(asked) > 1
            else ""
        )
        conflict = (
            f'<div class="c-conflict" role="alert"><h2>A colleague was '
            f"faster</h2><p>{escape(typed.conflict)}</p><p>What you "
            "typed is still here, beside how things stand now.</p></div>"
            if typed.conflict
            else ""
        )
        whole = (
            f"{crumbs(*steps)}{error_summary(dict(typed.faults))}{conflict}{_said(ask, here)}"
            f'<h1 class="b-page-title">{escape(title)}</h1><p class="c-question">{escape(here.question.text)}{many}</p>'
            f"{tabs(here.name, here.number, part)}{body}"
        )
        is_wrong = {**typed.faults} or ({"conflict": typed.conflict} if typed.conflict else {})
        return self.page(
            ask, f"{title} – {here.called}", whole, faults=is_wrong, status=status or (409 if typed.conflict else 0)
        )

    def get(self, act: Callable[[Ask], Response]) -> Callable[[Request], Any]:
        """A route that shows a page."""

        async def route(request: Request) -> Response:
            return await to_thread.run_sync(self._safely, act, ask_of(request, {}), limiter=self._threads)

        return route

    def post(self, act: Callable[[Ask], Response]) -> Callable[[Request], Any]:
        """A route that reads a form and acts on it."""

        async def route(request: Request) -> Response:
            try:
                body = (await body_of(request, most=_MOST_SENT)).decode("utf-8", "replace")
                form = parse_qs(body, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)
            except (TooLong, ValueError):
                raise HTTPException(413, "More was sent than this page takes.") from None
            return await to_thread.run_sync(self._safely, act, ask_of(request, form), limiter=self._threads)

        return route

    def _safely(self, act: Callable[[Ask], Response], ask: Ask) -> Response:
        """What the room refuses is told as a page; faults of the program go on to whoever tells those."""
        try:
            return act(ask)
        except InputError as error:
            words = self.told(error)
            body = (
                f'{crumbs((LIST, "Consultations"))}<h1 class="b-page-title">This did not work</h1><p class="c-lead">'
                f"{escape(words)}</p>"
            )
            return self.page(ask, "This did not work", body, faults={"main": words}, status=422)
        except BernardError as error:
            raise HTTPException(503, self.told(error)) from None  # such as a consultation that is in use

    def told(self, error: BernardError) -> str:
        """The words of a fault without the folders of the server."""
        return (
            str(error)
            .replace(f"{self._settings.data_dir / 'consultations'}{os.sep}", "")
            .replace(str(self._settings.data_dir), "…")
        )

    def here(self, ask: Ask, act: Callable[[Here], Response]) -> Response:
        """Act on a question, if the reader may work on it."""
        number = str(ask.request.path_params.get("number", "1"))
        with ExitStack() as held:
            try:
                opened = held.enter_context(self._shelf.take(ask.name))
            except InputError:
                raise HTTPException(404, _NOT_THERE) from None
            except Broken as error:
                _log.error("A consultation cannot be opened: %s", error)
                if not ask.identity.may(Role.ADMINISTRATOR):  # nobody can tell any more whose it is
                    raise HTTPException(404, _NOT_THERE) from None
                raise InputError("The file of this consultation cannot be read. The log of the program says why.") from None
            if not may_work(ask.identity, opened.consultation):
                raise HTTPException(404, _NOT_THERE)
            if not (number.isascii() and number.isdecimal() and len(number) < 4):
                raise HTTPException(404, "There is no such question.")
            if not 1 <= int(number) <= len(opened.consultation.questions):
                raise HTTPException(404, "There is no such question.")
            question = opened.consultation.question(int(number))
            return act(Here(opened, int(number), question, len(question.edits)))


def go(
    name: str, number: int | None = None, *parts: str, said: str = "", query: Mapping[str, Any] | None = None
) -> Response:
    """Lead to an address of a consultation, where `said` tells what was done."""
    address = at(name, number, *parts, said=said, **(query or {}))
    # In the queue the focus goes to the next response, where the keys work.
    place = "review" if parts == ("queue",) else "said" if said else ""
    return RedirectResponse(f"{address}#{place}" if place else address, status_code=303)


def changed(here: Here, said: str, *parts: str, undoable: bool = True) -> Response:
    """Lead to where the change just made is told, with its undoing beside it where nobody else changed anything."""
    edits = here.question.edits
    if len(edits) == here.before:
        return go(here.name, here.number, *parts, said="already")
    first = here.before + 1
    edit = {"edit": first} if undoable and _is_last(edits, first) else {}
    return go(here.name, here.number, *parts, said=said, query=edit)


def _is_last(edits: Sequence[Edit], number: int) -> bool:
    """Whether an edit, with all that was done at a stroke with it, is the last thing that was done."""
    action = action_of(edits, number)
    return bool(action) and action[0].number == number and action[-1].number == len(edits)


def said_of(ask: Ask) -> str:
    """What was just done, in words; "" where nothing was."""
    return _SAID.get(ask.asked("said"), "")


def _said(ask: Ask, here: Here) -> str:
    words = said_of(ask)
    if not words:
        return ""
    edit = ask.asked("edit")
    undo = ""
    if edit.isascii() and edit.isdecimal() and len(edit) < 9 and _is_last(here.question.edits, int(edit)):
        undo = (
            f'<form method="post" action="{escape(at(here.name, here.number, "undo"))}">{hidden(edit=edit)}'
            '<button type="submit" class="b-button">Undo this</button></form>'
        )
    return f'<div class="b-inset c-said" role="status" id="said"><p>{escape(words)}</p>{undo}</div>'
