"""Claims, waiting keys, reminders; box serials and upgrade keys of licences; proven purchases."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for column in (
        sa.Column("box_hash", sa.String(length=64), nullable=True),
        sa.Column("upgrade_of", sa.String(length=64), nullable=True),
        sa.Column("sealed_key", Words, nullable=True),
    ):
        op.add_column("licence", column)
    op.create_index("ix_licence_box_hash", "licence", ["box_hash"], unique=True)
    op.create_index("ix_licence_upgrade_of", "licence", ["upgrade_of"], unique=False)
    op.add_column("asset", sa.Column("proof", sa.String(length=20), nullable=True))
    op.add_column("asset", sa.Column("bought_on", sa.Date(), nullable=True))
    _claims()
    _waiting()


def _claims() -> None:
    op.create_table(
        "claim",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("licence_id", Id, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("words", Words, nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("decided_at", UtcTime, nullable=True),
        sa.Column("decided_by", Id, nullable=True),
        sa.Column("answer", Words, nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name="fk_claim_decided_by"),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name="fk_claim_licence_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_claim_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
        sqlite_autoincrement=True,
    )
    for columns in (["licence_id"], ["state", "made_at"], ["user_id"]):
        op.create_index(f"ix_claim_{'_'.join(columns)}", "claim", columns, unique=False)
    op.create_table(
        "claim_file",
        sa.Column("id", Id, nullable=False),
        sa.Column("claim_id", Id, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_claim_file_claim_id"),
        sa.PrimaryKeyConstraint("id", name="pk_claim_file"),
    )
    op.create_index("ix_claim_file_claim_id", "claim_file", ["claim_id"], unique=False)
    op.create_index("ix_claim_file_sha256", "claim_file", ["sha256"], unique=False)


def _waiting() -> None:
    op.create_table(
        "key_wait",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("key_last4", sa.String(length=4), nullable=False),
        sa.Column("sealed_key", Words, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_key_wait_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_key_wait"),
        sa.UniqueConstraint("user_id", "key_hash", name="uq_key_wait_user_id_key_hash"),
    )
    op.create_index("ix_key_wait_due_at", "key_wait", ["due_at"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("id", Id, nullable=False),
        sa.Column("asset_id", Id, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_reminder_asset_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint(
            "asset_id", "ends_on", "days", name="uq_reminder_asset_id_ends_on_days"
        ),
    )
    op.create_table(
        "no_reminder",
        sa.Column("user_id", Id, nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_no_reminder_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_no_reminder"),
    )
