"""Three kinds of promises, linked and merged cases, ratings, complaints, virus scans."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _case()
    _milestones()
    op.add_column("attachment", sa.Column("scanned_at", UtcTime, nullable=True))
    op.add_column("attachment", sa.Column("virus", Words, nullable=True))
    op.create_index("ix_attachment_scanned_at", "attachment", ["scanned_at"], unique=False)
    _complaints()


def _case() -> None:
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for name in ("follows", "merged_into"):
        op.execute(
            f'ALTER TABLE "case" ADD COLUMN {name} {kind} '
            f'CONSTRAINT fk_case_{name} REFERENCES "case" (number)'
        )
        op.create_index(f"ix_case_{name}", "case", [name], unique=False)
    op.add_column("case", sa.Column("solved_by", sa.String(length=40), nullable=True))
    op.add_column("case", sa.Column("rating", sa.Integer(), nullable=True))
    op.add_column("case", sa.Column("rating_words", Words, nullable=True))
    op.add_column("case", sa.Column("rated_at", UtcTime, nullable=True))


def _milestones() -> None:
    """The table anew: SQLite cannot change the rule of what may be there once."""
    conn = op.get_bind()
    known = sa.text(
        "SELECT m.case_number, m.kind, m.calendar, c.opened_at AS started_at, m.target_seconds, "
        'm.due_at, m.met_at FROM case_milestone m JOIN "case" c ON c.number = m.case_number'
    ).columns(started_at=UtcTime, due_at=UtcTime, met_at=UtcTime)
    rows = [dict(row) for row in conn.execute(known).mappings()]
    op.drop_table("case_milestone")
    made = op.create_table(
        "case_milestone",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_number", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("target_seconds", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime, nullable=True),
        sa.Column("left_seconds", sa.Integer(), nullable=True),
        sa.Column("met_at", UtcTime, nullable=True),
        sa.Column("warned_at", UtcTime, nullable=True),
        sa.Column("breached_at", UtcTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name="fk_case_milestone_case_number"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_milestone"),
        sa.UniqueConstraint(
            "case_number",
            "kind",
            "started_at",
            name="uq_case_milestone_case_number_kind_started_at",
        ),
    )
    op.create_index("ix_case_milestone_due_at", "case_milestone", ["due_at"], unique=False)
    if rows:
        op.bulk_insert(made, rows)


def _complaints() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_number", Id, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=False),
        sa.Column("text", Words, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name="fk_complaint_case_number"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_complaint_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_complaint"),
        sa.UniqueConstraint("case_number", "ordinal", name="uq_complaint_case_number_ordinal"),
        sa.UniqueConstraint(
            "case_number", "submission_id", name="uq_complaint_case_number_submission_id"
        ),
    )
    op.create_index("ix_complaint_user_id", "complaint", ["user_id"], unique=False)
