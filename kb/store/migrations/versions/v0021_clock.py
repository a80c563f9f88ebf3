"""Since when a technician works on a case (R65); quotes by how they stand (R71)."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "time_clock",
        sa.Column("case_number", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name="fk_time_clock_case_number"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_time_clock_user_id"),
        sa.PrimaryKeyConstraint("case_number", "user_id", name="pk_time_clock"),
    )
    op.create_index("ix_quote_state", "quote", ["state", "id"], unique=False)
