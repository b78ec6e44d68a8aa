"""Writes the panel of documents of one's own: choose files, see how adding them goes, and what can be done with each.

Native fields in a closed panel; bernard.js sends the files. Pure functions; names of files pass through `escape`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from assistant.settings import UploadSettings
from assistant.uploads import OwnFile, readable_formats
from assistant.web.markup import count

SCOPES = (
    ("", "Guidance and your documents"),
    ("own", "Only your documents"),
    ("guidance", "Only guidance"),
)
TASKS = (("summarise", "Summarise"), ("duties", "What must I do, by when?"))


def panel(limits: UploadSettings) -> str:
    """The panel as it stands on every page; `listed` is put into it."""
    scopes = "".join(
        f'<p class="b-choice-item"><input type="radio" id="own-scope-{n}" name="scope" value="{value}"'
        f'{"" if n else " checked"}><label for="own-scope-{n}">{words}</label></p>'
        for n, (value, words) in enumerate(SCOPES)
    )
    return (
        '<details class="b-tool b-documents" id="documents-panel"><summary>Your own documents'
        '<span id="documents-count"></span></summary><div class="b-tool-body">'
        f"{about(limits)}"
        f'<p class="b-field"><label for="documents-input">Choose files, or drop them on this page</label>'
        f'<span class="b-hint" id="documents-hint">{hint(limits)}</span>'
        f'<input type="file" id="documents-input" multiple accept="{accepted(limits)}" '
        f'data-largest="{limits.max_file_mib * 2**20}" aria-describedby="documents-hint"></p>'
        '<ul class="b-sending" id="documents-sending"></ul><p class="b-said" id="documents-said" role="status"></p>'
        '<form class="b-form" id="own-scope" hidden><fieldset class="b-group"><legend>Where to search for your next question'
        f'</legend>{scopes}</fieldset></form><div id="documents-list"></div></div></details>'
    )


def about(limits: UploadSettings) -> str:
    """What documents of one's own are for, and for how long they are kept."""
    days, hours = divmod(limits.hours, 24)
    kept = count(days, "day") if days and not hours else count(limits.hours, "hour")
    return (
        "<p>Add documents to this conversation, and ask about them as well as about the guidance. Only your questions in "
        f"this conversation search them. Each is deleted after {kept}, or with the conversation; what an answer quotes "
        "stays with the answer.</p>"
    )


def hint(limits: UploadSettings) -> str:
    """Which files can be added, and how large."""
    return (
        f"{escape(_kinds(readable_formats(limits)))}. Up to {limits.max_file_mib} MiB each, "
        f"{count(limits.max_files, 'file')} and {limits.max_total_mib} MiB together."
    )


def accepted(limits: UploadSettings) -> str:
    """The same for a field that takes files."""
    return escape(",".join(readable_formats(limits)))


def described(file: OwnFile) -> str:
    """A document's name, length and end, and what was not read in it."""
    words = "1 word" if file.words == 1 else f"{file.words:,} words"
    told = [f"{words}, deleted on {_moment(file.expires_at)}", *map(_sentence, file.remarks)]
    return f'<strong class="b-document-name">{escape(file.name)}</strong>' + "".join(
        f'<span class="b-organisation">{escape(one)}</span>' for one in told
    )


def listed(files: Sequence[OwnFile]) -> str:
    """The documents of a conversation with what can be done with them; says how many there are."""
    held = "".join(_item(file) for file in files)
    body = f'<ul class="b-conversations">{held}</ul>' if held else ""
    if len(files) > 1:
        body += f'<form class="b-form b-compare" data-act="documents" data-do="compare">{compared(files)}</form>'
    return f'<div data-documents="{len(files)}">{body}</div>'


def _item(file: OwnFile) -> str:
    name = escape(file.name)
    buttons = "".join(
        f'<button type="button" class="b-button" data-act="documents" data-do="{task}" data-file="{file.id}">{words}'
        f'<span class="b-hidden">: {name}</span></button>'
        for task, words in TASKS
    )
    return (
        f'<li class="b-conversation">{described(file)}<p class="b-buttons">{buttons}'
        f'<button type="button" class="b-button" data-act="documents" data-do="remove" data-file="{file.id}">Remove'
        f'<span class="b-hidden">: {name}</span></button></p></li>'
    )


def compared(files: Sequence[OwnFile]) -> str:
    """The fields by which two documents are chosen, with the button to compare them."""

    def choice(name: str, label: str, chosen: int) -> str:
        options = "".join(
            f'<option value="{file.id}"{" selected" if n == chosen else ""}>{escape(file.name)}</option>'
            for n, file in enumerate(files)
        )
        return (
            f'<p class="b-field"><label for="documents-{name}">{label}</label>'
            f'<select id="documents-{name}" name="{name}">{options}</select></p>'
        )

    return (
        '<fieldset class="b-group"><legend>Compare two documents</legend>'
        f"{choice('first', 'The first', 0)}{choice('second', 'The second', 1)}"
        '<button type="submit" class="b-button">Compare these two</button></fieldset>'
    )


def _kinds(formats: Sequence[str]) -> str:
    named = {
        ".pdf": "PDF", ".docx": "Word", ".odt": "OpenDocument", ".xlsx": "Excel", ".pptx": "PowerPoint", ".html": "web page",
        ".eml": "e-mail", ".msg": "Outlook", ".txt": "text", ".md": "Markdown", ".csv": "CSV", ".rtf": "RTF",
    }  # fmt: skip
    kinds = [name for suffix, name in named.items() if suffix in formats] or list(formats)
    *others, last = kinds
    return f"{', '.join(others)} or {last}" if others else last


def _moment(moment: dt.datetime) -> str:
    return f"{moment.day} {moment:%B} at {moment:%H:%M} UTC"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
