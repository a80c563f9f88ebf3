"""Tables of what other programs use: tokens of the API, webhooks and what is on its way to them."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# A token acts for its account. Only its hash is kept, so it can be shown once.
api_token = Table(
    "api_token",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("hint", String(8), nullable=False),  # its last signs, by which its owner knows it
    Column("scopes", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    Column("revoked_at", UtcTime),
)

# Where events of cases are told. Its secret is sealed: each delivery is signed with it.
webhook = Table(
    "webhook",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),  # the agent who made it
    Column("url", Words, nullable=False),
    Column("events", JSON, nullable=False),
    Column("secret", Words, nullable=False),
    Column("is_active", Boolean, nullable=False, index=True),
    Column("failures", Integer, nullable=False),  # in a row; the next success makes it none
    Column("created_at", UtcTime, nullable=False),
    Column("stopped_at", UtcTime),  # switched off by itself after too many failures
    Column("reached_at", UtcTime),
)

# The outbox of webhooks: made by the transaction that changes the case, taken with a lease.
webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("webhook_id", Id, ForeignKey("webhook.id"), nullable=False, index=True),
    Column("event_id", String(40), nullable=False),
    Column("event", String(40), nullable=False),
    Column("case_number", Id, ForeignKey("case.number"), index=True),
    Column("actor", String(10), nullable=False),
    Column("data", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("leased_until", UtcTime),
    Column("lease", String(32)),
    Column("sent_at", UtcTime),
    Column("answer", Integer),  # the HTTP status of the last answer
    Column("error", Words),
    Index(None, "state", "due_at"),
)
