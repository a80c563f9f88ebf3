"""Events on their way to webhooks: rows made by the transaction that changes the case, taken with
a lease, as mails are."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, true, update

from kb.store import rows
from kb.store.integration_tables import webhook, webhook_delivery
from kb.store.outbox import MailState as DeliveryState


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one target; `event_id` is the same for all targets and however often it is
    tried, `answer` the HTTP status of the last answer."""

    id: int
    webhook_id: int
    event_id: str
    event: str
    case_number: int | None
    actor: str
    data: Mapping[str, str]
    state: DeliveryState
    attempts: int
    created_at: datetime
    due_at: datetime
    leased_until: datetime | None
    lease: str | None
    sent_at: datetime | None
    answer: int | None
    error: str | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", DeliveryState(self.state))


# Made once: every change of a case asks this, and making a statement takes longer than running it.
_ACTIVE = select(webhook.c.id, webhook.c.events).where(webhook.c.is_active == true())
_ADD = insert(webhook_delivery)


def tell(
    conn: Connection,
    event: str,
    number: int,
    actor: str,
    data: Mapping[str, str],
    now: datetime,
) -> None:
    """Queue an event of a case for every active target that wants it."""
    wanting = [id_ for id_, events in conn.execute(_ACTIVE) if event in events]
    if wanting:
        told = _row(event, actor, data, now)
        conn.execute(_ADD, [{"webhook_id": id_, "case_number": number, **told} for id_ in wanting])


def ping(conn: Connection, webhook_id: int, now: datetime) -> None:
    """Queue an event that is about no case, to try a target out."""
    conn.execute(
        _ADD, {"webhook_id": webhook_id, "case_number": None, **_row("ping", "agent", {}, now)}
    )


def _row(event: str, actor: str, data: Mapping[str, str], now: datetime) -> dict[str, Any]:
    return {
        "event_id": f"evt_{secrets.token_hex(16)}",
        "event": event,
        "actor": actor,
        "data": dict(data),
        "state": str(DeliveryState.QUEUED),
        "attempts": 0,
        "created_at": now,
        "due_at": now,
    }


def lease(
    conn: Connection, now: datetime, *, lasts: timedelta, limit: int, each: int
) -> tuple[Delivery, ...]:
    """Take due events nobody else is sending, in order, at most `each` for one target, so that a
    target that is slow does not take all places."""
    table = webhook_delivery
    free = table.c.leased_until.is_(None) | (table.c.leased_until <= now)
    due = (table.c.state == str(DeliveryState.QUEUED)) & (table.c.due_at <= now) & free
    place = func.row_number().over(
        partition_by=table.c.webhook_id, order_by=(table.c.due_at, table.c.id)
    )
    first = select(table.c.id, place.label("place")).where(due).subquery()
    wanted = select(first.c.id).where(first.c.place <= each).limit(limit)
    locked = select(table.c.id).where(table.c.id.in_(wanted), due)
    ids = list(conn.execute(locked.with_for_update(skip_locked=True)).scalars())
    if not ids:
        return ()
    taken = {
        "lease": secrets.token_hex(16),
        "leased_until": now + lasts,
        "attempts": table.c.attempts + 1,
    }
    conn.execute(update(table).where(table.c.id.in_(ids)).values(taken))
    query = select(table).where(table.c.id.in_(ids)).order_by(table.c.due_at, table.c.id)
    return rows.many(conn, Delivery, query)


def sent(conn: Connection, one: Delivery, answer: int, now: datetime) -> bool:
    """Mark a leased event as told; False when the lease has passed to another worker."""
    values = {"state": str(DeliveryState.SENT), "sent_at": now, "answer": answer, "error": None}
    return _finish(conn, one, **values)


def failed(
    conn: Connection, one: Delivery, error: str, answer: int | None, again_at: datetime | None
) -> bool:
    """Put a leased event back until `again_at`, or give it up when that is None."""
    values: dict[str, Any] = {"error": error, "answer": answer}
    if again_at is None:
        return _finish(conn, one, state=str(DeliveryState.DEAD), **values)
    return _finish(conn, one, due_at=again_at, **values)


def put_back(conn: Connection, one: Delivery, until: datetime) -> None:
    """Give back an event that was taken and not tried."""
    _finish(conn, one, attempts=one.attempts - 1, due_at=until)


def _finish(conn: Connection, one: Delivery, **values: object) -> bool:
    table = webhook_delivery
    ours = (table.c.id == one.id) & (table.c.lease == one.lease)
    statement = update(table).where(ours).values(lease=None, leased_until=None, **values)
    return conn.execute(statement).rowcount == 1


def give_up(conn: Connection, webhook_id: int, error: str) -> None:
    """Give up everything that waits for a target that was switched off."""
    table = webhook_delivery
    waiting = (table.c.webhook_id == webhook_id) & (table.c.state == str(DeliveryState.QUEUED))
    values = {"state": str(DeliveryState.DEAD), "error": error, "lease": None}
    conn.execute(update(table).where(waiting).values(leased_until=None, **values))


def send_again(conn: Connection, webhook_id: int, id_: int, now: datetime) -> bool:
    """Give an event that was given up new tries, with the same id."""
    table = webhook_delivery
    dead = table.c.state == str(DeliveryState.DEAD)
    here = (table.c.id == id_) & (table.c.webhook_id == webhook_id) & dead
    values = {"state": str(DeliveryState.QUEUED), "attempts": 0, "due_at": now}
    return conn.execute(update(table).where(here).values(values)).rowcount == 1


def of_webhook(
    conn: Connection, webhook_id: int, *, dead: bool, limit: int
) -> tuple[Delivery, ...]:
    """Return events for a target, the newest first; with `dead` only those given up."""
    table = webhook_delivery
    query = select(table).where(table.c.webhook_id == webhook_id)
    if dead:
        query = query.where(table.c.state == str(DeliveryState.DEAD))
    return rows.many(conn, Delivery, query.order_by(table.c.id.desc()).limit(limit))


def dead_counts(conn: Connection) -> dict[int, int]:
    """Count the events that were given up, by target."""
    table = webhook_delivery
    query = select(table.c.webhook_id, func.count()).where(table.c.state == str(DeliveryState.DEAD))
    found = conn.execute(query.group_by(table.c.webhook_id)).all()
    return {row[0]: row[1] for row in found}


def purge(conn: Connection, sent_before: datetime, dead_before: datetime) -> None:
    """Drop events that were told, and those given up, before these times."""
    table = webhook_delivery
    for state, before in ((DeliveryState.SENT, sent_before), (DeliveryState.DEAD, dead_before)):
        old = (table.c.state == str(state)) & (table.c.created_at < before)
        conn.execute(delete(table).where(old))
