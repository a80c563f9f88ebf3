"""Selections of the queue that agents keep, for themselves or for everybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select, true

from kb.store import rows
from kb.store.desk_tables import saved_filter

MOST = 30  # of one agent


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A selection; `query` is the part of the queue's address behind the question mark."""

    id: int
    user_id: int
    name: str
    query: str
    is_shared: bool
    at: datetime


def of_agent(conn: Connection, user_id: int) -> tuple[SavedFilter, ...]:
    """Return an agent's own selections and the shared ones, by name."""
    here = or_(saved_filter.c.user_id == user_id, saved_filter.c.is_shared == true())
    query = select(saved_filter).where(here).order_by(saved_filter.c.name, saved_filter.c.id)
    return rows.many(conn, SavedFilter, query)


def add(
    conn: Connection, user_id: int, name: str, query: str, *, is_shared: bool, now: datetime
) -> bool:
    """Keep a selection; False when the agent has too many already."""
    mine = select(func.count()).select_from(saved_filter).where(saved_filter.c.user_id == user_id)
    if rows.number_of(conn, mine) >= MOST:
        return False
    values = {"user_id": user_id, "name": name, "query": query, "is_shared": is_shared, "at": now}
    conn.execute(insert(saved_filter).values(values))
    return True


def remove(conn: Connection, user_id: int, id_: int) -> bool:
    """Drop one's own selection; False for anybody else's."""
    here = (saved_filter.c.id == id_) & (saved_filter.c.user_id == user_id)
    return conn.execute(delete(saved_filter).where(here)).rowcount == 1


def forget(conn: Connection, user_id: int) -> None:
    """Drop the selections of an account that is deleted."""
    conn.execute(delete(saved_filter).where(saved_filter.c.user_id == user_id))
