"""The queue at any size: what it is sorted by stands in the case; tags, kept selections, words."""

import sqlalchemy as sa
from alembic import op

from kb.store import case_search
from kb.store.columns import Id, UtcTime

revision = "0012"
down_revision = "0011"

_FAR = {
    "sqlite": "9999-12-31 00:00:00.000000",
    "postgresql": "9999-12-31 00:00:00+00",
}
_ORDER = ["owed_at", "severity", "number"]
_INDEXES = {
    "ix_case_queue": ["alive", *_ORDER],
    "ix_case_queue_state": ["state", *_ORDER],
    "ix_case_queue_assignee": ["assignee_id", "alive", *_ORDER],
    "ix_case_queue_request": ["request", "alive", *_ORDER],
    "ix_case_queue_product": ["product", "alive", *_ORDER],
    "ix_case_queue_severity": ["severity", "alive", "owed_at", "number"],
    "ix_case_opened": ["alive", "opened_at"],
    "ix_case_updated": ["alive", "updated_at"],
}


def upgrade() -> None:
    conn = op.get_bind()
    _case(conn)
    _desk()
    if conn.dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE case_search USING fts5("
            "words, detail=none, tokenize='ascii', prefix='3 5')"
        )
    else:
        op.execute("CREATE TABLE case_search (number BIGINT PRIMARY KEY, words tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_case_search_words ON case_search USING gin (words)")
    for number in list(conn.execute(sa.text('SELECT number FROM "case"')).scalars()):
        case_search.rebuild(conn, number)


def _case(conn: sa.Connection) -> None:
    far = _FAR[conn.dialect.name]
    op.add_column("case", sa.Column("alive", sa.Boolean(), nullable=False, server_default="1"))
    op.add_column("case", sa.Column("owed_at", UtcTime, nullable=False, server_default=far))
    op.execute(
        'UPDATE "case" SET alive = (state IN '
        "('new', 'open', 'pending_customer', 'on_hold', 'escalated_to_sales'))"
    )
    op.execute(
        'UPDATE "case" SET owed_at = (SELECT min(due_at) FROM case_milestone m '
        'WHERE m.case_number = "case".number AND m.met_at IS NULL) WHERE number IN '
        "(SELECT case_number FROM case_milestone WHERE met_at IS NULL AND due_at IS NOT NULL)"
    )
    op.drop_index("ix_case_state_request", "case")
    op.drop_index("ix_case_assignee_id", "case")
    for name, columns in _INDEXES.items():
        op.create_index(name, "case", columns, unique=False)
    op.create_index("ix_user_role", "user", ["role"], unique=False)


def _desk() -> None:
    op.create_table(
        "case_tag",
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("case_number", Id, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name="fk_case_tag_case_number"),
        sa.PrimaryKeyConstraint("tag", "case_number", name="pk_case_tag"),
    )
    op.create_index("ix_case_tag_case_number", "case_tag", ["case_number"], unique=False)
    op.create_table(
        "saved_filter",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=600), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_saved_filter_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filter"),
    )
    for name in ("user_id", "is_shared"):
        op.create_index(f"ix_saved_filter_{name}", "saved_filter", [name], unique=False)
