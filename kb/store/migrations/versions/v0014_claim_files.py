"""Documents of claims are looked at by the virus scanner as attachments are."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import UtcTime, Words

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("claim_file", sa.Column("scanned_at", UtcTime))
    op.add_column("claim_file", sa.Column("virus", Words))
    op.create_index("ix_claim_file_scanned_at", "claim_file", ["scanned_at"])
