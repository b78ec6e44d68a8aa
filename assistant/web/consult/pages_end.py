"""Writes the history, and the page on which themes are signed and results are taken away.

Pure functions over what the room tells; everything passes through `escape`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from html import escape

from assistant.consult import Edit, EditKind, ReportForm, Standing, agreed, describe
from assistant.web.consult import pieces
from assistant.web.consult.pieces import at, hidden, tick
from assistant.web.consult.shelf import Board
from assistant.web.markup import count

_EDITS_A_PAGE = 50
_FORMS = {
    "docx": ("Report for Word (DOCX)", "to send, and to go on writing in"),
    "html": ("Report to read (HTML)", "one file that loads nothing and prints"),
    "xlsx": ("Workbook (XLSX)", "responses by themes with the words that carry each, and everything set aside"),
    "csv": ("Table (CSV)", "responses by themes"),
    "json": ("For programs (JSON)", "in ThemeFinder’s layout"),
}


def history_page(
    name: str, number: int, edits: Sequence[Edit], standing: Standing, log: Sequence[Mapping[str, str]], *, page: int
) -> str:
    """Who did what, the latest first."""
    ordered = list(reversed(edits))
    of = max(1, -(-len(ordered) // _EDITS_A_PAGE))
    page = min(max(page, 1), of)
    shown = ordered[(page - 1) * _EDITS_A_PAGE : page * _EDITS_A_PAGE]
    items = "".join(_edit(name, number, one, standing) for one in shown)
    taken = "".join(
        f"<li>{dt.datetime.fromisoformat(one['when']):%d %B %Y, %H:%M}: {escape(one['who'])} {escape(one['what'])}</li>"
        for one in list(reversed(log))[:100]
    )
    following = f"{at(name, number, 'history')}?page="
    return (
        "<p>Each decision is kept with who made it and when. Undoing one leaves it here.</p>"
        + (f'<ol class="c-history">{items}</ol>' if items else '<p class="b-inset">Nothing was done yet.</p>')
        + pieces.pages(following, page=page, of=of, what="the history")
        + (
            f'<h2 class="b-heading">Downloads, and who may work on it</h2><ul class="c-reasons">{taken}</ul>'
            if taken
            else ""
        )
    )


def _edit(name: str, number: int, edit: Edit, standing: Standing) -> str:
    is_undone = edit.number in standing.undone
    button = ""
    if not is_undone and edit.kind is not EditKind.UNDONE:
        button = (
            f'<form method="post" action="{escape(at(name, number, "undo"))}">{hidden(edit=edit.number)}'
            f'<button type="submit" class="b-button">Undo<span class="b-hidden"> edit {edit.number}</span></button></form>'
        )
    words = f"<s>{escape(describe(edit))}</s> (undone)" if is_undone else escape(describe(edit))
    return (
        f'<li class="c-edit"><div><p><span class="c-id">{edit.number}</span> <strong>{escape(edit.who)}</strong> {words}</p>'
        f'<p class="c-small">{edit.when:%d %B %Y, %H:%M} UTC</p></div>{button}</li>'
    )


def report_page(
    name: str, number: int, board: Board, *, who: str, may_be_named: bool, faults: Mapping[str, str], typed: str
) -> str:
    """Signing, and what can be taken away.

    Args:
        name: Of the consultation.
        number: Of the question.
        board: How it stands.
        who: The reader.
        may_be_named: Nobody signs in, so that the reader says whose name it is.
        faults: What has to be put right, by the id of its field.
        typed: The name as typed before.
    """
    return (
        f'<h2 class="b-heading">Sign</h2>{_signing(name, number, board, who, may_be_named, faults, typed)}'
        f'<h2 class="b-heading">Take the results away</h2>{_downloads(name, number)}'
    )


def _signing(
    name: str, number: int, board: Board, who: str, may_be_named: bool, faults: Mapping[str, str], typed: str
) -> str:
    approved = len(board.standing.approved)
    signed = board.standing.signed
    told = ""
    if signed:
        names = " and ".join(f"{escape(edit.who)} on {edit.when:%d %B %Y at %H:%M} UTC" for edit in signed)
        told = f'<p class="b-inset c-signed"><strong>Signed</strong> by {names}. Any change takes the signature away.</p>'
    if not approved:
        return (
            '<p class="b-inset">No theme is approved yet, so there is nothing to sign. '
            f'<a class="b-link" href="{escape(at(name, number, "themes"))}">Go to the themes</a></p>'
        )
    if any(edit.who == who for edit in signed) and not may_be_named:
        return told
    known = escape(agreed(board.summary))
    waiting = len(board.standing.themes) - approved
    unread = f" {count(waiting, 'candidate is', 'candidates are')} not decided on, and left out." if waiting else ""
    return (
        f"{told}<p>You sign for {count(approved, 'approved theme')} and "
        f"{count(board.summary.answered, 'response')}. {known}{unread}"
        f'</p><form class="b-form" method="post" action="{escape(at(name, number, "sign"))}">{hidden(seen=board.edit)}'
        + (
            pieces.field("name", "Your name", id="analyst", value=typed or who, fault=faults.get("analyst", ""), most=80)
            if may_be_named
            else f"<p>Your name: <strong>{escape(who)}</strong></p>"
        )
        + tick("sure", "yes", "I have read the themes with their quotes, and stand for them", id="sure")
        + '<button type="submit" class="b-ask">Sign</button></form>'
    )


def _downloads(name: str, number: int) -> str:
    forms = sorted(ReportForm, key=lambda form: list(_FORMS).index(form.value) if form.value in _FORMS else 99)
    choices = "".join(
        tick(
            "form",
            form.value,
            f"{escape(_FORMS.get(form.value, (form.value.upper(), ''))[0])}"
            f'<span class="b-hint">{escape(_FORMS.get(form.value, ("", ""))[1])}</span>',
            id=f"form-{form.value}",
            is_ticked=place == 0,
            kind="radio",
        )
        for place, form in enumerate(forms)
    )
    choices += tick(
        "form",
        "trail",
        'Audit trail (CSV)<span class="b-hint">who decided what, and when</span>',
        id="form-trail",
        kind="radio",
    )
    return (
        f'<form class="b-form" method="post" action="{escape(at(name, number, "export"))}"><fieldset '
        'class="b-group"><legend>'
        f"As what kind of file?</legend>{choices}</fieldset>"
        + tick(
            "unmasked",
            "yes",
            'Show personal data<span class="b-hint">Addresses, numbers and names are masked unless you tick this. Who took '
            "them away is kept in the history.</span>",
            id="unmasked",
        )
        + '<button type="submit" class="b-ask">Download</button></form>'
    )
