"""Tables around an account: ways to sign in, waiting changes, organisations (R1–R5)."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    String,
    Table,
    UniqueConstraint,
)

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# Codes for who has lost the device; kept as keyed hashes, each works once.
recovery_code = Table(
    "recovery_code",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("used_at", UtcTime),
    UniqueConstraint("user_id", "code_hash"),
)

# Who a sign-in provider says somebody is; `subject` is the provider's own name for the person.
sign_in_identity = Table(
    "sign_in_identity",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, index=True),
    Column("provider", String(40), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("linked_at", UtcTime, nullable=False),
    UniqueConstraint("provider", "subject"),
)

# An address that waits until the old and the new mailbox have both said yes.
email_change = Table(
    "email_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, unique=True),
    Column("email", Words, nullable=False),
    Column("email_key", Words, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("old_said_yes_at", UtcTime),
    Column("new_said_yes_at", UtcTime),
    sqlite_autoincrement=True,
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

# An account is in one organisation at most.
membership = Table(
    "membership",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", Id, ForeignKey("organisation.id"), nullable=False, index=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("sees_cases", Boolean, nullable=False),
    Column("joined_at", UtcTime, nullable=False),
)

# A mailed invitation; the row goes when it is accepted or withdrawn, and the link with it.
invitation = Table(
    "invitation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", Id, ForeignKey("organisation.id"), nullable=False),
    Column("email", Words, nullable=False),
    Column("email_key", Words, nullable=False),
    Column("sees_cases", Boolean, nullable=False),
    Column("invited_at", UtcTime, nullable=False),
    UniqueConstraint("organisation_id", "email_key"),
    sqlite_autoincrement=True,
)
