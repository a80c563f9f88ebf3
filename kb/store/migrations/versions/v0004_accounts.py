"""Time zones, second factors, sign-in providers, changes of address, organisations."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for column in (
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("totp_key", Words, nullable=True),
        sa.Column("totp_since", UtcTime, nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("deleted_at", UtcTime, nullable=True),
    ):
        op.add_column("user", column)
    _ways_to_sign_in()
    _organisations()
    _belongs_to_organisation("asset")
    _belongs_to_organisation("case")


def _belongs_to_organisation(table: str) -> None:
    """SQLite takes a foreign key only together with its column, Alembic adds it afterwards."""
    name = f"fk_{table}_organisation_id"
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f'ALTER TABLE "{table}" ADD COLUMN organisation_id {kind} '
        f"CONSTRAINT {name} REFERENCES organisation (id)"
    )
    op.create_index(f"ix_{table}_organisation_id", table, ["organisation_id"], unique=False)


def _ways_to_sign_in() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", UtcTime, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_recovery_code_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint("user_id", "code_hash", name="uq_recovery_code_user_id_code_hash"),
    )
    op.create_table(
        "sign_in_identity",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_sign_in_identity_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_identity"),
        sa.UniqueConstraint("provider", "subject", name="uq_sign_in_identity_provider_subject"),
    )
    op.create_index("ix_sign_in_identity_user_id", "sign_in_identity", ["user_id"], unique=False)
    op.create_table(
        "email_change",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("email", Words, nullable=False),
        sa.Column("email_key", Words, nullable=False),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("old_said_yes_at", UtcTime, nullable=True),
        sa.Column("new_said_yes_at", UtcTime, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_email_change_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_email_change"),
        sa.UniqueConstraint("user_id", name="uq_email_change_user_id"),
        sqlite_autoincrement=True,
    )


def _organisations() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "membership",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("sees_cases", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_membership_organisation_id"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_membership_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("user_id", name="uq_membership_user_id"),
    )
    op.create_index("ix_membership_organisation_id", "membership", ["organisation_id"])
    op.create_table(
        "invitation",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("email", Words, nullable=False),
        sa.Column("email_key", Words, nullable=False),
        sa.Column("sees_cases", sa.Boolean(), nullable=False),
        sa.Column("invited_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_invitation_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint(
            "organisation_id", "email_key", name="uq_invitation_organisation_id_email_key"
        ),
        sqlite_autoincrement=True,
    )
