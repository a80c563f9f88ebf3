"""All tables of DESIGN §3 that exist so far; a new one comes with a migration.

Money, states and kinds are texts checked by the rules, not database enums: a policy file may
add a request or a plan without a migration."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from kb.store.columns import Id, UtcTime, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

user = Table(
    "user",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", Words, nullable=False),
    Column("email_key", Words, nullable=False, unique=True),  # lower case: who is who
    Column("first_name", Words, nullable=False),
    Column("last_name", Words, nullable=False),
    Column("country", Words, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("role", String(20), nullable=False, index=True),
    Column("password_hash", String(255), nullable=False),
    # Counts up with each new password, so sessions opened with the old one end.
    Column("session_epoch", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("confirmed_at", UtcTime),
    Column("signed_in_at", UtcTime),
    Column("time_zone", String(64)),  # an IANA name; none means the support office's
    Column("totp_key", Words),  # sealed with the site's secret
    Column("totp_since", UtcTime),  # from when the second factor is asked for
    Column("totp_step", Integer),  # the last step whose code was used: none works twice
    Column("deleted_at", UtcTime),
    Column("mail_answers", Boolean, nullable=False),  # an agent's: mailed what customers answer
    Column("seen_at", UtcTime),  # an agent's: on a page of the desk, about
    sqlite_autoincrement=True,
)

# How often something was tried; `subject` is a keyed hash, never an address in clear.
attempt = Table(
    "attempt",
    metadata,
    Column("subject", String(80), primary_key=True),
    Column("since", UtcTime, nullable=False),
    Column("count", Integer, nullable=False),
)

# What the vendor sold. The key itself is not kept: a keyed hash finds it again.
licence = Table(
    "licence",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("key_last4", String(4), nullable=False),
    Column("product", String(80), nullable=False),
    Column("version", String(20)),
    Column("edition", String(80), nullable=False),
    Column("plan", String(80)),
    Column("plan_days", Integer),
    Column("term_days", Integer),
    Column("sold_on", Date, nullable=False),
    # A short serial on a box is exchanged for the key, which is sealed for that (R7); a key for
    # the newer version names the one it takes the place of (R10).
    Column("box_hash", String(64), unique=True, index=True),
    Column("upgrade_of", String(64), index=True),
    Column("sealed_key", Words),
)

asset = Table(
    "asset",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, index=True),
    Column("licence_id", Id, ForeignKey("licence.id"), nullable=False, unique=True),
    Column("name", Words, nullable=False),
    Column("registered_at", UtcTime, nullable=False),
    # Whose it is: the organisation's, and `user_id` only says who keeps it; else the account's.
    Column("organisation_id", Id, ForeignKey("organisation.id"), index=True),
    # Where a proof of purchase is asked for (R7): how far that is, and the day it proves.
    Column("proof", String(20)),
    Column("bought_on", Date),
    sqlite_autoincrement=True,
)

# A plan over a licence for a time; `ends_on` is the last day that counts.
service_contract = Table(
    "service_contract",
    metadata,
    Column("id", Id, primary_key=True),
    Column("licence_id", Id, ForeignKey("licence.id"), nullable=False, index=True),
    Column("plan", String(80), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("source", String(20), nullable=False),
)

case = Table(
    "case",
    metadata,
    # The number people quote (R44). The database counts it up from a start drawn at random when
    # the table is made, so it is never used twice and does not say how many cases there are.
    Column("number", Id, primary_key=True, autoincrement=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, index=True),
    Column("submission_id", Words, nullable=False),
    Column("request", String(80), nullable=False),
    Column("topic", String(80), nullable=False),
    Column("edition", String(20), nullable=False),
    Column("asset_id", Id, ForeignKey("asset.id")),
    Column("product", String(80)),
    Column("version", String(20)),
    Column("plan", String(80)),
    Column("severity", String(1), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("title", Words, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("contact", JSON, nullable=False),
    Column("details", JSON, nullable=False),
    Column("entitlement", JSON, nullable=False),
    Column("policy_revision", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("assignee_id", Id, ForeignKey("user.id")),
    Column("customer_spoke_last", Boolean, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("resolved_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("organisation_id", Id, ForeignKey("organisation.id"), index=True),
    Column("follows", Id, ForeignKey("case.number"), index=True),  # the closed case it goes on from
    Column("merged_into", Id, ForeignKey("case.number"), index=True),  # its survivor
    Column("solved_by", String(40)),  # “answer”, “other” or “article:1042”, as the customer said
    Column("rating", Integer),
    Column("rating_words", Words),
    Column("rated_at", UtcTime),
    # What the queue is sorted by, kept by whoever writes a state, a plan or a promise: whether it
    # lives, the earliest promise owed (far away without one), and its turn among those that owe
    # the same (the smaller goes first, R14), so that no page sorts all cases.
    Column("alive", Boolean, nullable=False, server_default="1"),
    Column("owed_at", UtcTime, nullable=False),
    Column("turn", Integer, nullable=False, server_default="0"),
    UniqueConstraint("user_id", "submission_id"),
    Index("ix_case_queue", "alive", "owed_at", "turn", "severity", "number"),
    Index("ix_case_queue_state", "state", "owed_at", "turn", "severity", "number"),
    Index(
        "ix_case_queue_assignee", "assignee_id", "alive", "owed_at", "turn", "severity", "number"
    ),
    Index("ix_case_queue_request", "request", "alive", "owed_at", "turn", "severity", "number"),
    Index("ix_case_queue_product", "product", "alive", "owed_at", "turn", "severity", "number"),
    Index("ix_case_queue_severity", "alive", "severity", "owed_at", "turn", "number"),
    Index("ix_case_opened", "alive", "opened_at"),
    Index("ix_case_updated", "alive", "updated_at"),
    sqlite_autoincrement=True,
)

# A case form that was begun and not sent: what was typed, by field, and the address of the form.
# `subject` names the wish that it is about, so each has one draft of its own.
draft = Table(
    "draft",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("subject", String(400), nullable=False),
    Column("query", JSON, nullable=False),
    Column("typed", JSON, nullable=False),
    Column("updated_at", UtcTime, nullable=False, index=True),
    UniqueConstraint("user_id", "subject"),
)

incident_credit = Table(
    "incident_credit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, index=True),
    Column("asset_id", Id, ForeignKey("asset.id")),
    Column("bought_at", UtcTime, nullable=False),
    Column("case_number", Id, ForeignKey("case.number"), unique=True),
    Column("used_at", UtcTime),
    Column("order_id", Id, ForeignKey("order.id")),
    Column("void_at", UtcTime),  # taken back: its money was, too
)

case_message = Table(
    "case_message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_number", Id, ForeignKey("case.number"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("actor", String(10), nullable=False),
    Column("author_id", Id, ForeignKey("user.id")),
    Column("body", Words, nullable=False),
    Column("event", JSON),
    Column("submission_id", Words),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("case_number", "submission_id"),
)

# A file of a message; its content lies in `var/attachments` under its hash. Nobody has uploaded
# what came by other ways than a form.
attachment = Table(
    "attachment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_number", Id, ForeignKey("case.number"), nullable=False, index=True),
    Column("message_id", Id, ForeignKey("case_message.id"), nullable=False, index=True),
    Column("uploader_id", Id, ForeignKey("user.id")),
    Column("name", Words, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("scanned_at", UtcTime, index=True),  # none: no virus scanner has seen it
    Column("virus", Words),  # what the scanner found; such a file is never given out
)

vote = Table(
    "vote",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Integer, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("words", Words, nullable=False),
    Column("visitor", String(64), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    UniqueConstraint("article_id", "visitor"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", String(255), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("recipient", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("html", Words),
    Column("headers", JSON, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("case_number", Id, ForeignKey("case.number"), index=True),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("leased_until", UtcTime),
    Column("lease", String(32)),
    Column("sent_at", UtcTime),
    Column("bounced_at", UtcTime),  # when it came back from a server further on
    Column("error", Words),
    Index(None, "state", "due_at"),
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey("user.id")),
    Column("what", String(60), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("data", JSON, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Index(None, "subject"),
)
