"""Who follows articles and products by mail, and what there was to tell."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "follower",
        sa.Column("id", Id, nullable=False),
        sa.Column("email", Words, nullable=False),
        sa.Column("email_key", Words, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("pace", sa.String(length=10), nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("told", Id, nullable=False),
        sa.Column("told_alerts", Id, nullable=False),
        sa.Column("mailed_at", UtcTime),
        sa.Column("letter", sa.String(length=255)),
        sa.Column("stopped_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_follower"),
        sa.UniqueConstraint("email_key", name="uq_follower_email_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "following",
        sa.Column("id", Id, nullable=False),
        sa.Column("follower_id", Id, nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("target", Words, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["follower.id"], name="fk_following_follower_id_follower"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_following"),
        sa.UniqueConstraint(
            "follower_id", "subject", "target", name="uq_following_follower_id_subject_target"
        ),
    )
    op.create_table(
        "article_seen",
        sa.Column("id", Id, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("mark", sa.String(length=80), nullable=False),
        sa.Column("alert", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_seen"),
        sa.UniqueConstraint("article_id", "lang", name="uq_article_seen_article_id_lang"),
    )
    op.create_table(
        "news_survey",
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date()),
        sa.PrimaryKeyConstraint("name", name="pk_news_survey"),
    )
    op.create_table(
        "article_change",
        sa.Column("id", Id, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("words", Words, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_article_change_at", "article_change", ["at"])
