"""When an agent was last at the desk; admins are agents with the role of that name."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import UtcTime

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("user", sa.Column("seen_at", UtcTime()))
