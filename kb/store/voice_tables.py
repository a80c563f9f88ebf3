"""The table of what people say."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# What anybody tells us, wherever they say it (R51): on the feedback page, about an article, about a
# case. `origin` names the vote, rating or complaint a row was taken from, so it is taken once;
# `read_at` is when the first agent read it, `day` the UTC day it is counted on.
feedback = Table(
    "feedback",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("text", Words, nullable=False),
    Column("rating", Integer),
    Column("email", Words),
    Column("lang", String(12), nullable=False),
    Column("user_id", Id, ForeignKey("user.id"), index=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("day", Date, nullable=False),
    Column("origin", String(40), unique=True, index=True),
    Column("article_id", Integer),
    Column("case_number", Id, ForeignKey("case.number")),
    Column("helpful", Boolean),
    Column("read_at", UtcTime),
    Index("ix_feedback_kind", "kind", "id"),
    Index("ix_feedback_lang", "lang", "id"),
    Index("ix_feedback_article_id", "article_id", "id"),
    Index("ix_feedback_case_number", "case_number"),
    Index("ix_feedback_read_at", "read_at", "id"),
    Index("ix_feedback_day", "day", "kind"),
)
