"""Who did what, for later questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from kb.store import rows
from kb.store.tables import audit_event


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing that happened; `subject` names what it happened to, as `case:10000001`."""

    id: int
    actor_id: int | None
    what: str
    subject: str
    data: Mapping[str, Any]
    at: datetime


_RECORD = insert(audit_event)


def record(
    conn: Connection, actor_id: int | None, what: str, subject: str, now: datetime, **data: Any
) -> None:
    """Write down that something happened."""
    values = {"actor_id": actor_id, "what": what, "subject": subject, "data": data, "at": now}
    conn.execute(_RECORD, values)


def of_subject(conn: Connection, subject: str) -> tuple[AuditEvent, ...]:
    """Return what happened to one thing, in order."""
    query = select(audit_event).where(audit_event.c.subject == subject)
    return rows.many(conn, AuditEvent, query.order_by(audit_event.c.id))


def of_actor(conn: Connection, actor_id: int) -> tuple[AuditEvent, ...]:
    """Return what one person did, in order."""
    query = select(audit_event).where(audit_event.c.actor_id == actor_id)
    return rows.many(conn, AuditEvent, query.order_by(audit_event.c.id))
