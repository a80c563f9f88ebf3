"""Tables of what belongs to a case besides its conversation: promises and complaints."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# A promise with a time. While the customer is awaited a resolution has no time but what was left
# of it. `warned_at` and `breached_at` are when the agents were told, so they are told once.
case_milestone = Table(
    "case_milestone",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_number", Id, ForeignKey("case.number"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("calendar", String(80), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("target_seconds", Integer, nullable=False),
    Column("due_at", UtcTime, index=True),
    Column("left_seconds", Integer),
    Column("met_at", UtcTime),
    Column("warned_at", UtcTime),
    Column("breached_at", UtcTime),
    UniqueConstraint("case_number", "kind", "started_at"),
)

# A complaint about the service (R70); its number is the case's and how many there were.
complaint = Table(
    "complaint",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_number", Id, ForeignKey("case.number"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, index=True),
    Column("submission_id", String(64), nullable=False),
    Column("text", Words, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("case_number", "ordinal"),
    UniqueConstraint("case_number", "submission_id"),
)
