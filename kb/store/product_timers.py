"""Keys that wait for the licence service, and reminders of the end of support."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from kb.store import rows
from kb.store.database import insert_once
from kb.store.product_tables import key_wait, no_reminder, reminder


@dataclass(frozen=True, slots=True)
class KeyWait:
    """A key of somebody that is looked up again at `due_at`."""

    id: int
    user_id: int
    key_hash: str
    key_last4: str
    sealed_key: str
    lang: str
    asked_at: datetime
    due_at: datetime
    tries: int


def wait(
    conn: Connection,
    user_id: int,
    key_hash: str,
    key_last4: str,
    sealed_key: str,
    lang: str,
    now: datetime,
) -> None:
    """Keep a key until it can be looked up; one that waits already goes on waiting."""
    values = {
        "user_id": user_id,
        "key_hash": key_hash,
        "key_last4": key_last4,
        "sealed_key": sealed_key,
        "lang": lang,
        "asked_at": now,
        "due_at": now + timedelta(minutes=1),
        "tries": 0,
    }
    insert_once(conn, key_wait, values)


def waiting(conn: Connection, user_id: int) -> tuple[KeyWait, ...]:
    """Return the keys of a person that wait."""
    query = select(key_wait).where(key_wait.c.user_id == user_id).order_by(key_wait.c.id)
    return rows.many(conn, KeyWait, query)


def due(conn: Connection, now: datetime, limit: int) -> tuple[KeyWait, ...]:
    """Return keys to be looked up now, the longest waiting first."""
    query = select(key_wait).where(key_wait.c.due_at <= now).order_by(key_wait.c.due_at)
    return rows.many(conn, KeyWait, query.limit(limit))


def put_back(conn: Connection, one: KeyWait, due_at: datetime) -> None:
    """Look a key up again later."""
    statement = update(key_wait).where(key_wait.c.id == one.id)
    conn.execute(statement.values(due_at=due_at, tries=one.tries + 1))


def answered(conn: Connection, one: KeyWait) -> bool:
    """Forget a key that waited; False when another worker did so first."""
    return conn.execute(delete(key_wait).where(key_wait.c.id == one.id)).rowcount == 1


def remind_once(conn: Connection, asset_id: int, ends_on: date, days: int, now: datetime) -> bool:
    """Note a reminder; False when it was sent before."""
    values = {"asset_id": asset_id, "ends_on": ends_on, "days": days, "sent_at": now}
    return insert_once(conn, reminder, values) is not None


def forget_reminders(conn: Connection, asset_ids: list[int]) -> None:
    """Drop what was noted about products that are let go of."""
    conn.execute(delete(reminder).where(reminder.c.asset_id.in_(asset_ids)))


def wants_reminders(conn: Connection, user_id: int) -> bool:
    """Tell whether a person has not switched reminders off."""
    query = select(no_reminder.c.user_id).where(no_reminder.c.user_id == user_id)
    return conn.execute(query).scalar_one_or_none() is None


def set_reminders(conn: Connection, user_id: int, wanted: bool, now: datetime) -> None:
    """Switch reminders on or off."""
    if wanted:
        conn.execute(delete(no_reminder).where(no_reminder.c.user_id == user_id))
    else:
        insert_once(conn, no_reminder, {"user_id": user_id, "since": now})
