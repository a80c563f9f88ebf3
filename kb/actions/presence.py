"""Telling an agent that a colleague has the same case before them."""

from datetime import datetime, timedelta

from kb.store import Database, cases, presence
from kb.store.presence import Present

LASTS = timedelta(seconds=90)  # three beats of the page's script


def here(
    db: Database, agent_id: int, number: int, now: datetime, *, is_answering: bool
) -> tuple[Present, ...] | None:
    """Note that this agent looks at a case, or answers it, and return which colleagues do; None
    for no such case."""
    with db.write() as conn:
        if cases.lock(conn, number) is None:  # two beats of one agent wait for each other here
            return None
        presence.purge(conn, now - LASTS)
        presence.note(conn, number, agent_id, is_answering=is_answering, now=now)
        return presence.others(conn, number, agent_id, now - LASTS)


def others_at(db: Database, agent_id: int, number: int, now: datetime) -> tuple[Present, ...]:
    """Return which colleagues have the case before them, without noting anything."""
    with db.read() as conn:
        return presence.others(conn, number, agent_id, now - LASTS)
