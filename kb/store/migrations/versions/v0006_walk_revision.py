"""A case knows which revision of the tree its walk went through, also where it was not counted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("wizard_walk", sa.Column("revision", sa.String(length=80), nullable=True))
