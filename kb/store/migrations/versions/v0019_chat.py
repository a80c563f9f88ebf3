"""The live chat of a case, and the agents who take chats (R40)."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "chat",
        sa.Column("case_number", Id, nullable=False, autoincrement=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("after_id", Id, nullable=False),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("customer_until", UtcTime, nullable=False),
        sa.Column("customer_typing_until", UtcTime, nullable=True),
        sa.Column("agent_typing_until", UtcTime, nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name="fk_chat_case_number"),
        sa.ForeignKeyConstraint(["agent_id"], ["user.id"], name="fk_chat_agent_id"),
        sa.PrimaryKeyConstraint("case_number", name="pk_chat"),
    )
    op.create_index("ix_chat_state", "chat", ["state", "asked_at"], unique=False)
    op.create_table(
        "chat_agent",
        sa.Column("user_id", Id, nullable=False, autoincrement=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("until", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_chat_agent_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_chat_agent"),
    )
