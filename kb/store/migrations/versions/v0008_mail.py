"""Mail that came in with its source, addresses that cannot be reached, HTML of mails going out."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("html", Words, nullable=True))
    op.add_column("outbox", sa.Column("bounced_at", UtcTime, nullable=True))
    _mail_in()
    op.create_table(
        "mail_source",
        sa.Column("mail_id", Id, autoincrement=False, nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail_in.id"], name="fk_mail_source_mail_id"),
        sa.PrimaryKeyConstraint("mail_id", name="pk_mail_source"),
    )
    op.create_table(
        "mail_rest",
        sa.Column("message_id", Id, autoincrement=False, nullable=False),
        sa.Column("mail_id", Id, nullable=False),
        sa.Column("rest", Words, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["case_message.id"], name="fk_mail_rest_message_id"
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mail_in.id"], name="fk_mail_rest_mail_id"),
        sa.PrimaryKeyConstraint("message_id", name="pk_mail_rest"),
    )
    op.create_index("ix_mail_rest_mail_id", "mail_rest", ["mail_id"], unique=False)
    op.create_table(
        "mail_bounce",
        sa.Column("id", Id, nullable=False),
        sa.Column("address_key", Words, nullable=False),
        sa.Column("said", Words, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("bounced_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail_bounce"),
        sa.UniqueConstraint("address_key", name="uq_mail_bounce_address_key"),
    )


def _mail_in() -> None:
    op.create_table(
        "mail_in",
        sa.Column("id", Id, nullable=False),
        sa.Column("seen_key", sa.String(length=64), nullable=False),
        sa.Column("message_id", Words, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("sender", Words, nullable=False),
        sa.Column("subject", Words, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("note", Words, nullable=False),
        sa.Column("case_number", Id, nullable=True),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("leased_until", UtcTime, nullable=True),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.Column("decided_at", UtcTime, nullable=True),
        sa.Column("decided_by", Id, nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name="fk_mail_in_case_number"),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name="fk_mail_in_decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_in"),
        sa.UniqueConstraint("seen_key", name="uq_mail_in_seen_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mail_in_state_id", "mail_in", ["state", "id"], unique=False)
    op.create_index("ix_mail_in_case_number", "mail_in", ["case_number"], unique=False)
