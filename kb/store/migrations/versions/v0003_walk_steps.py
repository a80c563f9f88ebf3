"""Answers given in the troubleshooter, for its figures; a case knows the walk it came from."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "walk_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("walk", sa.String(length=32), nullable=True),
        sa.Column("tree", Words, nullable=False),
        sa.Column("revision", sa.String(length=80), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("node", Words, nullable=False),
        sa.Column("answer", Words, nullable=False),
        sa.Column("reached", Words, nullable=False),
        sa.Column("ending", sa.String(length=12), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_walk_step"),
    )
    op.create_index("ix_walk_step_tree_at", "walk_step", ["tree", "at"], unique=False)
    op.create_index("ix_walk_step_at", "walk_step", ["at"], unique=False)
    op.add_column("wizard_walk", sa.Column("walk", sa.String(length=32), nullable=True))
