"""What the walks of a week add up to, kept when their answers are dropped."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "walk_week",
        sa.Column("id", Id, nullable=False),
        sa.Column("tree", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.String(length=80), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.Column("added_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_walk_week"),
        sa.UniqueConstraint("tree", "revision", "monday", name="uq_walk_week_tree_revision_monday"),
    )
