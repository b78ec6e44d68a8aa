"""Answers with their sources and quotations.

A migration says what the tables were at its time, so it repeats them and imports nothing of Bernard's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "answers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("standalone_question", sa.Text(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_version", sa.Text(), nullable=False),
        sa.Column("index_digest", sa.String(64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
    )
    op.create_index("ix_answers_given_at", "answers", ["given_at"])
    op.create_table(
        "sources",
        sa.Column("answer_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("passage_id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "number", name="pk_sources"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="fk_sources_answer_id_answers", ondelete="CASCADE"),
    )
    op.create_index("ix_sources_document_id", "sources", ["document_id"])
    op.create_table(
        "quotations",
        sa.Column("answer_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("introduced_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "position", name="pk_quotations"),
        sa.ForeignKeyConstraint(
            ["answer_id", "number"],
            ["sources.answer_id", "sources.number"],
            name="fk_quotations_answer_id_sources",
            ondelete="CASCADE",
        ),
    )
