"""What becomes of the decisions: their history and undoing, the signature under them, and the files to take away.

Knows nothing of how a report is written or of what a page looks like.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from urllib.parse import quote

from starlette.responses import Response

from assistant.consult import EditConflict, OpenQuestion, ReportForm, describe, write_report
from assistant.errors import InputError
from assistant.web.consult.access import clean
from assistant.web.consult.asking import Ask, Here, number_in
from assistant.web.consult.common import Common, changed
from assistant.web.consult.pages_end import history_page, report_page
from assistant.web.consult.routes_themes import Themes
from assistant.web.consult.typed import NOTHING, Typed

_KINDS_OF_FILE = {
    "html": "text/html",
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class End:
    """Answers for the history, the signature and files."""

    def __init__(self, common: Common, themes: Themes) -> None:
        """Prepare.

        Args:
            common: What all pages share.
            themes: Answers where there are no themes yet.
        """
        self._common, self._themes = common, themes

    def history(self, ask: Ask) -> Response:
        """Who did what."""
        return self._common.here(ask, lambda here: self._history(ask, here, NOTHING))

    def _history(self, ask: Ask, here: Here, typed: Typed) -> Response:
        page = number_in(ask.asked("page")) or 1
        body = history_page(
            here.name, here.number, here.question.edits, here.question.standing, here.consultation.log, page=page
        )
        return self._common.of_question(ask, here, "history", "History", body, typed=typed)

    def undo(self, ask: Ask) -> Response:
        """Take a decision back."""

        def act(here: Here) -> Response:
            try:
                here.question.undo(ask.who, number_in(ask.field("edit")) or 0)
            except InputError as error:
                return self._history(ask, here, Typed(faults={"main": str(error)}))
            return changed(here, "undone", "history", undoable=False)

        return self._common.here(ask, act)

    def report(self, ask: Ask) -> Response:
        """Signing, and files."""
        return self._common.here(ask, lambda here: self._report(ask, here, NOTHING))

    def _report(self, ask: Ask, here: Here, typed: Typed) -> Response:
        if not here.has_themes:
            return self._themes.show(ask, here, NOTHING)
        body = report_page(
            here.name,
            here.number,
            here.board(),
            who=ask.who,
            may_be_named=not ask.identity.name,
            faults=typed.faults,
            typed=typed.get("name"),
        )
        return self._common.of_question(ask, here, "report", "Sign and export", body, typed=typed)

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
                here.question.sign(who, seen=number_in(ask.field("seen")))
            except EditConflict as error:
                return self._report(ask, here, Typed(ask.form, conflict=str(error)))
            except InputError as error:
                return self._report(ask, here, Typed(ask.form, {"sure": str(error)}))
            return changed(here, "signed", "report", undoable=False)

        return self._common.here(ask, act)

    def export(self, ask: Ask) -> Response:
        """A file to take away; who took it is kept."""

        def act(here: Here) -> Response:
            if not here.has_themes:
                words = "There is nothing to take away yet. Form themes, or add one of your own."
                return self._themes.show(ask, here, Typed(faults={"main": words}))
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
            called = f"{here.called}{part}{' history' if form == 'trail' else ''}.{ending}"
            return Response(
                content,
                media_type=kind,
                headers={
                    "Content-Disposition": f"attachment; filename*=UTF-8''{quote(called)}",
                    "Cache-Control": "private, no-store",
                },
            )

        return self._common.here(ask, act)


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
