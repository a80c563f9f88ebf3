"""Orders, payments, notices of payment providers; which order a paid incident comes from."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _orders()
    _payments()
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE incident_credit ADD COLUMN order_id {kind} "
        'CONSTRAINT fk_incident_credit_order_id REFERENCES "order" (id)'
    )
    op.add_column("incident_credit", sa.Column("void_at", UtcTime, nullable=True))


def _orders() -> None:
    op.create_table(
        "order",
        sa.Column("id", Id, nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("asset_id", Id, nullable=True),
        sa.Column("licence_id", Id, nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=False),
        sa.Column("offer", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("plan", sa.String(length=80), nullable=True),
        sa.Column("net", sa.String(length=20), nullable=False),
        sa.Column("tax", sa.String(length=20), nullable=False),
        sa.Column("total", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("tax_name", Words, nullable=False),
        sa.Column("pay_by", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("policy_revision", sa.String(length=80), nullable=False),
        sa.Column("ordered_at", UtcTime, nullable=False),
        sa.Column("pay_until", UtcTime, nullable=False),
        sa.Column("paid_at", UtcTime, nullable=True),
        sa.Column("ended_at", UtcTime, nullable=True),
        sa.Column("checkout_id", Words, nullable=True),
        sa.Column("checkout_url", Words, nullable=True),
        sa.Column("checkout_until", UtcTime, nullable=True),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_order_asset_id"),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name="fk_order_licence_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_order_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_order"),
        sa.UniqueConstraint("reference", name="uq_order_reference"),
        sa.UniqueConstraint("user_id", "submission_id", name="uq_order_user_id_submission_id"),
        sqlite_autoincrement=True,
    )
    for columns in (["asset_id"], ["state", "pay_until"], ["user_id"]):
        op.create_index(f"ix_order_{'_'.join(columns)}", "order", columns, unique=False)


def _payments() -> None:
    op.create_table(
        "payment",
        sa.Column("id", Id, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("amount", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name="fk_payment_actor_id"),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk_payment_order_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payment"),
        sa.UniqueConstraint("provider", "reference", name="uq_payment_provider_reference"),
    )
    op.create_index("ix_payment_order_id", "payment", ["order_id"], unique=False)
    op.create_index("ix_payment_state", "payment", ["state"], unique=False)
    op.create_table(
        "payment_notice",
        sa.Column("id", Id, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("notice", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payment_notice"),
        sa.UniqueConstraint("provider", "notice", name="uq_payment_notice_provider_notice"),
    )
    op.create_index("ix_payment_notice_at", "payment_notice", ["at"], unique=False)
