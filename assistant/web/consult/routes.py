"""The requests of the pages of consultations: what each shows, what each changes, and who may.

Each is answered in a thread, since the room reads files and reckons. A change ends in a redirect; what cannot be done shows
the page again with what was typed. Knows nothing of how the room works or of what a page looks like.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

import assistant.consult
from assistant.consult import (
    Column,
    ColumnKind,
    Consultation,
    EditConflict,
    OpenQuestion,
    ReportForm,
    describe,
    names,
    path_of,
    questions,
    recognise,
    repeated_identifiers,
    write_report,
)
from assistant.errors import BernardError, InputError
from assistant.uploads.model import shown_name
from assistant.web.consult import deciding, finding, looks
from assistant.web.consult.access import clean, may_manage, may_work, name_of, remember
from assistant.web.consult.arrivals import Arrivals
from assistant.web.consult.forming import Forming
from assistant.web.consult.pages_end import history_page, report_page
from assistant.web.consult.pages_queue import queue_page
from assistant.web.consult.pages_read import forming_panel, progress_words, read_page
from assistant.web.consult.pages_responses import response_page, responses_page
from assistant.web.consult.pages_start import Entry, confirm_page, list_page
from assistant.web.consult.pages_themes import NOTHING, Typed, merge_page, theme_page, themes_page
from assistant.web.consult.pieces import LIST, at, crumbs, hidden, tabs
from assistant.web.consult.shelf import Board, Opened, Shelf
from assistant.web.frame import error_summary, frame
from assistant.web.receiving import BrokenForm, TooMuch, receive
from assistant.web.sent import Form, TooLong, body_of, one
from assistant.web.signin.identity import Identity, identity_of

if TYPE_CHECKING:
    from assistant.index import Embedder
    from assistant.settings import Settings

_log = logging.getLogger(__name__)
_DEMONSTRATION = Path(assistant.consult.__file__).parent / "demo" / "responses.csv"
_MOST_FIELDS = 3000
"""A survey export has up to some hundred columns, and the page that confirms them a field for each."""
_MOST_SENT = 2**20
_MOST_SKIPPED = 200
_MOST_GROUPS = 100
_LONGEST_QUESTION = 2000
_KINDS_OF_FILE = {
    "html": "text/html",
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_SAID = {
    "begun": "The responses were read in. Next, form candidate themes.",
    "themes": "The candidate themes are ready. Decide on each.",
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
NOT_THERE = "There is no such consultation, or it is not shared with you."


@dataclass(frozen=True)
class Ask:
    """A request with who sent it.

    Attributes:
        request: As it came.
        identity: Who sent it, as the gate found out.
        who: The name for the history.
        form: Its fields; empty for a page that is only looked at.
    """

    request: Request
    identity: Identity
    who: str
    form: Form

    @property
    def name(self) -> str:
        """The consultation's name, from the address."""
        return str(self.request.path_params.get("name", ""))

    def field(self, name: str) -> str:
        """The first value of a field."""
        return one(self.form, name)

    def asked(self, name: str) -> str:
        """The first value in the address."""
        return str(self.request.query_params.get(name, ""))


@dataclass(frozen=True)
class Here:
    """A question of an open consultation, which this request has for itself."""

    opened: Opened
    number: int
    question: OpenQuestion

    @property
    def consultation(self) -> Consultation:
        """It is of this."""
        return self.opened.consultation

    @property
    def name(self) -> str:
        """Its name."""
        return self.consultation.name

    @property
    def has_themes(self) -> bool:
        """There is something to decide on."""
        return bool(self.question.standing.themes or self.question.standing.rejected)

    def board(self) -> Board:
        """How it stands."""
        return self.opened.board(self.number)


class Pages:
    """Answers them all."""

    def __init__(
        self, settings: Settings, embedder: Callable[[], Embedder], *, signs_in: bool, can_leave: bool, recorded_days: int
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            settings: Where consultations are, and how large files may be.
            embedder: Gives the embedder.
            signs_in: Users sign in.
            can_leave: There is something to sign out of.
            recorded_days: What the foot of pages tells.
        """
        self._settings = settings
        self._signs_in, self._can_leave, self._days = signs_in, can_leave, recorded_days
        self.shelf = Shelf(settings, embedder)
        self.forming = Forming(settings)
        self.arrivals = Arrivals(settings)

    # the frame of all of them

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
        steps = [(LIST, "Consultations"), (at(here.name, number), here.name)]
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
            f"{crumbs(*steps)}{error_summary(dict(typed.faults))}{conflict}{self._said(ask, here)}"
            f'<h1 class="b-page-title">{escape(title)}</h1><p class="c-question">{escape(here.question.text)}{many}</p>'
            f"{tabs(here.name, here.number, part)}{body}"
        )
        is_wrong = {**typed.faults} or ({"conflict": typed.conflict} if typed.conflict else {})
        return self.page(
            ask, f"{title} – {here.name}", whole, faults=is_wrong, status=status or (409 if typed.conflict else 0)
        )

    def _said(self, ask: Ask, here: Here) -> str:
        words = _SAID.get(ask.asked("said"), "")
        if not words:
            return ""
        edit = ask.asked("edit")
        undo = ""
        if edit.isascii() and edit.isdecimal() and len(edit) < 9 and edit == str(len(here.question.edits)):
            undo = (
                f'<form method="post" action="{escape(at(here.name, here.number, "undo"))}">{hidden(edit=edit)}'
                '<button type="submit" class="b-button">Undo this</button></form>'
            )
        return f'<div class="b-inset c-said" role="status" id="said"><p>{escape(words)}</p>{undo}</div>'

    # routes

    def get(self, act: Callable[[Ask], Response]) -> Callable[[Request], Any]:
        """A route that shows a page."""

        async def route(request: Request) -> Response:
            return await run_in_threadpool(self._safely, act, self._ask(request, {}))

        return route

    def post(self, act: Callable[[Ask], Response]) -> Callable[[Request], Any]:
        """A route that reads a form and acts on it."""

        async def route(request: Request) -> Response:
            try:
                body = (await body_of(request, most=_MOST_SENT)).decode("utf-8", "replace")
                form = parse_qs(body, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)
            except (TooLong, ValueError):
                raise HTTPException(413, "More was sent than this page takes.") from None
            return await run_in_threadpool(self._safely, act, self._ask(request, form))

        return route

    def _ask(self, request: Request, form: Form) -> Ask:
        identity = identity_of(request)
        return Ask(request, identity, name_of(identity, request), form)

    def _safely(self, act: Callable[[Ask], Response], ask: Ask) -> Response:
        """What the room refuses is told as a page; faults of the program go on to whoever tells those."""
        try:
            return act(ask)
        except InputError as error:
            body = (
                f'{crumbs((LIST, "Consultations"))}<h1 class="b-page-title">This did not work</h1><p class="c-lead">'
                f"{escape(str(error))}</p>"
            )
            return self.page(ask, "This did not work", body, faults={"main": str(error)}, status=422)
        except BernardError as error:
            raise HTTPException(503, str(error)) from None  # such as a consultation that is in use

    def _here(self, ask: Ask, act: Callable[[Here], Response]) -> Response:
        """Act on a question, if the reader may work on it."""
        number = str(ask.request.path_params.get("number", "1"))
        try:
            taken = self.shelf.take(ask.name)
            with taken as opened:
                if not may_work(ask.identity, opened.consultation):
                    raise HTTPException(404, NOT_THERE)
                if not (number.isascii() and number.isdecimal() and len(number) < 4):
                    raise HTTPException(404, "There is no such question.")
                if not 1 <= int(number) <= len(opened.consultation.questions):
                    raise HTTPException(404, "There is no such question.")
                return act(Here(opened, int(number), opened.consultation.question(int(number))))
        except InputError:
            if ask.name not in names(self._settings):
                raise HTTPException(404, NOT_THERE) from None
            raise

    def _go(
        self, name: str, number: int | None = None, *parts: str, said: str = "", query: Mapping[str, Any] | None = None
    ) -> Response:
        address = at(name, number, *parts, said=said, **(query or {}))
        # In the queue the focus goes to the next response, where the keys work.
        place = "review" if parts == ("queue",) else "said" if said else ""
        return RedirectResponse(f"{address}#{place}" if place else address, status_code=303)

    # before a consultation begins

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
                    entries.append(Entry(name, "", (), "", fault=str(error)))
        body = list_page(
            entries,
            faults=faults or {},
            most_mib=self._settings.uploads.max_file_mib,
            takes_files=self._settings.uploads.allowed,
            who=ask.who,
            may_be_named=not ask.identity.name,
            said=_SAID.get(ask.asked("said"), ""),
        )
        return self.page(ask, "Consultations", body, faults=faults)

    async def sent(self, request: Request) -> Response:
        """A file arrives."""
        ask = self._ask(request, {})
        if not self._settings.uploads.allowed:
            raise HTTPException(403, "Files may not be sent to this installation.")
        largest = self._settings.uploads.max_file_mib * 2**20
        try:
            with self.arrivals.receiving() as folder:
                kind = request.headers.get("content-type", "")
                arrived = await receive(request.stream(), kind, folder, largest=largest, most=1, total=largest)
                if not arrived or not arrived[0].name:
                    raise InputError("Choose a file of responses, then send it.")
                if not arrived[0].is_whole:
                    raise TooMuch(
                        f"The file is larger than the {self._settings.uploads.max_file_mib:,} MiB that it may have."
                    )
                name = shown_name(arrived[0].name)
                token = await run_in_threadpool(self.arrivals.read, ask.identity.name, arrived[0].path, name)
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
        arrival = self.arrivals.take(ask.identity.name, token)
        columns = _as_said(recognise(arrival.table), said)
        asked = questions(arrival.table, columns)
        problems = [*arrival.table.problems, *(repeated_identifiers(asked[0]) if asked else ())]
        name = ask.field("name") if "name" in ask.form else _free_name(arrival.file, self._settings)
        body = confirm_page(arrival, columns, asked, problems, name=name, question=ask.field("asked"), faults=faults)
        return self.page(ask, "Is this what the file holds?", body, faults=faults)

    def keep(self, ask: Ask) -> Response:
        """The columns are right, or are to be counted again, or the file is to go."""
        token = str(ask.request.path_params["token"])
        arrival = self.arrivals.take(ask.identity.name, token)
        if ask.field("do") == "drop":
            self.arrivals.drop(token)
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
            path_of(name, self._settings)
            made = Consultation.from_table(
                name,
                arrival.table,
                self._settings,
                file=arrival.file,
                said=_by_heading(recognise(arrival.table), columns),
                asked=ask.field("asked").strip()[:_LONGEST_QUESTION],
                owner=ask.identity.name,
            )
        except InputError as error:
            words = (
                f"There is a consultation called {name} already. Choose another name." if "already" in str(error) else error
            )
            return self._confirm(ask, said, {"called": str(words)})
        made.note(ask.who, f"read {arrival.file} in")
        made.close()
        self.arrivals.drop(token)
        return self._go(name, 1, said="begun")

    def demonstration(self, ask: Ask) -> Response:
        """Read the invented responses in, or open them if they are there."""
        name = "demonstration"
        for at_ in range(1, 1000):
            name = "demonstration" if at_ == 1 else f"demonstration {at_}"
            if name not in names(self._settings):
                break
            with Consultation.open(name, self._settings) as there:
                if may_work(ask.identity, there):
                    return self._go(name)
        table = assistant.consult.read_table_apart(_DEMONSTRATION, self._settings.reading)
        with Consultation.from_table(name, table, self._settings, file=_DEMONSTRATION.name, owner=ask.identity.name) as made:
            made.note(ask.who, "read the demonstration in")
        return self._go(name, 1, said="begun")

    def named(self, ask: Ask) -> Response:
        """Where nobody signs in, a reader says who they are."""
        name = clean(ask.field("name"))
        if ask.identity.name or not name:
            return self.listed(ask, {"analyst": "Give a name for the history."})
        reply = RedirectResponse(f"{LIST}?said=named#said", status_code=303)
        remember(reply, name)
        return reply

    # one consultation

    def opened(self, ask: Ask) -> Response:
        """A consultation's questions; where there is one only, that."""

        def act(here: Here) -> Response:
            asked = here.consultation.questions
            if len(asked) == 1:
                return self._go(here.name, 1, "themes" if here.has_themes else "")
            items = "".join(
                f'<li><a class="b-open" href="{escape(at(here.name, number))}">{escape(text)}</a></li>'
                for number, text in enumerate(asked, start=1)
            )
            body = (
                f'{crumbs((LIST, "Consultations"))}<h1 class="b-page-title">{escape(here.name)}</h1>'
                f'<p class="c-lead">Choose a question.</p><ol class="c-list">{items}</ol>'
            )
            return self.page(ask, here.name, body)

        return self._here(ask, act)

    def read(self, ask: Ask) -> Response:
        """What was read in."""
        return self._here(ask, lambda here: self._read(ask, here))

    def _read(self, ask: Ask, here: Here, faults: Mapping[str, str] | None = None) -> Response:
        body = read_page(
            here.consultation,
            here.number,
            run=self.forming.run_of(here.name, here.number),
            has_themes=here.has_themes,
            faults=faults or {},
            may_manage=may_manage(ask.identity, here.consultation),
            shows_people=self._signs_in,
            typed_number=ask.field("number"),
        )
        return self.of_question(ask, here, "", "What was read", body, typed=Typed(faults=faults or {}))

    def form(self, ask: Ask) -> Response:
        """Begin to form themes."""

        def act(here: Here) -> Response:
            typed = ask.field("number").strip()
            groups = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else None
            if typed and (groups is None or not 2 <= groups <= _MOST_GROUPS):
                return self._read(ask, here, {"number": f"Give a number from 2 to {_MOST_GROUPS}, or leave it empty."})
            self.forming.start(here.name, here.number, who=ask.who, groups=groups)
            return self._go(here.name, here.number)

        return self._here(ask, act)

    def stop(self, ask: Ask) -> Response:
        """Stop forming them."""

        def act(here: Here) -> Response:
            self.forming.stop(here.name, here.number)
            return self._go(here.name, here.number, said="stopped")

        return self._here(ask, act)

    def progress(self, ask: Ask) -> Response:
        """How far it is, for consult.js."""

        def act(here: Here) -> Response:
            run = self.forming.run_of(here.name, here.number)
            if run is None or not run.is_under_way:
                next_ = (
                    at(here.name, here.number, "themes", said="themes")
                    if run and run.status == "done"
                    else at(here.name, here.number)
                )
                return JSONResponse({"ended": True, "next": next_})
            return JSONResponse({"ended": False, "words": progress_words(run), "done": run.done, "of": run.of})

        return self._here(ask, act)

    def people(self, ask: Ask) -> Response:
        """Say who may work on it."""

        def act(here: Here) -> Response:
            self._only_managers(ask, here)
            named = {clean(line).lower() for line in ask.field("people").splitlines()} - {""}
            wanted = sorted(named - {"*"}) + (["*"] if ask.field("everyone") else [])
            here.consultation.let_in(wanted)
            told = ", ".join("everyone who signs in" if one == "*" else one for one in wanted) or "nobody else"
            here.consultation.note(ask.who, f"shared it with {told}")
            return self._go(here.name, here.number, said="people")

        return self._here(ask, act)

    def delete(self, ask: Ask) -> Response:
        """Delete it."""

        def act(here: Here) -> Response:
            self._only_managers(ask, here)
            if not ask.field("sure"):
                return self._read(ask, here, {"sure": "Tick the box if you want to delete it for good."})
            self.forming.forget(here.name)
            here.consultation.close()
            path_of(here.name, self._settings).unlink(missing_ok=True)
            _log.info("%s deleted a consultation.", ask.who)
            return RedirectResponse(f"{LIST}?said=deleted#said", status_code=303)

        reply = self._here(ask, act)
        if reply.status_code == 303:
            self.shelf.drop(ask.name)
        return reply

    def _only_managers(self, ask: Ask, here: Here) -> None:
        if not may_manage(ask.identity, here.consultation):
            raise HTTPException(403, "Only whoever started the consultation, or an administrator, may do this.")

    # themes

    def themes(self, ask: Ask) -> Response:
        """All themes."""
        return self._here(ask, lambda here: self._themes(ask, here, NOTHING))

    def _themes(self, ask: Ask, here: Here, typed: Typed) -> Response:
        run = self.forming.run_of(here.name, here.number)
        if not here.has_themes or (run and run.is_under_way):
            panel = forming_panel(here.name, here.number, here.question, run, has_themes=here.has_themes, faults={})
            body = panel + (
                themes_page(here.name, here.number, here.question, here.board(), typed=typed) if here.has_themes else ""
            )
            return self.of_question(ask, here, "themes", "Themes", body, typed=typed)
        body = themes_page(here.name, here.number, here.question, here.board(), typed=typed)
        return self.of_question(ask, here, "themes", "Themes", body, typed=typed)

    def on_themes(self, ask: Ask) -> Response:
        """Approve, reject or add; merging asks first."""

        def act(here: Here) -> Response:
            what, chosen = ask.field("do"), ask.form.get("theme", [])
            try:
                if what == "merge":
                    if len(set(chosen)) < 2:
                        raise InputError("Tick at least two themes to merge.")
                    return self._go(here.name, here.number, "merge", query={"theme": chosen})
                if what == "add":
                    here.question.add(ask.who, ask.field("title"), ask.field("description"))
                    return self._done(here, "added", "themes")
                deciding.on_themes(here.question, ask.who, what, chosen, _seen(ask.form))
            except EditConflict as error:
                return self._themes(ask, here, Typed(ask.form, conflict=str(error)))
            except InputError as error:
                place = "add-title" if what == "add" else "main"
                return self._themes(ask, here, Typed(ask.form, {place: str(error)}))
            done = "rejected" if what == "reject" else "approved"
            many = len(chosen) != 1 or what == "approve-all"
            return self._done(here, f"{done}-some" if many else done, "themes", undoable=not many)

        return self._here(ask, act)

    def merging(self, ask: Ask) -> Response:
        """Which of them takes in the others."""
        return self._here(ask, lambda here: self._merging(ask, here, ask.request.query_params.getlist("theme"), NOTHING))

    def _merging(self, ask: Ask, here: Here, chosen: Sequence[str], typed: Typed) -> Response:
        board = here.board()
        there = [one for one in dict.fromkeys(chosen) if one in board.standing.themes]
        if len(there) < 2:
            words = "Of the themes to merge, fewer than two are still there. Tick them again."
            return self._themes(ask, here, Typed(faults={"main": words}, conflict=typed.conflict))
        body = merge_page(here.name, here.number, board, there, typed=typed)
        return self.of_question(ask, here, "themes", "Merge themes", body, typed=typed)

    def merge(self, ask: Ask) -> Response:
        """Merge them."""

        def act(here: Here) -> Response:
            chosen = ask.form.get("theme", [])
            into = ask.field("into")
            try:
                deciding.merge(here.question, ask.who, chosen, into, ask.field("title"), _seen(ask.form))
            except EditConflict as error:
                return self._merging(ask, here, chosen, Typed(ask.form, conflict=str(error)))
            except InputError as error:
                return self._merging(
                    ask, here, chosen, Typed(ask.form, {f"into-{chosen[0]}" if chosen else "main": str(error)})
                )
            return self._done(here, "merged", "themes", into, undoable=not ask.field("title").strip())

        return self._here(ask, act)

    def theme(self, ask: Ask) -> Response:
        """One theme."""
        return self._here(ask, lambda here: self._theme(ask, here, NOTHING))

    def _theme(self, ask: Ask, here: Here, typed: Typed) -> Response:
        named = str(ask.request.path_params["theme"])
        board = here.board() if here.has_themes else None
        if board is None or named not in board.standing.themes:
            return self._gone(ask, here, named, typed)
        theme = board.standing.themes[named]
        facets = here.opened.facets
        chosen = finding.filter_of(ask.request.query_params.multi_items(), facets, theme=named)
        fitting = finding.found(here.question, board, chosen)
        places, page, of = finding.page_of(fitting, ask.asked("page"))
        body = theme_page(
            here.name,
            here.number,
            here.question,
            board,
            next((one for one in board.summary.themes if one.theme.id == named), None),
            theme,
            chosen=replace(chosen, theme=""),
            places=places,
            found=len(fitting),
            page=page,
            of=of,
            campaigns=here.opened.campaign_sizes(here.number),
            facets=facets,
            typed=typed,
        )
        return self.of_question(ask, here, "themes", theme.title, body, typed=typed)

    def _gone(self, ask: Ask, here: Here, named: str, typed: Typed) -> Response:
        """A theme that is no longer there, with what happened to it."""
        last = next((edit for edit in reversed(here.question.edits) if named in _themes_of(edit.data)), None)
        told = f"{last.who} {describe(last)} on {last.when:%d %B %Y at %H:%M}." if last else ""
        kept = "".join(
            f"<p>You had typed: <q>{escape(value)}</q></p>"
            for name in ("title", "description")
            for value in typed.fields.get(name, ())
            if value
        )
        body = (
            f'<div class="b-inset"><p>There is no theme {escape(named[:20])} any more. {escape(told)}</p>{kept}</div>'
            f'<p><a class="b-link" href="{escape(at(here.name, here.number, "themes"))}">Go to the themes</a> or to the '
            f'<a class="b-link" href="{escape(at(here.name, here.number, "history"))}">history</a>, where it can be '
            "undone.</p>"
        )
        return self.of_question(
            ask, here, "themes", "This theme is gone", body, typed=typed, status=404 if not typed.conflict else 409
        )

    def on_theme(self, ask: Ask) -> Response:
        """Decide on one theme, or on some of its responses."""

        def act(here: Here) -> Response:
            named, what = str(ask.request.path_params["theme"]), ask.field("do")
            if named not in here.question.standing.themes:
                words = f"Nothing was changed: theme {named} is no longer there."
                return self._theme(ask, here, Typed(ask.form, conflict=words))
            seen = _number(ask.field("seen"))
            places = [place for place in map(_number, ask.form.get("response", ())) if place is not None]
            question, who = here.question, ask.who
            try:
                match what:
                    case "approve":
                        question.approve(who, named, seen=seen)
                        return self._done(here, "approved", "themes", named)
                    case "reject":
                        question.reject(who, named, seen=seen)
                        return self._done(here, "rejected", "themes")
                    case "rename":
                        question.rename(who, named, ask.field("title"), ask.field("description"), seen=seen)
                        return self._done(here, "renamed", "themes", named)
                    case "merge":
                        into = ask.field("into")
                        question.merge(who, [named, into], into, seen={named: seen} if seen is not None else None)
                        return self._done(here, "merged", "themes", into)
                    case "split":
                        new = deciding.split(question, who, named, places, ask.field("title"), seen)
                        return self._done(here, "split", "themes", new, undoable=False)
                    case "move":
                        deciding.move(question, who, named, places, ask.field("to"))
                        return self._done(here, "moved", "themes", named, undoable=False)
                    case _:
                        raise InputError("Choose what to do with the theme.")
            except EditConflict as error:
                return self._theme(ask, here, Typed(ask.form, conflict=str(error)))
            except InputError as error:
                place = {"rename": "title", "split": "split-title", "move": "move-to"}.get(what, "decide")
                return self._theme(ask, here, Typed(ask.form, {place: str(error)}))

        return self._here(ask, act)

    def _done(self, here: Here, said: str, *parts: str, undoable: bool = True) -> Response:
        edit = {"edit": len(here.question.edits)} if undoable else {}
        return self._go(here.name, here.number, *parts, said=said, query=edit)

    # responses

    def responses(self, ask: Ask) -> Response:
        """The list of responses."""

        def act(here: Here) -> Response:
            if not here.has_themes:
                return self._themes(ask, here, NOTHING)
            board, facets = here.board(), here.opened.facets
            chosen = finding.filter_of(ask.request.query_params.multi_items(), facets)
            fitting = finding.found(here.question, board, chosen)
            places, page, of = finding.page_of(fitting, ask.asked("page"))
            body = responses_page(
                here.name,
                here.number,
                here.question,
                board,
                chosen=chosen,
                places=places,
                found=len(fitting),
                page=page,
                of=of,
                campaigns=here.opened.campaign_sizes(here.number),
                facets=facets,
            )
            return self.of_question(ask, here, "responses", "Responses", body)

        return self._here(ask, act)

    def response(self, ask: Ask) -> Response:
        """One response."""
        return self._here(ask, lambda here: self._response(ask, here, None, NOTHING))

    def _response(
        self, ask: Ask, here: Here, ticked: Sequence[str] | None, typed: Typed, *, is_masked: bool = True
    ) -> Response:
        place = self._place(ask, here)
        body = response_page(
            here.name,
            here.number,
            here.question,
            here.board(),
            place,
            campaign=here.opened.campaign_sizes(here.number).get(place, 0),
            is_masked=is_masked,
            typed=ticked,
        )
        title = f"Response {here.question.answers.responses[place].id}"
        return self.of_question(ask, here, "responses", title, body, typed=typed)

    def _place(self, ask: Ask, here: Here) -> int:
        place = _number(str(ask.request.path_params["place"]))
        if place is None or place >= len(here.question.answers.responses) or not here.has_themes:
            raise HTTPException(404, "There is no such response.")
        return place

    def on_response(self, ask: Ask) -> Response:
        """Set its themes."""

        def act(here: Here) -> Response:
            place, themes = self._place(ask, here), ask.form.get("theme", [])
            try:
                here.question.review(ask.who, place, themes, seen=_number(ask.field("seen")))
            except EditConflict as error:
                return self._response(ask, here, themes, Typed(ask.form, conflict=str(error)))
            except InputError as error:
                return self._response(ask, here, themes, Typed(ask.form, {"main": str(error)}))
            return self._done(here, "reviewed", "responses", str(place))

        return self._here(ask, act)

    def unmask(self, ask: Ask) -> Response:
        """Show one response with the personal data in it; who did is kept."""

        def act(here: Here) -> Response:
            place = self._place(ask, here)
            here.consultation.note(
                ask.who, f"looked at the personal data in response {here.question.answers.responses[place].id}"
            )
            return self._response(ask, here, None, NOTHING, is_masked=False)

        return self._here(ask, act)

    # queue

    def queue(self, ask: Ask) -> Response:
        """The next response to review."""

        def act(here: Here) -> Response:
            if not here.has_themes:
                return self._themes(ask, here, NOTHING)
            return self._queue(ask, here, ask.asked("blind") == "yes", _skipped(ask.asked("skip")))

        return self._here(ask, act)

    def _queue(
        self,
        ask: Ask,
        here: Here,
        is_blind: bool,
        skipped: Sequence[int],
        *,
        place: int | None = None,
        typed: Typed = NOTHING,
    ) -> Response:
        board, question = here.board(), here.question
        standing = board.standing
        away = question.no_reason | standing.corrections.reviewed | set(standing.sample)
        waiting = [one for one in question.answers.answered if one not in away]
        repeated = {one for found in question.campaigns for one in found.members[1:]}
        if place is None:
            place = self._next(here, board, is_blind, set(skipped))
        body = queue_page(
            here.name,
            here.number,
            question,
            board,
            place=place,
            is_blind=is_blind,
            skipped=skipped,
            left=len(waiting),
            free=len(set(waiting) - repeated),
            points=question.agreement_history(),
            typed=typed,
        )
        return self.of_question(ask, here, "queue", "Blind sample" if is_blind else "Queue", body, typed=typed)

    def _next(self, here: Here, board: Board, is_blind: bool, passed: set[int]) -> int | None:
        if is_blind:
            sample, labelled = board.standing.sample, board.standing.blind
            return next((one for one in sample if one not in labelled and one not in passed), None)
        return next((one for one, _ in here.question.queue(len(passed) + 1) if one not in passed), None)

    def on_queue(self, ask: Ask) -> Response:
        """Keep what was decided and go on, pass a response over, or draw the blind sample."""

        def act(here: Here) -> Response:
            is_blind, skipped = ask.field("blind") == "yes", _skipped(ask.field("skip"))
            blind = {"blind": "yes"} if is_blind else {}
            if not here.has_themes:
                raise HTTPException(404, "There are no themes yet.")
            if ask.field("do") == "draw":
                return self._draw(ask, here)
            place, themes = _number(ask.field("response")), ask.form.get("theme", [])
            if place is None or place >= len(here.question.answers.responses):
                raise HTTPException(404, "There is no such response.")
            if ask.field("do") == "skip":
                more = ",".join(map(str, [*skipped, place][-_MOST_SKIPPED:]))
                return self._go(here.name, here.number, "queue", query={"skip": more} | blind)
            keep = here.question.label_blind if is_blind else here.question.review
            try:
                keep(ask.who, place, themes, seen=_number(ask.field("seen")))
            except EditConflict as error:
                again = Typed(ask.form, conflict=str(error))
                return self._queue(ask, here, is_blind, skipped, place=place, typed=again)
            except InputError as error:
                again = Typed(ask.form, {"review": str(error)})
                return self._queue(ask, here, is_blind, skipped, place=place, typed=again)
            query = {"edit": len(here.question.edits), "skip": ",".join(map(str, skipped))} | blind
            said = "labelled" if is_blind else "reviewed"
            return self._go(here.name, here.number, "queue", said=said, query=query)

        return self._here(ask, act)

    def _draw(self, ask: Ask, here: Here) -> Response:
        number = _number(ask.field("number").strip())
        try:
            if not number:
                raise InputError("Give the number of responses to draw.")
            here.question.draw_blind_sample(ask.who, number)
        except InputError as error:
            return self._queue(ask, here, True, [], typed=Typed(ask.form, {"number": str(error)}))
        return self._go(here.name, here.number, "queue", query={"blind": "yes"})

    # history, signing, files

    def history(self, ask: Ask) -> Response:
        """Who did what."""
        return self._here(ask, lambda here: self._history(ask, here, NOTHING))

    def _history(self, ask: Ask, here: Here, typed: Typed) -> Response:
        page = _number(ask.asked("page")) or 1
        body = history_page(
            here.name, here.number, here.question.edits, here.question.standing, here.consultation.log, page=page
        )
        return self.of_question(ask, here, "history", "History", body, typed=typed)

    def undo(self, ask: Ask) -> Response:
        """Take a decision back."""

        def act(here: Here) -> Response:
            try:
                here.question.undo(ask.who, _number(ask.field("edit")) or 0)
            except InputError as error:
                return self._history(ask, here, Typed(faults={"main": str(error)}))
            return self._done(here, "undone", "history", undoable=False)

        return self._here(ask, act)

    def report(self, ask: Ask) -> Response:
        """Signing, and files."""
        return self._here(ask, lambda here: self._report(ask, here, NOTHING))

    def _report(self, ask: Ask, here: Here, typed: Typed) -> Response:
        if not here.has_themes:
            return self._themes(ask, here, NOTHING)
        body = report_page(
            here.name,
            here.number,
            here.board(),
            who=ask.who,
            may_be_named=not ask.identity.name,
            faults=typed.faults,
            typed=typed.get("name"),
        )
        return self.of_question(ask, here, "report", "Sign and export", body, typed=typed)

    def sign(self, ask: Ask) -> Response:
        """Put a name to the themes."""

        def act(here: Here) -> Response:
            who = ask.identity.name or clean(ask.field("name"))
            faults = {} if who else {"analyst": "Give your name."}
            if not ask.field("sure"):
                faults["sure"] = "Tick the box to say that you have read the themes and stand for them."
            if faults:
                return self._report(ask, here, Typed(ask.form, faults))
            try:
                here.question.sign(who, seen=_number(ask.field("seen")))
            except EditConflict as error:
                return self._report(ask, here, Typed(ask.form, conflict=str(error)))
            except InputError as error:
                return self._report(ask, here, Typed(ask.form, {"sure": str(error)}))
            return self._done(here, "signed", "report", undoable=False)

        return self._here(ask, act)

    def export(self, ask: Ask) -> Response:
        """A file to take away; who took it is kept."""

        def act(here: Here) -> Response:
            if not here.has_themes:
                return self._themes(ask, here, NOTHING)
            form, mask = ask.field("form"), not ask.field("unmasked")
            if form == "trail":
                content, ending, kind = _trail(here.question), "csv", "text/csv"
            elif form in list(ReportForm):
                content = write_report(here.consultation, ReportForm(form), number=here.number, mask=mask)
                ending, kind = form, _KINDS_OF_FILE.get(form, "application/octet-stream")
            else:
                return self._report(
                    ask, here, Typed(ask.form, {f"form-{next(iter(ReportForm)).value}": "Choose a kind of file."})
                )
            what = "the audit trail" if form == "trail" else f"a file of the kind {form}"
            here.consultation.note(ask.who, f"downloaded {what}{'' if mask else ', with personal data shown'}")
            part = f" question {here.number}" if len(here.consultation.questions) > 1 else ""
            called = f"{here.name}{part}{' history' if form == 'trail' else ''}.{ending}"
            return Response(
                content,
                media_type=kind,
                headers={
                    "Content-Disposition": f"attachment; filename*=UTF-8''{quote(called)}",
                    "Cache-Control": "private, no-store",
                },
            )

        return self._here(ask, act)


def add_routes(app: FastAPI, pages: Pages) -> None:
    """Add all of them to an application, before what answers every path."""
    looks.add_looks(app)
    one_ = "/consultation/{name}"
    question = f"{one_}/{{number:int}}"
    shown: tuple[tuple[str, Callable[[Ask], Response]], ...] = (
        (LIST, pages.listed),
        (f"{LIST}/new/{{token}}", pages.confirm),
        (one_, pages.opened),
        (question, pages.read),
        (f"{question}/progress", pages.progress),
        (f"{question}/themes", pages.themes),
        (f"{question}/themes/{{theme}}", pages.theme),
        (f"{question}/merge", pages.merging),
        (f"{question}/responses", pages.responses),
        (f"{question}/responses/{{place:int}}", pages.response),
        (f"{question}/queue", pages.queue),
        (f"{question}/history", pages.history),
        (f"{question}/report", pages.report),
    )
    sent: tuple[tuple[str, Callable[[Ask], Response]], ...] = (
        (f"{LIST}/new/{{token}}", pages.keep),
        (f"{LIST}/demonstration", pages.demonstration),
        (f"{LIST}/name", pages.named),
        (f"{one_}/people", pages.people),
        (f"{one_}/delete", pages.delete),
        (f"{question}/form", pages.form),
        (f"{question}/stop", pages.stop),
        (f"{question}/themes", pages.on_themes),
        (f"{question}/themes/{{theme}}", pages.on_theme),
        (f"{question}/merge", pages.merge),
        (f"{question}/responses/{{place:int}}", pages.on_response),
        (f"{question}/responses/{{place:int}}/unmask", pages.unmask),
        (f"{question}/queue", pages.on_queue),
        (f"{question}/undo", pages.undo),
        (f"{question}/sign", pages.sign),
        (f"{question}/export", pages.export),
    )
    app.add_api_route(f"{LIST}/new", pages.sent, methods=["POST"], include_in_schema=False)
    for path, act in shown:
        app.add_api_route(path, pages.get(act), methods=["GET"], include_in_schema=False)
    for path, act in sent:
        app.add_api_route(path, pages.post(act), methods=["POST"], include_in_schema=False)


def _seen(form: Form) -> dict[str, int]:
    found = {name[5:]: _number(values[0]) for name, values in form.items() if name.startswith("seen-") and values}
    return {theme: number for theme, number in found.items() if number is not None}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _skipped(text: str) -> list[int]:
    return [number for number in map(_number, text.split(",")[:_MOST_SKIPPED]) if number is not None]


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


def _free_name(file: str, settings: Settings) -> str:
    """A name for a consultation, from that of its file."""
    stem = "".join(letter if letter.isalnum() or letter in " .-_" else " " for letter in Path(file).stem)
    plain = " ".join(stem.split()).strip(" .-_")[:60] or "Consultation"
    taken = set(names(settings))
    return next(name for at_ in range(1, 10_000) if (name := plain if at_ == 1 else f"{plain} {at_}") not in taken)


def _themes_of(data: Mapping[str, Any]) -> set[str]:
    named = {str(data.get(name, "")) for name in ("theme", "into", "new")}
    return named | {str(one) for one in data.get("themes", ()) if isinstance(one, str)}


def _trail(question: OpenQuestion) -> bytes:
    """The history as a table; a cell that a spreadsheet would take for a formula is text."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(["Number", "When (UTC)", "Who", "What", "Undone"])
    undone = question.standing.undone
    for edit in question.edits:
        cells = [edit.who, describe(edit)]
        safe = [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells]
        when = edit.when.astimezone(dt.UTC).isoformat(timespec="seconds")
        writer.writerow([edit.number, when, *safe, "yes" if edit.number in undone else ""])
    return written.getvalue().encode("utf-8-sig")
