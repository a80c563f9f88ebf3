"""Tables of walks through the troubleshooter: those that led to a case, and every answer."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, String, Table, UniqueConstraint

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# A walk through a tree; one that led to a case belongs to it, any other to nobody.
wizard_walk = Table(
    "wizard_walk",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_number", Id, ForeignKey("case.number"), index=True),
    Column("tree", Words, nullable=False),
    Column("revision", String(80)),  # the tree as it stood; none in rows from before it was kept
    Column("lang", String(12), nullable=False),
    Column("outcome", Words, nullable=False),
    Column("trail", JSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("walk", String(32)),  # the id its answers have in `walk_step`
)

# One answer in the troubleshooter, or (without a walk) that somebody opened a tree. The walk is a
# random number of a browser's cookie; nothing here leads to a person.
walk_step = Table(
    "walk_step",
    metadata,
    Column("id", Id, primary_key=True),
    Column("walk", String(32)),
    Column("tree", Words, nullable=False),
    Column("revision", String(80), nullable=False),
    Column("lang", String(12), nullable=False),
    Column("node", Words, nullable=False),
    Column("answer", Words, nullable=False),
    Column("reached", Words, nullable=False),
    Column("ending", String(12), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Index(None, "tree", "at"),
)

# What the walks that began in one week add up to, in one tree: of one revision, and, where it is
# empty, of all together. It stays when the answers of that week are dropped.
walk_week = Table(
    "walk_week",
    metadata,
    Column("id", Id, primary_key=True),
    Column("tree", String(100), nullable=False),
    Column("revision", String(80), nullable=False),
    Column("monday", Date, nullable=False),
    Column("sums", JSON, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    UniqueConstraint("tree", "revision", "monday"),
)
