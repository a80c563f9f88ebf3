"""What customers agreed to before a case was opened (R64)."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# The words themselves, once for each version and language, so that they outlive the site's file.
consent_text = Table(
    "consent_text",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("seal", String(20), nullable=False),
    Column("lang", String(12), nullable=False),
    Column("title", Words, nullable=False),
    Column("words", JSON, nullable=False),
    UniqueConstraint("name", "seal", "lang"),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_number", Id, ForeignKey("case.number"), nullable=False),
    Column("text_id", Id, ForeignKey("consent_text.id"), nullable=False),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("case_number", "text_id"),
)
