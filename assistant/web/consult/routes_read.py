"""A consultation as it was read in: its questions, the forming of its themes, who may work on it, and its deletion.

Knows nothing of how themes are formed or of what a page looks like.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from assistant.consult import remove
from assistant.web.consult.access import clean, may_manage
from assistant.web.consult.asking import Ask, Here
from assistant.web.consult.common import Common, go
from assistant.web.consult.forming import Forming
from assistant.web.consult.pages_read import progress_words, read_page, touched_candidates
from assistant.web.consult.pieces import LIST, at, crumbs
from assistant.web.consult.shelf import Shelf
from assistant.web.consult.typed import Typed

if TYPE_CHECKING:
    from assistant.settings import Settings

_log = logging.getLogger(__name__)
_MOST_GROUPS = 100


class Read:
    """Answers for a consultation as a whole, and until a question has themes."""

    def __init__(self, common: Common, settings: Settings, shelf: Shelf, forming: Forming, *, signs_in: bool) -> None:
        """Prepare.

        Args:
            common: What all pages share.
            settings: Where consultations are.
            shelf: Keeps them open.
            forming: Forms themes.
            signs_in: Users sign in.
        """
        self._common, self._settings, self._signs_in = common, settings, signs_in
        self._shelf, self._forming = shelf, forming

    def opened(self, ask: Ask) -> Response:
        """A consultation's questions; where there is one only, that."""

        def act(here: Here) -> Response:
            asked = here.consultation.questions
            if len(asked) == 1:
                return go(here.name, 1, "themes" if here.has_themes else "")
            items = "".join(
                f'<li><a class="b-open" href="{escape(at(here.name, number))}">{escape(text)}</a></li>'
                for number, text in enumerate(asked, start=1)
            )
            body = (
                f'{crumbs((LIST, "Consultations"))}<h1 class="b-page-title">{escape(here.called)}</h1>'
                f'<p class="c-lead">Choose a question.</p><ol class="c-list">{items}</ol>'
            )
            return self._common.page(ask, here.called, body)

        return self._common.here(ask, act)

    def read(self, ask: Ask) -> Response:
        """What was read in."""
        return self._common.here(ask, lambda here: self._read(ask, here))

    def _read(self, ask: Ask, here: Here, faults: Mapping[str, str] | None = None) -> Response:
        body = read_page(
            here.consultation,
            here.name,
            here.number,
            run=self._forming.run_of(here.name, here.number),
            has_themes=here.has_themes,
            faults=faults or {},
            may_manage=may_manage(ask.identity, here.consultation),
            shows_people=self._signs_in,
            typed_number=ask.field("number"),
            model=self._settings.model,
            declines=bool(ask.field("no_model")),
        )
        return self._common.of_question(ask, here, "", "What was read", body, typed=Typed(faults=faults or {}))

    def form(self, ask: Ask) -> Response:
        """Begin to form themes."""

        def act(here: Here) -> Response:
            typed = ask.field("number").strip()
            groups = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else None
            if typed and (groups is None or not 2 <= groups <= _MOST_GROUPS):
                return self._read(ask, here, {"number": f"Give a number from 2 to {_MOST_GROUPS}, or leave it empty."})
            if touched_candidates(here.question) and not ask.field("anew"):
                return self._read(
                    ask, here, {"anew": "Tick the box if the candidates that you worked on may go, or approve them."}
                )
            use_model = not ask.field("no_model")
            self._forming.start(here.name, here.number, who=ask.who, groups=groups, use_model=use_model)
            return go(here.name, here.number)

        return self._common.here(ask, act)

    def stop(self, ask: Ask) -> Response:
        """Stop forming them."""

        def act(here: Here) -> Response:
            self._forming.stop(here.name, here.number)
            return go(here.name, here.number, said="stopped")

        return self._common.here(ask, act)

    def progress(self, ask: Ask) -> Response:
        """How far it is, for consult.js."""

        def act(here: Here) -> Response:
            run = self._forming.run_of(here.name, here.number)
            if run is None or not run.is_under_way:
                next_ = (
                    at(here.name, here.number, "themes", said="themes")
                    if run and run.status == "done" and here.has_themes
                    else at(here.name, here.number)
                )
                return JSONResponse({"ended": True, "next": next_})
            return JSONResponse({"ended": False, "words": progress_words(run), "done": run.done, "of": run.of})

        return self._common.here(ask, act)

    def people(self, ask: Ask) -> Response:
        """Say who may work on it."""

        def act(here: Here) -> Response:
            self._only_managers(ask, here)
            named = {clean(line).lower() for line in ask.field("people").splitlines()} - {""}
            wanted = sorted(named - {"*"}) + (["*"] if ask.field("everyone") else [])
            here.consultation.let_in(wanted)
            told = ", ".join("everyone who signs in" if one == "*" else one for one in wanted) or "nobody else"
            here.consultation.note(ask.who, f"shared it with {told}")
            return go(here.name, here.number, said="people")

        return self._common.here(ask, act)

    def delete(self, ask: Ask) -> Response:
        """Delete it."""

        def act(here: Here) -> Response:
            self._only_managers(ask, here)
            if not ask.field("sure"):
                return self._read(ask, here, {"sure": "Tick the box if you want to delete it for good."})
            self._forming.forget(here.name)
            here.opened.close()
            remove(here.name, self._settings)
            _log.info("%s deleted a consultation.", ask.who)
            return RedirectResponse(f"{LIST}?said=deleted#said", status_code=303)

        reply = self._common.here(ask, act)
        if reply.status_code == 303:
            self._shelf.drop(ask.name)
        return reply

    def _only_managers(self, ask: Ask, here: Here) -> None:
        if not may_manage(ask.identity, here.consultation):
            raise HTTPException(403, "Only whoever started the consultation, or an administrator, may do this.")
