"""Webhooks: where events of cases are told, and whether they get there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, true, update

from kb.store import rows
from kb.store.database import insert_once
from kb.store.integration_tables import webhook, webhook_delivery


@dataclass(frozen=True, slots=True)
class Webhook:
    """One target. `secret` is sealed; `failures` are those in a row; `stopped_at` is when it was
    switched off by itself."""

    id: int
    user_id: int
    url: str
    events: Sequence[str]
    secret: str
    is_active: bool
    failures: int
    created_at: datetime
    stopped_at: datetime | None
    reached_at: datetime | None


def add(
    conn: Connection, user_id: int, url: str, events: Sequence[str], secret: str, now: datetime
) -> int | None:
    """Add an active target and return its id."""
    values = {
        "user_id": user_id,
        "url": url,
        "events": list(events),
        "secret": secret,
        "is_active": True,
        "failures": 0,
        "created_at": now,
    }
    return insert_once(conn, webhook, values)


def listed(conn: Connection) -> tuple[Webhook, ...]:
    """Return every target, the oldest first."""
    return rows.many(conn, Webhook, select(webhook).order_by(webhook.c.id))


def by_id(conn: Connection, id_: int) -> Webhook | None:
    """Find one target."""
    return rows.one(conn, Webhook, select(webhook).where(webhook.c.id == id_))


def lock(conn: Connection, id_: int) -> Webhook | None:
    """Find one target and keep others from changing it until the transaction ends."""
    return rows.one(conn, Webhook, select(webhook).where(webhook.c.id == id_).with_for_update())


def count(conn: Connection) -> int:
    """Count the targets."""
    return rows.number_of(conn, select(func.count()).select_from(webhook))


def change(conn: Connection, id_: int, **values: object) -> None:
    """Change columns of a target."""
    conn.execute(update(webhook).where(webhook.c.id == id_).values(**values))


def reached(conn: Connection, id_: int, now: datetime) -> None:
    """Note that a delivery got there: the failures in a row are over."""
    change(conn, id_, failures=0, reached_at=now)


def failed(conn: Connection, id_: int) -> int:
    """Count one more failure in a row and return how many there are."""
    raised = update(webhook).where(webhook.c.id == id_).values(failures=webhook.c.failures + 1)
    return conn.execute(raised.returning(webhook.c.failures)).scalar_one_or_none() or 0


def stop(conn: Connection, id_: int, now: datetime) -> bool:
    """Switch a target off because it cannot be reached; False when it is off already."""
    here = (webhook.c.id == id_) & (webhook.c.is_active == true())
    values = {"is_active": False, "stopped_at": now}
    return conn.execute(update(webhook).where(here).values(values)).rowcount == 1


def remove(conn: Connection, id_: int) -> bool:
    """Drop a target with everything that was, or is still to be, told to it."""
    conn.execute(delete(webhook_delivery).where(webhook_delivery.c.webhook_id == id_))
    return conn.execute(delete(webhook).where(webhook.c.id == id_)).rowcount == 1
