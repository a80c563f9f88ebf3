"""One listening queue: what is said on the page, about articles and about cases (R51)."""

import sqlalchemy as sa
from alembic import op

from kb.store import voice_search
from kb.store.columns import Id, UtcTime

revision = "0018"
down_revision = "0017"

_INDEXES = {
    "ix_feedback_kind": ["kind", "id"],
    "ix_feedback_lang": ["lang", "id"],
    "ix_feedback_article_id": ["article_id", "id"],
    "ix_feedback_case_number": ["case_number"],
    "ix_feedback_read_at": ["read_at", "id"],
    "ix_feedback_day": ["day", "kind"],
    "ix_feedback_user_id": ["user_id"],
}


def upgrade() -> None:
    conn = op.get_bind()
    lite = conn.dialect.name == "sqlite"
    _columns(lite)
    _tables()
    day = "date(at)" if lite else "CAST(at AT TIME ZONE 'UTC' AS date)"
    _gather()
    op.execute("UPDATE feedback SET day = " + day)  # noqa: S608 # one of the two above
    if lite:
        op.execute(
            "CREATE VIRTUAL TABLE feedback_search USING fts5("
            "words, detail=none, tokenize='ascii', prefix='3 5')"
        )
    else:
        op.execute("CREATE TABLE feedback_search (id BIGINT PRIMARY KEY, words tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_feedback_search_words ON feedback_search USING gin (words)")
    for id_, said in conn.execute(sa.text("SELECT id, text FROM feedback")).all():
        voice_search.keep(conn, id_, said)


def _columns(lite: bool) -> None:
    op.add_column(
        "feedback", sa.Column("day", sa.Date(), nullable=False, server_default="1970-01-01")
    )
    op.add_column("feedback", sa.Column("origin", sa.String(length=40), nullable=True))
    op.add_column("feedback", sa.Column("article_id", sa.Integer(), nullable=True))
    op.execute(
        f"ALTER TABLE feedback ADD COLUMN case_number {'INTEGER' if lite else 'BIGINT'} "
        'CONSTRAINT fk_feedback_case_number REFERENCES "case" (number)'
    )
    op.add_column("feedback", sa.Column("helpful", sa.Boolean(), nullable=True))
    op.add_column("feedback", sa.Column("read_at", UtcTime, nullable=True))
    for name, columns in _INDEXES.items():
        op.create_index(name, "feedback", columns, unique=False)
    op.create_index("ix_feedback_origin", "feedback", ["origin"], unique=True)
    op.create_index("ix_vote_at", "vote", ["at"], unique=False)


def _tables() -> None:
    for what, length in (("tag", 40), ("product", 80)):
        op.create_table(
            f"feedback_{what}",
            sa.Column(what, sa.String(length=length), nullable=False),
            sa.Column("feedback_id", Id, nullable=False),
            sa.ForeignKeyConstraint(
                ["feedback_id"], ["feedback.id"], name=f"fk_feedback_{what}_feedback_id"
            ),
            sa.PrimaryKeyConstraint(what, "feedback_id", name=f"pk_feedback_{what}"),
        )
        op.create_index(f"ix_feedback_{what}_feedback_id", f"feedback_{what}", ["feedback_id"])
    op.create_table(
        "feedback_read",
        sa.Column("feedback_id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name="fk_feedback_read_feedback_id"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_feedback_read_user_id"),
        sa.PrimaryKeyConstraint("feedback_id", "user_id", name="pk_feedback_read"),
    )
    op.create_index("ix_feedback_read_user_id", "feedback_read", ["user_id", "feedback_id"])


def _gather() -> None:
    """Take into the queue what was said about articles and cases before there was one."""
    op.execute(
        "INSERT INTO feedback (kind, text, lang, at, origin, article_id, helpful) "
        "SELECT CASE WHEN helpful THEN 'compliment' ELSE 'content' END, words, lang, at, "
        "'vote:' || id, article_id, helpful FROM vote WHERE words <> '' ORDER BY at, id"
    )
    op.execute(
        "INSERT INTO feedback (kind, text, lang, user_id, at, origin, case_number) "
        "SELECT 'complaint', text, lang, user_id, at, 'complaint:' || id, case_number "
        "FROM complaint ORDER BY id"
    )
    op.execute(
        "INSERT INTO feedback (kind, text, rating, lang, user_id, at, origin, case_number) "
        "SELECT 'rating', rating_words, rating, lang, user_id, rated_at, 'rating:' || number, "
        'number FROM "case" '
        "WHERE rating_words <> '' AND rated_at IS NOT NULL ORDER BY rated_at, number"
    )
    op.execute(
        "INSERT INTO feedback_product (product, feedback_id) "
        'SELECT c.product, f.id FROM feedback f JOIN "case" c ON c.number = f.case_number '
        "WHERE c.product IS NOT NULL"
    )
