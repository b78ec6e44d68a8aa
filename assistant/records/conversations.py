"""Conversations in the database: begun, listed, found by their words, renamed, cut short and deleted.

Each function works within a transaction of `store.py`. What belongs to somebody else is told as if it were not there, so
that nobody can find out what there is. Knows nothing of when a conversation expires.
"""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, or_, select, update

from assistant.errors import InputError
from assistant.records.rows import storable
from assistant.records.schema import answers, conversations

LONGEST_TITLE = 200
_TITLE_OF_QUESTION = 80
_MOST_WORDS = 12  # of a search; more would make the database slow and find nothing


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation as the database has it; `title` is made up from its first question where its owner gave none."""

    id: str
    title: str
    begun_at: dt.datetime
    changed_at: dt.datetime
    answers: int


def begin(connection: Connection, user: str, moment: dt.datetime) -> str:
    """Begin a conversation; returns its id."""
    name = secrets.token_hex(16)
    row = {"id": name, "user_name": storable(user), "title": "", "begun_at": moment, "changed_at": moment}
    connection.execute(insert(conversations), row)
    return name


def take_place(connection: Connection, user: str, conversation: str, *, moment: dt.datetime) -> int:
    """The place of a new answer in a conversation; others who add to it at the same time wait here."""
    mine = _mine(user, conversation)
    if not connection.execute(update(conversations).where(mine).values(changed_at=moment)).rowcount:
        raise _unknown()
    last = select(func.max(answers.c.position)).where(answers.c.conversation_id == conversation)
    return int(connection.execute(last).scalar() or 0) + 1


def listed(connection: Connection, user: str, *, search: str, limit: int) -> list[Found]:
    """The conversations of a user that hold all words of `search`, changed last first; empty ones are left out."""
    held = (
        select(answers.c.conversation_id, func.count().label("many"), func.min(answers.c.position).label("first"))
        .where(answers.c.replaced_at.is_(None))
        .group_by(answers.c.conversation_id)
        .subquery()
    )
    is_first = (answers.c.conversation_id == held.c.conversation_id) & (answers.c.position == held.c.first)
    query = (
        select(conversations, held.c.many, answers.c.question)
        .join(held, held.c.conversation_id == conversations.c.id)
        .join(answers, is_first)
        .where(conversations.c.user_name == storable(user))
        .where(*(_says(word) for word in storable(search).split()[:_MOST_WORDS]))
        .order_by(conversations.c.changed_at.desc(), conversations.c.id)
        .limit(limit)
    )
    return [_found(row) for row in connection.execute(query)]


def unasked(connection: Connection, user: str, *, limit: int) -> list[Found]:
    """The conversations of a user that hold no answer, begun last first; their titles are empty unless given."""
    held = exists().where(answers.c.conversation_id == conversations.c.id, answers.c.replaced_at.is_(None))
    query = (
        select(conversations)
        .where(conversations.c.user_name == storable(user), ~held)
        .order_by(conversations.c.changed_at.desc(), conversations.c.id)
        .limit(limit)
    )
    return [Found(row.id, row.title, row.begun_at, row.changed_at, 0) for row in connection.execute(query)]


def one(connection: Connection, user: str, conversation: str) -> tuple[Found, list[Row[Any]]]:
    """A conversation, and the rows of its answers, oldest first.

    Raises:
        InputError: There is none by this id, or it is another user's.
    """
    row = connection.execute(select(conversations).where(_mine(user, conversation))).first()
    if row is None:
        raise _unknown()
    held = (
        select(answers)
        .where(answers.c.conversation_id == conversation, answers.c.replaced_at.is_(None))
        .order_by(answers.c.position)
    )
    rows = list(connection.execute(held))
    title = row.title or (_title_of(rows[0].question) if rows else "")
    return Found(row.id, title, row.begun_at, row.changed_at, len(rows)), rows


def rename(connection: Connection, user: str, conversation: str, *, title: str) -> None:
    """Give a conversation a title.

    Raises:
        InputError: The title is empty or too long, or there is no such conversation of this user's.
    """
    title = _one_line(title)
    if not title:
        raise InputError("A conversation needs a title of at least one character.")
    if len(title) > LONGEST_TITLE:
        raise InputError(f"The title has {len(title):,} characters; the most is {LONGEST_TITLE}.")
    if not connection.execute(update(conversations).where(_mine(user, conversation)).values(title=title)).rowcount:
        raise _unknown()


def replace_from(connection: Connection, user: str, conversation: str, *, answer: str, moment: dt.datetime) -> None:
    """Take an answer and those after it out of a conversation; they stay in the records.

    Raises:
        InputError: There is no such conversation of this user's, or the answer is not in it.
    """
    take_place(connection, user, conversation, moment=moment)
    held = (answers.c.conversation_id == conversation) & answers.c.replaced_at.is_(None)
    place = connection.execute(select(answers.c.position).where(held, answers.c.id == answer)).scalar()
    if place is None:
        raise InputError("This answer is no longer in the conversation. Reload the page to see what is.")
    connection.execute(update(answers).where(held, answers.c.position >= place).values(replaced_at=moment))


def remove(connection: Connection, user: str, conversation: str) -> None:
    """Delete a conversation with all its answers, those that were replaced too.

    Raises:
        InputError: There is none by this id, or it is another user's.
    """
    if not connection.execute(delete(conversations).where(_mine(user, conversation))).rowcount:
        raise _unknown()


def remove_empty(connection: Connection, ids: set[str]) -> None:
    """Delete those of the conversations that hold no answer any more: their titles may repeat what was deleted."""
    held = exists().where(answers.c.conversation_id == conversations.c.id)
    connection.execute(delete(conversations).where(conversations.c.id.in_(ids), ~held))


def _mine(user: str, conversation: str) -> ColumnElement[bool]:
    return (conversations.c.id == storable(conversation)) & (conversations.c.user_name == storable(user))


def _unknown() -> InputError:
    return InputError("There is no such conversation. It may have been deleted, or have expired.")


def _says(word: str) -> ColumnElement[bool]:
    said = answers.alias()  # the first answer is in the query already
    in_answer = exists().where(
        said.c.conversation_id == conversations.c.id,
        said.c.replaced_at.is_(None),
        said.c.words.contains(word.casefold(), autoescape=True),
    )
    return or_(conversations.c.title.icontains(word, autoescape=True), in_answer)


def _found(row: Row[Any]) -> Found:
    return Found(row.id, row.title or _title_of(row.question), row.begun_at, row.changed_at, row.many)


def _title_of(question: str) -> str:
    title = _one_line(question)
    if len(title) <= _TITLE_OF_QUESTION:
        return title or "Untitled"
    cut = title[: _TITLE_OF_QUESTION - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def _one_line(text: str) -> str:
    """Without line breaks, control characters and marks that turn the direction of writing."""
    shown = "".join(" " if unicodedata.category(character) in {"Cc", "Cf", "Cs"} else character for character in text)
    return " ".join(shown.split())
