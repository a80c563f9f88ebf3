"""Tokens of the API, webhooks and their outbox."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("last_used_at", UtcTime),
        sa.Column("revoked_at", UtcTime),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_api_token_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
    )
    op.create_index("ix_api_token_user_id", "api_token", ["user_id"], unique=False)
    op.create_table(
        "webhook",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("url", Words, nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", Words, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("stopped_at", UtcTime),
        sa.Column("reached_at", UtcTime),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_webhook_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_index("ix_webhook_is_active", "webhook", ["is_active"], unique=False)
    _deliveries()


def _deliveries() -> None:
    name = "webhook_delivery"
    op.create_table(
        name,
        sa.Column("id", Id, nullable=False),
        sa.Column("webhook_id", Id, nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("case_number", Id),
        sa.Column("actor", sa.String(length=10), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("leased_until", UtcTime),
        sa.Column("lease", sa.String(length=32)),
        sa.Column("sent_at", UtcTime),
        sa.Column("answer", sa.Integer()),
        sa.Column("error", Words),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=f"fk_{name}_webhook_id"),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=f"fk_{name}_case_number"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    for column in ("webhook_id", "case_number"):
        op.create_index(f"ix_{name}_{column}", name, [column], unique=False)
    op.create_index(f"ix_{name}_state_due_at", name, ["state", "due_at"], unique=False)
