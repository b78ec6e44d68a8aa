"""Writes the panel of one's own conversations: find, open, rename, delete, save; and the warning before one expires.

Native forms, which bernard.js sends. Pure functions; everything from the records passes through `escape`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from assistant.web.keeping import ListedConversation
from assistant.web.markup import count
from assistant.web.passing_on import files

WARN_DAYS = 7


def panel(
    listed: Sequence[ListedConversation], *, search: str = "", current: str = "", now: dt.datetime, has_files: bool = False
) -> str:
    """The list with its search field.

    Args:
        listed: Newest first.
        search: What was searched for.
        current: The conversation on the page.
        now: For how long each has yet.
        has_files: The server gives files of conversations.
    """
    items = "".join(
        _item(one, n, is_current=one.id == current, now=now, has_files=has_files) for n, one in enumerate(listed)
    )
    none = "No conversation has these words." if search else "There are none yet. Each question you ask is kept here."
    return (
        '<form class="b-form b-search" data-act="keep" data-do="search" role="search"><p class="b-field">'
        '<label for="conversations-search">Find a conversation</label>'
        f'<input type="search" id="conversations-search" name="search" value="{escape(search)}" autocomplete="off"></p>'
        '<button type="submit" class="b-button">Find</button></form>'
        + (f'<ul class="b-conversations">{items}</ul>' if items else f"<p>{none}</p>")
    )


def _item(one: ListedConversation, at: int, *, is_current: bool, now: dt.datetime, has_files: bool) -> str:
    name, title = escape(one.id), escape(one.title or "Without a title")
    held = count(one.answers, "question") if one.answers else "no question yet"
    about = f"{one.changed_at.day} {one.changed_at:%B %Y}, {held}"
    warning = expiry(one.expires_at, now=now)
    has_files = has_files and bool(one.answers)
    manage = "Rename, save or delete" if has_files else "Rename or delete"
    return (
        f'<li class="b-conversation"{" aria-current=true" if is_current else ""}>'
        f'<button type="button" class="b-open" data-act="keep" data-do="open" data-id="{name}">{title}</button>'
        f'<span class="b-organisation">{escape(about)}{" (open now)" if is_current else ""}</span>'
        f"{f'<strong class=b-expiry>{escape(warning)}</strong>' if warning else ''}"
        f'<details class="b-manage"><summary>{manage}<span class="b-hidden">: {title}</span></summary>'
        f'<form class="b-form" data-act="keep" data-do="rename" data-id="{name}"><p class="b-field">'
        f'<label for="c{at}-title">New name</label><input type="text" id="c{at}-title" name="title" value="{title}" '
        'maxlength="200" autocomplete="off"></p><button type="submit" class="b-button">Rename</button></form>'
        f"{files(one.id, f'c{at}', 'this conversation') if has_files else ''}"
        f'<form class="b-form" data-act="keep" data-do="delete" data-id="{name}"><p class="b-choice-item">'
        f'<input type="checkbox" id="c{at}-sure" name="sure" value="yes" required><label for="c{at}-sure">Delete it and its '
        'answers for good</label></p><button type="submit" class="b-button b-button-warning">Delete</button></form>'
        "</details></li>"
    )


def expiry(expires_at: dt.datetime | None, *, now: dt.datetime) -> str:
    """A warning when a conversation has at most a week left, "" otherwise."""
    if expires_at is None:
        return ""
    if expires_at.tzinfo is None:
        expires_at = expires_at.replace(tzinfo=dt.UTC)
    days = (expires_at - now).days
    if days >= WARN_DAYS:
        return ""
    day = f"{expires_at.day} {expires_at:%B %Y}"
    return f"This conversation is deleted on {day}. Save what you want to keep."


def warning(expires_at: dt.datetime | None, *, now: dt.datetime) -> str:
    """The same warning as it stands above an open conversation."""
    text = expiry(expires_at, now=now)
    if not text:
        return ""
    return (
        '<div class="b-warning"><span class="b-warning-icon" aria-hidden="true">!</span>'
        f'<strong class="b-warning-text"><span class="b-hidden">Warning: </span>{escape(text)}</strong></div>'
    )
