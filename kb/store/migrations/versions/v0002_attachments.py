"""Files that belong to messages of a case; their content lies beside the database."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_number", Id, nullable=False),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("uploader_id", Id, nullable=True),
        sa.Column("name", Words, nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name="fk_attachment_case_number"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["case_message.id"], name="fk_attachment_message_id"
        ),
        sa.ForeignKeyConstraint(["uploader_id"], ["user.id"], name="fk_attachment_uploader_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_case_number", "attachment", ["case_number"], unique=False)
    op.create_index("ix_attachment_message_id", "attachment", ["message_id"], unique=False)
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"], unique=False)
