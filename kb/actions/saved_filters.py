"""Selections of the queue that agents keep for themselves or for everybody."""

from datetime import datetime

from kb.store import Database, saved_filters
from kb.store.saved_filters import SavedFilter

__all__ = ["SavedFilter", "drop_filter", "keep_filter", "kept_filters"]

LONGEST_NAME = 60
LONGEST_QUERY = 600


def kept_filters(db: Database, agent_id: int) -> tuple[SavedFilter, ...]:
    """Return an agent's own selections and those that colleagues share."""
    with db.read() as conn:
        return saved_filters.of_agent(conn, agent_id)


def keep_filter(
    db: Database, agent_id: int, name: str, query: str, *, is_shared: bool, now: datetime
) -> bool:
    """Keep a selection; False when it has no name, says nothing, or there are too many."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name or not query or len(query) > LONGEST_QUERY:
        return False
    with db.write() as conn:
        return saved_filters.add(conn, agent_id, name, query, is_shared=is_shared, now=now)


def drop_filter(db: Database, agent_id: int, id_: int) -> bool:
    """Drop one's own selection; False for anybody else's."""
    with db.write() as conn:
        return saved_filters.remove(conn, agent_id, id_)
