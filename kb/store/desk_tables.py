"""Tables of the agents' desk: tags of cases and selections that agents keep."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, PrimaryKeyConstraint, String, Table

from kb.store.columns import Id, UtcTime
from kb.store.tables import metadata

case_tag = Table(
    "case_tag",
    metadata,
    Column("tag", String(40), nullable=False),
    Column("case_number", Id, ForeignKey("case.number"), nullable=False),
    PrimaryKeyConstraint("tag", "case_number"),
    Index("ix_case_tag_case_number", "case_number"),
)

# A selection of the queue as its address says it; a shared one is in everybody's list.
saved_filter = Table(
    "saved_filter",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, index=True),
    Column("name", String(60), nullable=False),
    Column("query", String(600), nullable=False),
    Column("is_shared", Boolean, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
)
