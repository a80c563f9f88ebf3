"""Whose turn a case is among those that owe the same: that of its plan's priority (R14, R28)."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_ORDER = ["owed_at", "turn", "severity", "number"]
_INDEXES = {
    "ix_case_queue": ["alive", *_ORDER],
    "ix_case_queue_state": ["state", *_ORDER],
    "ix_case_queue_assignee": ["assignee_id", "alive", *_ORDER],
    "ix_case_queue_request": ["request", "alive", *_ORDER],
    "ix_case_queue_product": ["product", "alive", *_ORDER],
    "ix_case_queue_severity": ["severity", "alive", "owed_at", "turn", "number"],
}


def upgrade() -> None:
    # The turns themselves are known by the policy: the worker's first look at it writes them.
    op.add_column("case", sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
    for name, columns in _INDEXES.items():
        op.drop_index(name, "case")
        op.create_index(name, "case", columns, unique=False)
