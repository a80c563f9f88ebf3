"""Tables of the live chat: one row for a case that has or had one, and the agents who take some."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from kb.store.columns import Id, UtcTime
from kb.store.tables import metadata

# The messages are those of the case, from `after_id` on. `changes` counts whatever is to be shown
# again; the two `until` are signs of life, and old ones count for nothing.
chat = Table(
    "chat",
    metadata,
    Column("case_number", Id, ForeignKey("case.number"), primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False),
    Column("asked_at", UtcTime, nullable=False),  # the place in the queue
    Column("since", UtcTime, nullable=False),  # when its state began
    Column("after_id", Id, nullable=False),
    Column("agent_id", Id, ForeignKey("user.id")),
    Column("customer_until", UtcTime, nullable=False),
    Column("customer_typing_until", UtcTime),
    Column("agent_typing_until", UtcTime),
    Column("changes", Integer, nullable=False),
    Index("ix_chat_state", "state", "asked_at"),
)

# An agent who takes chats, so many at once, until then.
chat_agent = Table(
    "chat_agent",
    metadata,
    Column("user_id", Id, ForeignKey("user.id"), primary_key=True, autoincrement=False),
    Column("most", Integer, nullable=False),
    Column("until", UtcTime, nullable=False),
)
