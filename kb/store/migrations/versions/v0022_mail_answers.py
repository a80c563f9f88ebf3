"""Whether an agent is mailed what customers answer."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column(
        "user", sa.Column("mail_answers", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("user", "mail_answers", server_default=None)
