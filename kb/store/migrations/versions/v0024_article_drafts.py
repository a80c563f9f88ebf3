"""Articles made of cases, the ids given out for them, and what was opened before a case."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column(
        "case_lookup", sa.Column("article", sa.Integer(), nullable=False, server_default="0")
    )
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("case_lookup", "article", server_default=None)
    op.create_table(
        "article_number",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_number"),
    )
    op.create_table(
        "article_draft",
        sa.Column("case_number", Id, nullable=False, autoincrement=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("path", Words, nullable=False),
        sa.Column("branch", sa.String(length=200), nullable=False),
        sa.Column("commit", sa.String(length=64), nullable=False),
        sa.Column("push", sa.String(length=12), nullable=False),
        sa.Column("said", Words, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("published_at", UtcTime),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name="fk_article_draft_case_number_case"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_article_draft_user_id_user"),
        sa.PrimaryKeyConstraint("case_number", name="pk_article_draft"),
        sa.UniqueConstraint("article_id", name="uq_article_draft_article_id"),
    )
    op.create_index("ix_article_draft_published_at", "article_draft", ["published_at"])
