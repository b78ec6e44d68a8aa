"""The themes of a question, and what the analyst decides on them: all of them, some that are merged, and one by itself.

Knows nothing of how a decision is carried out or of what a page looks like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from starlette.responses import Response

from assistant.consult import EditConflict, describe
from assistant.errors import InputError
from assistant.web.consult import deciding, finding
from assistant.web.consult.asking import Ask, Here, number_in, versions_seen
from assistant.web.consult.common import Common, changed, go
from assistant.web.consult.forming import Forming
from assistant.web.consult.listing import Listing
from assistant.web.consult.pages_read import forming_panel
from assistant.web.consult.pages_theme import theme_page
from assistant.web.consult.pages_themes import add_form, merge_page, themes_page
from assistant.web.consult.pieces import at
from assistant.web.consult.typed import NOTHING, Typed


class Themes:
    """Answers for themes."""

    def __init__(self, common: Common, forming: Forming, *, model: str = "") -> None:
        """Prepare.

        Args:
            common: What all pages share.
            forming: Tells how far the forming of themes is.
            model: The language model that would be asked for titles; "" for none.
        """
        self._common, self._forming, self._model = common, forming, model

    def themes(self, ask: Ask) -> Response:
        """All themes."""
        return self._common.here(ask, lambda here: self.show(ask, here, NOTHING))

    def show(self, ask: Ask, here: Here, typed: Typed) -> Response:
        """All themes of a question, or what is to be done until there are any."""
        run = self._forming.run_of(here.name, here.number)
        if not here.has_themes or (run and run.is_under_way):
            panel = forming_panel(
                here.name, here.number, here.question, run, has_themes=here.has_themes, faults={}, model=self._model
            )
            body = panel + (
                themes_page(here.name, here.number, here.question, here.board(), typed=typed)
                if here.has_themes
                else add_form(here.name, here.number, typed)
            )
            return self._common.of_question(ask, here, "themes", "Themes", body, typed=typed)
        body = themes_page(here.name, here.number, here.question, here.board(), typed=typed)
        return self._common.of_question(ask, here, "themes", "Themes", body, typed=typed)

    def on_themes(self, ask: Ask) -> Response:
        """Approve, reject or add; merging asks first."""

        def act(here: Here) -> Response:
            what, chosen = ask.field("do"), ask.form.get("theme", [])
            try:
                if what == "merge":
                    if len(set(chosen)) < 2:
                        raise InputError("Tick at least two themes to merge.")
                    return go(here.name, here.number, "merge", query={"theme": chosen})
                if what == "add":
                    here.question.add(ask.who, ask.field("title"), ask.field("description"))
                    return changed(here, "added", "themes")
                deciding.on_themes(here.question, ask.who, what, chosen, versions_seen(ask.form))
            except EditConflict as error:
                return self.show(ask, here, Typed(ask.form, conflict=str(error)))
            except InputError as error:
                place = "add-title" if what == "add" else "main"
                return self.show(ask, here, Typed(ask.form, {place: str(error)}))
            done = "rejected" if what == "reject" else "approved"
            many = len(chosen) != 1 or what == "approve-all"
            return changed(here, f"{done}-some" if many else done, "themes")

        return self._common.here(ask, act)

    def merging(self, ask: Ask) -> Response:
        """Which of them takes in the others."""
        return self._common.here(
            ask, lambda here: self._merging(ask, here, ask.request.query_params.getlist("theme"), NOTHING)
        )

    def _merging(self, ask: Ask, here: Here, chosen: Sequence[str], typed: Typed) -> Response:
        board = here.board()
        there = [one for one in dict.fromkeys(chosen) if one in board.standing.themes]
        if len(there) < 2:
            words = "Of the themes to merge, fewer than two are still there. Tick them again."
            return self.show(ask, here, Typed(faults={"main": words}, conflict=typed.conflict))
        body = merge_page(here.name, here.number, board, there, typed=typed)
        return self._common.of_question(ask, here, "themes", "Merge themes", body, typed=typed)

    def merge(self, ask: Ask) -> Response:
        """Merge them."""

        def act(here: Here) -> Response:
            chosen = ask.form.get("theme", [])
            into = ask.field("into")
            try:
                deciding.merge(here.question, ask.who, chosen, into, ask.field("title"), versions_seen(ask.form))
            except EditConflict as error:
                return self._merging(ask, here, chosen, Typed(ask.form, conflict=str(error)))
            except InputError as error:
                return self._merging(
                    ask, here, chosen, Typed(ask.form, {f"into-{chosen[0]}" if chosen else "main": str(error)})
                )
            return changed(here, "merged", "themes", into)

        return self._common.here(ask, act)

    def theme(self, ask: Ask) -> Response:
        """One theme."""
        return self._common.here(ask, lambda here: self._theme(ask, here, NOTHING))

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
        listing = Listing(
            here.name,
            here.number,
            here.question,
            board,
            chosen=replace(chosen, theme=""),
            places=places,
            found=len(fitting),
            page=page,
            of=of,
            campaigns=here.opened.campaign_sizes(here.number),
            facets=facets,
        )
        one = next((one for one in board.summary.themes if one.theme.id == named), None)
        body = theme_page(listing, one, theme, typed)
        return self._common.of_question(ask, here, "themes", theme.title, body, typed=typed)

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
        return self._common.of_question(
            ask, here, "themes", "This theme is gone", body, typed=typed, status=404 if not typed.conflict else 409
        )

    def on_theme(self, ask: Ask) -> Response:
        """Decide on one theme, or on some of its responses."""

        def act(here: Here) -> Response:
            named, what = str(ask.request.path_params["theme"]), ask.field("do")
            if named not in here.question.standing.themes:
                words = f"Nothing was changed: theme {named} is no longer there."
                return self._theme(ask, here, Typed(ask.form, conflict=words))
            seen, last = number_in(ask.field("seen")), number_in(ask.field("last"))
            places = [place for place in map(number_in, ask.form.get("response", ())) if place is not None]
            question, who = here.question, ask.who
            try:
                match what:
                    case "approve":
                        question.approve(who, named, seen=seen)
                        return changed(here, "approved", "themes", named)
                    case "reject":
                        question.reject(who, named, seen=seen)
                        return changed(here, "rejected", "themes")
                    case "rename":
                        question.rename(who, named, ask.field("title"), ask.field("description"), seen=seen)
                        return changed(here, "renamed", "themes", named)
                    case "merge":
                        into = ask.field("into")
                        with question.together():
                            deciding.check_unchanged(question, last, themes=(into,))
                            question.merge(who, [named, into], into, seen={named: seen} if seen is not None else None)
                        return changed(here, "merged", "themes", into)
                    case "split":
                        with question.together():
                            deciding.check_unchanged(question, last, places=places)
                            new = deciding.split(question, who, named, places, ask.field("title"), seen)
                        return changed(here, "split", "themes", new)
                    case "move":
                        with question.together():
                            deciding.check_unchanged(question, last, themes=(ask.field("to"),), places=places)
                            deciding.move(question, who, named, places, ask.field("to"))
                        return changed(here, "moved", "themes", named)
                    case _:
                        raise InputError("Choose what to do with the theme.")
            except EditConflict as error:
                return self._theme(ask, here, Typed(ask.form, conflict=str(error)))
            except InputError as error:
                place = {"rename": "title", "split": "split-title", "move": "move-to"}.get(what, "decide")
                return self._theme(ask, here, Typed(ask.form, {place: str(error)}))

        return self._common.here(ask, act)


def _themes_of(data: Mapping[str, Any]) -> set[str]:
    named = {str(data.get(name, "")) for name in ("theme", "into", "new")}
    return named | {str(one) for one in data.get("themes", ()) if isinstance(one, str)}
