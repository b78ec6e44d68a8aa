"""Conversations, whose answers belong to somebody; feedback on answers; people who may sign in.

SQLite cannot add a constraint to a table, but a column that comes with one; nothing is copied, and what hangs on the answers
stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and give the answers their new columns."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_user_name", "conversations", ["user_name"])
    op.create_index("ix_conversations_changed_at", "conversations", ["changed_at"])
    op.execute(
        "ALTER TABLE answers ADD COLUMN conversation_id VARCHAR(32) "
        "CONSTRAINT fk_answers_conversation_id_conversations REFERENCES conversations (id) ON DELETE CASCADE"
    )
    op.add_column("answers", sa.Column("user_name", sa.Text(), nullable=False, server_default=""))
    op.add_column("answers", sa.Column("position", sa.Integer(), nullable=True))
    op.add_column("answers", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("answers", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_answers_conversation_id", "answers", ["conversation_id"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("answer_id", sa.String(32), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="fk_feedback_answer_id_answers", ondelete="CASCADE"),
    )
    op.create_index("ix_feedback_answer_id", "feedback", ["answer_id"])
    op.create_index("ix_feedback_given_at", "feedback", ["given_at"])
    op.create_table(
        "users",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
