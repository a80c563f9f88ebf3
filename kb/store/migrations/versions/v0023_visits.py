"""What visitors looked for, step by step, in place of single searches."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "visit_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("visit", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("query", Words, nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visit_step"),
    )
    op.create_index("ix_visit_step_at", "visit_step", ["at"])
    op.create_index("ix_visit_step_visit_at", "visit_step", ["visit", "at"])
    op.create_table(
        "case_lookup",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_number", Id, nullable=False),
        sa.Column("query", Words, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name="fk_case_lookup_case_number_case"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_lookup"),
    )
    op.create_index("ix_case_lookup_case_number", "case_lookup", ["case_number"])
    # Searches from before are visits of their own, each with nothing but the search.
    op.execute(
        "INSERT INTO visit_step (visit, kind, at, lang, query, results, article) "
        "SELECT 'search-' || id, 'searched', at, lang, query, results, 0 FROM search_log "
        "ORDER BY id"
    )
    op.drop_table("search_log")
