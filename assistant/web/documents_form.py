"""Writes what the page without JavaScript shows of documents of one's own: a form that adds, the list, what can be done.

Pure functions; names of files pass through `escape`. Knows nothing of requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.settings import UploadSettings
from assistant.uploads import OwnFile
from assistant.web import own_panel
from assistant.web.filters import Fields
from assistant.web.markup import count

SENT_TO = "/plain/own"
NEW = "new"
"""Stands for a conversation that begins with its documents."""

FIELD = "documents-input"
"""Id of the field that takes files."""


def documents_panel(files: Sequence[OwnFile], conversation: str, *, limits: UploadSettings, fault: str = "") -> str:
    """The panel; open where there is something in it.

    Args:
        files: Of the conversation.
        conversation: Its name, "" before it begins.
        limits: What may be added.
        fault: Why something was not added.
    """
    sent_to = f"{SENT_TO}/{escape(conversation or NEW)}"
    many = f" ({count(len(files), 'document')})" if files else ""
    words = f'<span class="b-fault-text" id="{FIELD}-fault"><span class="b-hidden">Error: </span>{escape(fault)}</span>'
    described = f"{FIELD}-hint {FIELD}-fault" if fault else f"{FIELD}-hint"
    items = "".join(_item(file, sent_to) for file in files)
    return (
        f'<details class="b-tool b-documents" id="documents"{" open" if files or fault else ""}>'
        f'<summary>Your own documents{many}</summary><div class="b-tool-body">{own_panel.about(limits)}'
        + (f'<ul class="b-conversations">{items}</ul>' if items else "")
        + (_compare(files, sent_to) if len(files) > 1 else "")
        + f'<form class="b-form" method="post" action="{sent_to}" enctype="multipart/form-data">'
        f'<p class="b-field{" b-field-wrong" if fault else ""}"><label for="{FIELD}">Choose files to add</label>'
        f'<span class="b-hint" id="{FIELD}-hint">{own_panel.hint(limits)} Reading them may take '
        f"a minute, after which the page loads again.</span>{words if fault else ''}"
        f'<input type="file" id="{FIELD}" name="file" multiple accept="{own_panel.accepted(limits)}" '
        f'aria-describedby="{described}"{" aria-invalid=true" if fault else ""}></p>'
        '<button type="submit" class="b-button">Add</button></form></div></details>'
    )


def scopes(chosen: Fields) -> str:
    """The choice of where to search, for a conversation that has documents."""
    now = next(iter(chosen.get("scope", ())), "")
    items = "".join(
        f'<p class="b-choice-item"><input type="radio" id="scope-{n}" name="scope" value="{value}"'
        f'{" checked" if value == now else ""}><label for="scope-{n}">{words}</label></p>'
        for n, (value, words) in enumerate(own_panel.SCOPES)
    )
    return f'<fieldset class="b-group"><legend>Where to search</legend>{items}</fieldset>'


def _item(file: OwnFile, sent_to: str) -> str:
    name = escape(file.name)

    def button(value: str, words: str) -> str:
        hidden = f'<span class="b-hidden">: {name}</span>'
        return f'<button type="submit" class="b-button" name="do" value="{value}">{words}{hidden}</button>'

    buttons = "".join(button(task, words) for task, words in own_panel.TASKS) + button("remove", "Remove")
    return (
        f'<li class="b-conversation">{own_panel.described(file)}<form method="post" action="{sent_to}/do">'
        f'<input type="hidden" name="file" value="{file.id}"><p class="b-buttons">{buttons}</p></form></li>'
    )


def _compare(files: Sequence[OwnFile], sent_to: str) -> str:
    return (
        f'<form class="b-form b-compare" method="post" action="{sent_to}/do">'
        f'<input type="hidden" name="do" value="compare">{own_panel.compared(files)}</form>'
    )
