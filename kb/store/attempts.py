"""How often something was tried lately, so that guessing has an end."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from kb.store.tables import attempt


def count_one(conn: Connection, subject: str, window: timedelta, now: datetime) -> int:
    """Count one more try of `subject` and return how many there were in the current window.

    One statement, so tries at the same moment are all counted."""
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    over = attempt.c.since <= now - window
    statement = insert(attempt).values(subject=subject, since=now, count=1)
    counted = statement.on_conflict_do_update(
        index_elements=[attempt.c.subject],
        set_={
            "count": case((over, 1), else_=attempt.c.count + 1),
            "since": case((over, now), else_=attempt.c.since),
        },
    ).returning(attempt.c.count)
    return int(conn.execute(counted).scalar_one())


def count_of(conn: Connection, subject: str, window: timedelta, now: datetime) -> int:
    """Return how often `subject` was tried in the current window, without counting one more."""
    running = (attempt.c.subject == subject) & (attempt.c.since > now - window)
    return conn.execute(select(attempt.c.count).where(running)).scalar_one_or_none() or 0


def forget(conn: Connection, *subjects: str) -> None:
    """Start again from nothing, as after a right password."""
    conn.execute(delete(attempt).where(attempt.c.subject.in_(subjects)))


def purge(conn: Connection, before: datetime) -> int:
    """Drop the counts whose window began before; returns how many."""
    return conn.execute(delete(attempt).where(attempt.c.since < before)).rowcount
