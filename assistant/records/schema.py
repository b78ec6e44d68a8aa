"""The tables of the records, as they are in this version; `migrations/` brings an older database here.

An answer is kept whole, as JSON, beside the columns that lists need. What it rested on has tables of its own, so that a
question such as "which answers quoted this page?" reads no JSON. Knows nothing of where the database is.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

REVISION = "0002"
"""The newest migration. Kept here too, so that opening records that are current does not load Alembic."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment in UTC, also in SQLite, which forgets time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To the database."""
        return value.astimezone(dt.UTC) if value else None

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("user_name", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False, index=True),
)
"""Exchanges that belong together. `user_name` is "" where nobody signs in; `changed_at` decides when it expires."""

answers = Table(
    "answers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("given_at", UtcDateTime, nullable=False, index=True),
    Column("question_id", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("standalone_question", Text, nullable=False),
    Column("status", String(40), nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt_version", Text, nullable=False),
    Column("index_digest", String(64), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), index=True),
    Column("user_name", Text, nullable=False, server_default=""),
    Column("position", Integer),
    Column("replaced_at", UtcDateTime),
    Column("words", Text, nullable=False, server_default=""),
)
"""One row an answer; `answer` is the whole `Answer` as it was given.

`position` counts within a conversation, from 1. One that was replaced, since its question was edited and asked again, is
shown no more and goes with its conversation all the same. `words` are those of question and answer, without case, to be
found by.
"""

sources = Table(
    "sources",
    metadata,
    Column("answer_id", ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("passage_id", Text, nullable=False),
    Column("document_id", String(32), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("withdrawn", Boolean, nullable=False),
)
"""The passages an answer cites. A passage's id names another text once its document has changed; hence the digest."""

quotations = Table(
    "quotations",
    metadata,
    Column("answer_id", String(32), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("introduced_by", Text, nullable=False),
    ForeignKeyConstraint(["answer_id", "number"], ["sources.answer_id", "sources.number"], ondelete="CASCADE"),
)
"""The words an answer rests on, each once; `introduced_by` is the lead-in or headings that it was shown under, or ""."""

feedback = Table(
    "feedback",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("answer_id", ForeignKey("answers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("user_name", Text, nullable=False),
    Column("given_at", UtcDateTime, nullable=False, index=True),
    Column("kinds", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("claim", Integer),
)
"""What a reader said of an answer, or of one of its claims, which are counted from 0. It goes with its answer."""

users = Table(
    "users",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)
"""People who sign in with a password that Bernard checks. What they asked does not hang on this row."""
