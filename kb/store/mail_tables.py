"""Tables of mail that came in, and of addresses that cannot be reached."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# Every mail that came in, each once: `seen_key` is a hash of its Message-ID and of what its
# sender made, without the lines that servers added on the way. State and reason are of
# rules/mail_threading; a mail that is not yet understood is `new`.
mail_in = Table(
    "mail_in",
    metadata,
    Column("id", Id, primary_key=True),
    Column("seen_key", String(64), nullable=False, unique=True),
    Column("message_id", Words, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("via", String(10), nullable=False),
    Column("sender", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("state", String(12), nullable=False),
    Column("why", String(20), nullable=False),
    Column("note", Words, nullable=False),
    Column("case_number", Id, ForeignKey("case.number"), index=True),
    Column("starts", Integer, nullable=False),
    Column("leased_until", UtcTime),
    Column("received_at", UtcTime, nullable=False),
    Column("decided_at", UtcTime),
    Column("decided_by", Id, ForeignKey("user.id")),
    Index(None, "state", "id"),
    sqlite_autoincrement=True,
)

# The raw source, apart so that lists never read it.
mail_source = Table(
    "mail_source",
    metadata,
    Column("mail_id", Id, ForeignKey("mail_in.id"), primary_key=True, autoincrement=False),
    Column("source", LargeBinary, nullable=False),
)

# What a message of a case that came by mail repeated below the sender's own words.
mail_rest = Table(
    "mail_rest",
    metadata,
    Column("message_id", Id, ForeignKey("case_message.id"), primary_key=True, autoincrement=False),
    Column("mail_id", Id, ForeignKey("mail_in.id"), nullable=False, index=True),
    Column("rest", Words, nullable=False),
)

# An address whose server said that it takes no mail; gone again once a mail comes from there.
mail_bounce = Table(
    "mail_bounce",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address_key", Words, nullable=False, unique=True),
    Column("said", Words, nullable=False),
    Column("times", Integer, nullable=False),
    Column("bounced_at", UtcTime, nullable=False),
)
