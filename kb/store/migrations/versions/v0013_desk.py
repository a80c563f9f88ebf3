"""The desk: linked cases, time and its credit, quotes, remote sessions, presence, articles used."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _case_link()
    _time_entry()
    _quote()
    _remote_session()
    _case_presence()
    _article_use()


def _case_link() -> None:
    op.create_table(
        "case_link",
        sa.Column("first", Id, nullable=False),
        sa.Column("second", Id, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["first"], ["case.number"], name="fk_case_link_first"),
        sa.ForeignKeyConstraint(["second"], ["case.number"], name="fk_case_link_second"),
        sa.PrimaryKeyConstraint("first", "second", name="pk_case_link"),
    )
    op.create_index("ix_case_link_second", "case_link", ["second"], unique=False)


def _time_entry() -> None:
    op.create_table(
        "time_entry",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_number", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_credit", sa.Boolean(), nullable=False),
        sa.Column("is_charged", sa.Boolean(), nullable=False),
        sa.Column("words", Words, nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name="fk_time_entry_case_number"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_time_entry_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_time_entry"),
        sa.UniqueConstraint(
            "case_number", "submission_id", name="uq_time_entry_case_number_submission_id"
        ),
    )
    op.create_index("ix_time_entry_case_number", "time_entry", ["case_number"], unique=False)


def _quote() -> None:
    op.create_table(
        "quote",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_number", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("amount", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("terms", Words, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("valid_until", UtcTime, nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("answered_at", UtcTime, nullable=True),
        sa.Column("answered_by", Id, nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name="fk_quote_case_number"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_quote_user_id"),
        sa.ForeignKeyConstraint(["answered_by"], ["user.id"], name="fk_quote_answered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_quote"),
        sa.UniqueConstraint(
            "case_number", "submission_id", name="uq_quote_case_number_submission_id"
        ),
    )
    op.create_index("ix_quote_case_number", "quote", ["case_number"], unique=False)


def _remote_session() -> None:
    op.create_table(
        "remote_session",
        sa.Column("case_number", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("sealed", Words, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name="fk_remote_session_case_number"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_remote_session_user_id"),
        sa.PrimaryKeyConstraint("case_number", name="pk_remote_session"),
    )
    op.create_index("ix_remote_session_expires_at", "remote_session", ["expires_at"], unique=False)


def _case_presence() -> None:
    op.create_table(
        "case_presence",
        sa.Column("case_number", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("is_answering", sa.Boolean(), nullable=False),
        sa.Column("seen_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name="fk_case_presence_case_number"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_case_presence_user_id"),
        sa.PrimaryKeyConstraint("case_number", "user_id", name="pk_case_presence"),
    )
    op.create_index("ix_case_presence_seen_at", "case_presence", ["seen_at"], unique=False)


def _article_use() -> None:
    op.create_table(
        "article_use",
        sa.Column("case_number", Id, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name="fk_article_use_case_number"
        ),
        sa.PrimaryKeyConstraint("case_number", "article_id", name="pk_article_use"),
    )
    op.create_index("ix_article_use_article_id", "article_use", ["article_id"], unique=False)
