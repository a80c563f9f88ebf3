"""Tables of articles that are written here and committed to branches of the content."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# Ids of articles that were given out here, so that no two drafts get the same; one that was never
# committed is not given again.
article_number = Table(
    "article_number",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
)

# The article that was made of a case: where it is, and how far it has come. Its text is in git.
article_draft = Table(
    "article_draft",
    metadata,
    Column("case_number", Id, ForeignKey("case.number"), primary_key=True, autoincrement=False),
    Column("article_id", Integer, nullable=False, unique=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("lang", String(12), nullable=False),
    Column("path", Words, nullable=False),
    Column("branch", String(200), nullable=False),
    Column("commit", String(64), nullable=False),  # '' until it is made
    Column("push", String(12), nullable=False),
    Column("said", Words, nullable=False),  # by the remote, when it refused
    Column("at", UtcTime, nullable=False),
    Column("published_at", UtcTime),
    Index("ix_article_draft_published_at", "published_at"),
)
