"""Tables of what visitors looked for: every step of a visit, and what came before a case."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# One thing that somebody did. The visit is a random number of a browser's cookie, or drawn for
# this row alone; nothing here leads to a person, and what was typed is kept without names,
# addresses, keys and numbers.
visit_step = Table(
    "visit_step",
    metadata,
    Column("id", Id, primary_key=True),
    Column("visit", String(32), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("lang", String(12), nullable=False),
    Column("query", Words, nullable=False),
    Column("results", Integer, nullable=False),
    Column("article", Integer, nullable=False),
    Index(None, "visit", "at"),
)

# What its customer searched for before a case: the case's own, so that agents see it, and an
# article made from the case is found by the same words.
case_lookup = Table(
    "case_lookup",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_number", Id, ForeignKey("case.number"), nullable=False, index=True),
    Column("query", Words, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("results", Integer, nullable=False),
    Column("article", Integer, nullable=False),  # opened from the results; 0: none
    Column("at", UtcTime, nullable=False),
)
