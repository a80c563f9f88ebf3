"""Who did what, for later questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from kb.store import rows
from kb.store.tables import audit_event, user


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing that happened; `subject` names what it happened to, as `case:10000001`."""

    id: int
    actor_id: int | None
    what: str
    subject: str
    data: Mapping[str, Any]
    at: datetime
    actor: str = ""  # by name, where the reader is an agent


_RECORD = insert(audit_event)


def record(
    conn: Connection, actor_id: int | None, what: str, subject: str, now: datetime, **data: Any
) -> None:
    """Write down that something happened."""
    values = {"actor_id": actor_id, "what": what, "subject": subject, "data": data, "at": now}
    conn.execute(_RECORD, values)


def record_all(
    conn: Connection, what: Sequence[tuple[str, str, Mapping[str, Any]]], now: datetime
) -> None:
    """Write down several things that happened by themselves: what, to what, with which data."""
    if what:
        made = [
            {"actor_id": None, "what": name, "subject": subject, "data": dict(data), "at": now}
            for name, subject, data in what
        ]
        conn.execute(_RECORD, made)


def of_subject(conn: Connection, subject: str) -> tuple[AuditEvent, ...]:
    """Return what happened to one thing, in order, with the names of who did it."""
    name = func.trim(func.coalesce(user.c.first_name + " " + user.c.last_name, ""))
    query = (
        select(audit_event, name.label("actor"))
        .join(user, user.c.id == audit_event.c.actor_id, isouter=True)
        .where(audit_event.c.subject == subject)
    )
    return rows.many(conn, AuditEvent, query.order_by(audit_event.c.id))


def of_actor(conn: Connection, actor_id: int) -> tuple[AuditEvent, ...]:
    """Return what one person did, in order."""
    query = select(audit_event).where(audit_event.c.actor_id == actor_id)
    return rows.many(conn, AuditEvent, query.order_by(audit_event.c.id))
