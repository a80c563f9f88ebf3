"""How often something was tried lately, so that guessing has an end."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, bindparam, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from kb.store.columns import UtcTime
from kb.store.tables import attempt


def count_one(conn: Connection, subject: str, window: timedelta, now: datetime) -> int:
    """Count one more try of `subject` and return how many there were in the current window.

    One statement, so tries at the same moment are all counted."""
    values = {"subject": subject, "since": now, "count": 1, "began": now - window, "now": now}
    statement = _count_one(is_sqlite=conn.dialect.name == "sqlite")
    return int(conn.execute(statement, values).scalar_one())


@cache
def _count_one(*, is_sqlite: bool) -> ReturningInsert[int]:
    insert = sqlite.insert if is_sqlite else postgresql.insert
    over = attempt.c.since <= bindparam("began")
    names = ("subject", "since", "count")
    statement = insert(attempt).values({name: bindparam(name) for name in names})
    return statement.on_conflict_do_update(
        index_elements=[attempt.c.subject],
        set_={
            "count": case((over, 1), else_=attempt.c.count + 1),
            "since": case((over, bindparam("now", type_=UtcTime())), else_=attempt.c.since),
        },
    ).returning(attempt.c.count)


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
