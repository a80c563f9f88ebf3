"""Tables around registered products: claims for agents, waiting keys, reminders (R7, R58)."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# Something about a product that a person has to look at: a key that another account has, a proof
# of purchase, a move to another machine, a swap. `files` are the documents that came with it.
claim = Table(
    "claim",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, index=True),
    Column("licence_id", Id, ForeignKey("licence.id"), nullable=False, index=True),
    Column("lang", String(12), nullable=False),
    Column("words", Words, nullable=False),
    Column("details", JSON, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("decided_at", UtcTime),
    Column("decided_by", Id, ForeignKey("user.id")),
    Column("answer", Words, nullable=False),
    Index(None, "state", "made_at"),
    sqlite_autoincrement=True,
)

claim_file = Table(
    "claim_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("claim_id", Id, ForeignKey("claim.id"), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("scanned_at", UtcTime, index=True),  # none: no virus scanner has seen it
    Column("virus", Words),  # what the scanner found; such a file is never given out
)

# A key nobody here knows while the licence service cannot be asked; sealed until it answers.
key_wait = Table(
    "key_wait",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("key_hash", String(64), nullable=False),
    Column("key_last4", String(4), nullable=False),
    Column("sealed_key", Words, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    UniqueConstraint("user_id", "key_hash"),
)

# “Your support ends in N days”, once for each end.
reminder = Table(
    "reminder",
    metadata,
    Column("id", Id, primary_key=True),
    Column("asset_id", Id, ForeignKey("asset.id"), nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Column("sent_at", UtcTime, nullable=False),
    UniqueConstraint("asset_id", "ends_on", "days"),
)

# Who has switched reminders off.
no_reminder = Table(
    "no_reminder",
    metadata,
    Column("user_id", Id, ForeignKey("user.id"), primary_key=True),
    Column("since", UtcTime, nullable=False),
)
