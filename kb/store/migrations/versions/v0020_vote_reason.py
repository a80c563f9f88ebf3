"""Why an article did not help."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column(
        "vote", sa.Column("reason", sa.String(length=20), nullable=False, server_default="")
    )
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("vote", "reason", server_default=None)
