"""Case forms that were begun and not sent."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("updated_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_draft_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("user_id", "subject", name="uq_draft_user_id_subject"),
    )
    op.create_index("ix_draft_updated_at", "draft", ["updated_at"], unique=False)
