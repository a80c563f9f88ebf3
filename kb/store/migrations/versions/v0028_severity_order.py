"""The queue by severity reads its own rows alone, whether one severity is asked for or all."""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.drop_index("ix_case_queue_severity", "case")
    columns = ["alive", "severity", "owed_at", "turn", "number"]
    op.create_index("ix_case_queue_severity", "case", columns, unique=False)
