"""Tables of the agents' desk: tags, selections, links, time, quotes, sessions, presence, and what
agents make of feedback."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from kb.store.columns import Id, UtcTime, Words
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

# Two cases that belong together; one row for both ways, the smaller number first.
case_link = Table(
    "case_link",
    metadata,
    Column("first", Id, ForeignKey("case.number"), nullable=False),
    Column("second", Id, ForeignKey("case.number"), nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("first", "second"),
    Index("ix_case_link_second", "second"),
)

# Technician's time: what was worked (R65), and with a reason what was given beyond the credit.
time_entry = Table(
    "time_entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_number", Id, ForeignKey("case.number"), nullable=False, index=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("is_credit", Boolean, nullable=False),  # time given, not time worked
    Column("is_charged", Boolean, nullable=False),  # worked before the first contact is free
    Column("words", Words, nullable=False),
    Column("submission_id", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("case_number", "submission_id"),
)

# Since when a technician works on a case (R65), until the time is logged.
time_clock = Table(
    "time_clock",
    metadata,
    Column("case_number", Id, ForeignKey("case.number"), nullable=False),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("case_number", "user_id"),
)

# What sales offer in a case (R71): lines of what and for how much, as they were said then.
quote = Table(
    "quote",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_number", Id, ForeignKey("case.number"), nullable=False, index=True),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("lines", JSON, nullable=False),
    Column("amount", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("terms", Words, nullable=False),
    Column("state", String(20), nullable=False),
    Column("valid_until", UtcTime, nullable=False),
    Column("submission_id", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    Column("answered_by", Id, ForeignKey("user.id")),
    UniqueConstraint("case_number", "submission_id"),
    Index("ix_quote_state", "state", "id"),
)

# How to see a customer's screen (R68): sealed, in no mail and no story, gone when it expires.
remote_session = Table(
    "remote_session",
    metadata,
    Column("case_number", Id, ForeignKey("case.number"), primary_key=True, autoincrement=False),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("sealed", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

# Who has a case before them now; old rows count for nothing.
case_presence = Table(
    "case_presence",
    metadata,
    Column("case_number", Id, ForeignKey("case.number"), nullable=False),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("is_answering", Boolean, nullable=False),
    Column("seen_at", UtcTime, nullable=False, index=True),
    PrimaryKeyConstraint("case_number", "user_id"),
)

# That a case was answered with an article: what the knowledge base is used for.
article_use = Table(
    "article_use",
    metadata,
    Column("case_number", Id, ForeignKey("case.number"), nullable=False),
    Column("article_id", Integer, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("case_number", "article_id"),
)

# By which agents group what they are told (R51).
feedback_tag = Table(
    "feedback_tag",
    metadata,
    Column("tag", String(40), nullable=False),
    Column("feedback_id", Id, ForeignKey("feedback.id"), nullable=False),
    PrimaryKeyConstraint("tag", "feedback_id"),
    Index("ix_feedback_tag_feedback_id", "feedback_id"),
)

# The products it is about: those of its article or case when it was said.
feedback_product = Table(
    "feedback_product",
    metadata,
    Column("product", String(80), nullable=False),
    Column("feedback_id", Id, ForeignKey("feedback.id"), nullable=False),
    PrimaryKeyConstraint("product", "feedback_id"),
    Index("ix_feedback_product_feedback_id", "feedback_id"),
)

# Who read it, and when: the first time counts.
feedback_read = Table(
    "feedback_read",
    metadata,
    Column("feedback_id", Id, ForeignKey("feedback.id"), nullable=False),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("feedback_id", "user_id"),
    Index("ix_feedback_read_user_id", "user_id", "feedback_id"),
)
