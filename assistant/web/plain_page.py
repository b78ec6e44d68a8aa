"""Writes the page without JavaScript: the conversation, the form that asks, the list of one's own conversations.

Pure functions. Everything that comes from a reader or an answer passes through `escape`. Knows nothing of requests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from assistant.search import Facets
from assistant.settings import UploadSettings
from assistant.uploads import OwnFile
from assistant.web import filters, listing, render
from assistant.web.documents_form import FIELD, documents_panel, scopes
from assistant.web.filters import Fields
from assistant.web.frame import error_summary
from assistant.web.keeping import ListedConversation, Session
from assistant.web.markup import count
from assistant.web.passing_on import files
from assistant.web.words import HINT, INTRODUCTION, INTRODUCTION_ONCE_BEGUN

HOME = "/plain"

_SAID = {
    "added": "Added. Your next question searches your documents as well.",
    "removed": "Removed.",
    "renamed": "Renamed.",
    "deleted": "Deleted.",
    "thanks": "Thank you. This is kept with the answer.",
}


_NEW = Session()
_LIMITS = UploadSettings()


@dataclass(frozen=True, slots=True)
class View:
    """What stands on the page.

    Attributes:
        session: The conversation, empty before it begins.
        question: What stands in the question box.
        chosen: What stands in the fields of what to search.
        faults: What has to be put right: words by the id of the field.
        said: What was done, by a key of `_SAID`.
        listed: One's own conversations; None where none are kept.
        search: What the list was searched for.
        is_unkept: The latest answer is in no records.
        files: Documents of one's own in the conversation; None where there can be none.
        limits: Of such documents.
    """

    session: Session = _NEW
    question: str = ""
    chosen: Fields = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    listed: Sequence[ListedConversation] | None = None
    search: str = ""
    is_unkept: bool = False
    files: Sequence[OwnFile] | None = None
    limits: UploadSettings = _LIMITS


def plain_page(view: View, *, facets: Facets | None, model: str, has_files: bool, now: dt.datetime) -> str:
    """Everything between the header and the foot.

    Args:
        view: What stands on the page.
        facets: What a search can be limited to; None where it cannot be limited.
        model: The language model that writes, "" for none.
        has_files: The server gives files of what is in the records.
        now: For how long each conversation has yet.
    """
    session = view.session
    begun = bool(session.exchanges)
    parts = [error_summary(dict(view.faults)), _said(view.said)]
    parts.append(INTRODUCTION_ONCE_BEGUN if begun else INTRODUCTION)
    if begun:
        parts += [listing.warning(session.expires_at, now=now), _exchanges(view, has_files=has_files), _choosing(view)]
        parts.append(_unkept(view))
    parts.append(_asking(view, filters.fields(facets, model=model, chosen=view.chosen), filters.name(facets, model=model)))
    if view.files is not None and not view.is_unkept:
        parts.append(documents_panel(view.files, session.id, limits=view.limits, fault=view.faults.get(FIELD, "")))
    if begun and session.id and not view.is_unkept:
        parts.append(_manage(view, has_files=has_files))
    if view.listed is not None:
        parts.append(_own(view, now=now))
    return "".join(parts)


def address_of(session: Session) -> str:
    """Where a conversation's page is, and where its questions are sent to."""
    return f"{HOME}/{session.id}" if session.id else HOME


def _said(key: str) -> str:
    words = _SAID.get(key, "")
    return f'<div class="b-inset" role="status" id="said">{escape(words)}</div>' if words else ""


def _exchanges(view: View, *, has_files: bool) -> str:
    exchanges, sent_to = view.session.exchanges, address_of(view.session)
    return "".join(
        render.exchange(
            one.answer,
            turn=turn,
            beside=one.beside,
            tools=render.Tools(
                has_files=has_files,
                record=one.id,
                sent_to=sent_to if one.id else "",
                asking="choosing" if turn == len(exchanges) else "",
            ),
        )
        for turn, one in enumerate(exchanges, start=1)
    )


def _choosing(view: View) -> str:
    """The form through which the buttons of "which topic?" ask: under the same limits as the question before."""
    if not view.session.exchanges[-1].answer.choices:
        return ""
    held = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, values in view.chosen.items()
        for value in values
        if value
    )
    return f'<form id="choosing" method="post" action="{escape(address_of(view.session))}">{held}</form>'


def _unkept(view: View) -> str:
    if not view.is_unkept:
        return ""
    return '<p class="b-inset">This answer is not kept: print or save this page if you need it.</p>'


def _asking(view: View, fields: str, name: str) -> str:
    fault = view.faults.get("question", "")
    words = f'<span class="b-fault-text" id="question-fault"><span class="b-hidden">Error: </span>{escape(fault)}</span>'
    described = "question-hint question-fault" if fault else "question-hint"
    label = "Ask another question" if view.session.exchanges else "Your question"
    many = sum(bool(value) for name, values in view.chosen.items() if name != "scope" for value in values)
    chosen = f" ({many} chosen)" if many else ""
    held = (
        f'<details class="b-tool b-filters"{" open" if many or _is_of_fields(view.faults) else ""}><summary>{name}{chosen}'
        f'</summary><div class="b-fields">{fields}</div></details>'
        if fields
        else ""
    )
    return (
        f'<form class="b-asking" method="post" action="{escape(address_of(view.session))}">'
        f'<p class="b-field{" b-field-wrong" if fault else ""}"><label for="question">{label}</label>'
        f'<span class="b-hint" id="question-hint">{HINT}</span>{words if fault else ""}'
        f'<textarea id="question" name="question" rows="2" aria-describedby="{described}"'
        f"{' aria-invalid=true' if fault else ''}>\n{escape(view.question)}</textarea></p>"
        f'{scopes(view.chosen) if view.files else ""}{held}<button type="submit" class="b-ask">Ask</button></form>'
        + (f'<p><a class="b-link" href="{HOME}">New conversation</a></p>' if view.session.exchanges else "")
    )


def _is_of_fields(faults: Mapping[str, str]) -> bool:
    return any(place.startswith("f-") for place in faults)


def _manage(view: View, *, has_files: bool) -> str:
    sent_to = escape(address_of(view.session))
    return (
        f'<details class="b-tool b-own"{" open" if "title" in view.faults or "sure" in view.faults else ""}>'
        '<summary>Rename, save or delete this conversation</summary><div class="b-tool-body">'
        f'<form class="b-form" method="post" action="{sent_to}/rename"><p class="b-field">'
        '<label for="title">New name</label>'
        '<input type="text" id="title" name="title" maxlength="200" autocomplete="off"></p>'
        '<button type="submit" class="b-button">Rename</button></form>'
        f"{files(view.session.id, 'conversation', 'this conversation') if has_files else ''}"
        f'<form class="b-form" method="post" action="{sent_to}/delete"><p class="b-choice-item">'
        '<input type="checkbox" id="sure" name="sure" value="yes">'
        '<label for="sure">Delete it and its answers for good</label></p>'
        '<button type="submit" class="b-button b-button-warning">Delete</button></form></div></details>'
    )


def _own(view: View, *, now: dt.datetime) -> str:
    listed = view.listed or ()
    items = "".join(_item(one, is_current=one.id == view.session.id, now=now) for one in listed)
    none = "No conversation has these words." if view.search else "There are none yet. Each question you ask is kept here."
    return (
        f'<details class="b-tool b-own"{" open" if view.search else ""}><summary>Your conversations</summary>'
        f'<div class="b-tool-body"><form class="b-form b-search" role="search" method="post" action="{HOME}/find">'
        '<p class="b-field"><label for="conversations-search">Find a conversation</label>'
        f'<input type="search" id="conversations-search" name="search" value="{escape(view.search)}" autocomplete="off"></p>'
        '<button type="submit" class="b-button">Find</button></form>'
        + (f'<ul class="b-conversations">{items}</ul>' if items else f"<p>{none}</p>")
        + "</div></details>"
    )


def _item(one: ListedConversation, *, is_current: bool, now: dt.datetime) -> str:
    about = f"{one.changed_at.day} {one.changed_at:%B %Y}, {count(one.answers, 'question')}"
    expiry = listing.expiry(one.expires_at, now=now)
    return (
        f'<li class="b-conversation"{" aria-current=true" if is_current else ""}>'
        f'<a class="b-open" href="{HOME}/{escape(one.id)}">{escape(one.title or "Without a title")}</a>'
        f'<span class="b-organisation">{escape(about)}{" (open now)" if is_current else ""}</span>'
        f"{f'<strong class=b-expiry>{escape(expiry)}</strong>' if expiry else ''}</li>"
    )
