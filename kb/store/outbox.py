"""Mail on its way: rows made by the transaction that causes the mail, taken with a lease."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from kb.store import rows
from kb.store.database import insert_once
from kb.store.tables import outbox


class MailState(StrEnum):
    """Queued until it is sent, or dead after too many tries."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail as it will be sent; `message_id` stays the same however often it is tried."""

    message_id: str
    kind: str
    recipient: str
    subject: str
    text: str
    lang: str
    headers: Mapping[str, str] = field(default_factory=dict)
    case_number: int | None = None
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """One row of the outbox; `lease` names who is sending it until `leased_until`."""

    id: int
    message_id: str
    kind: str
    recipient: str
    subject: str
    text: str
    headers: Mapping[str, str]
    lang: str
    case_number: int | None
    state: MailState
    attempts: int
    created_at: datetime
    due_at: datetime
    leased_until: datetime | None
    lease: str | None
    sent_at: datetime | None
    error: str | None
    html: str | None
    bounced_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", MailState(self.state))


def add(conn: Connection, mail: NewMail, now: datetime) -> int | None:
    """Queue a mail; None when one with this Message-ID is queued already."""
    values = {
        "message_id": mail.message_id,
        "kind": mail.kind,
        "recipient": mail.recipient,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "lang": mail.lang,
        "headers": dict(mail.headers),
        "case_number": mail.case_number,
        "state": str(MailState.QUEUED),
        "attempts": 0,
        "created_at": now,
        "due_at": now,
    }
    return insert_once(conn, outbox, values)


def lease(conn: Connection, now: datetime, *, lasts: timedelta, limit: int) -> tuple[Mail, ...]:
    """Take due mails nobody else is sending; each counts as a try, so a mail that kills its
    worker does not kill every worker for ever."""
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    due = (
        select(outbox.c.id)
        .where(outbox.c.state == str(MailState.QUEUED), outbox.c.due_at <= now, free)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(conn.execute(due).scalars())
    if not ids:
        return ()
    token = secrets.token_hex(16)
    taken = {"lease": token, "leased_until": now + lasts, "attempts": outbox.c.attempts + 1}
    conn.execute(update(outbox).where(outbox.c.id.in_(ids)).values(taken))
    return rows.many(conn, Mail, select(outbox).where(outbox.c.id.in_(ids)).order_by(outbox.c.id))


def sent(conn: Connection, mail: Mail, now: datetime) -> bool:
    """Mark a leased mail as sent; False when the lease has passed to another worker."""
    return _finish(conn, mail, state=str(MailState.SENT), sent_at=now, error=None)


def failed(conn: Connection, mail: Mail, error: str, again_at: datetime | None) -> bool:
    """Put a leased mail back until `again_at`, or give it up when that is None."""
    if again_at is None:
        return _finish(conn, mail, state=str(MailState.DEAD), error=error)
    return _finish(conn, mail, due_at=again_at, error=error)


def _finish(conn: Connection, mail: Mail, **values: object) -> bool:
    ours = (outbox.c.id == mail.id) & (outbox.c.lease == mail.lease)
    statement = update(outbox).where(ours).values(lease=None, leased_until=None, **values)
    return conn.execute(statement).rowcount == 1


def send_again(conn: Connection, mail_id: int, now: datetime) -> bool:
    """Give a mail that did not arrive new tries, with the same Message-ID."""
    troubled = (outbox.c.id == mail_id) & _troubled()
    values = {"state": str(MailState.QUEUED), "attempts": 0, "due_at": now, "bounced_at": None}
    return conn.execute(update(outbox).where(troubled).values(values)).rowcount == 1


def by_message_id(conn: Connection, message_id: str) -> Mail | None:
    """Find a mail by the Message-ID it is sent with."""
    return rows.one(conn, Mail, select(outbox).where(outbox.c.message_id == message_id))


def came_back(conn: Connection, mail_id: int, error: str, now: datetime) -> None:
    """Mark a sent mail as returned by a server further on."""
    values = {"bounced_at": now, "error": error}
    conn.execute(update(outbox).where(outbox.c.id == mail_id).values(values))


def troubled(conn: Connection, *, offset: int, limit: int) -> tuple[Mail, ...]:
    """Return mails that did not arrive, given up or returned, the newest first."""
    query = select(outbox).where(_troubled()).order_by(outbox.c.id.desc())
    return rows.many(conn, Mail, query.offset(offset).limit(limit))


def troubled_count(conn: Connection) -> int:
    """Count the mails that did not arrive."""
    return rows.number_of(conn, select(func.count()).select_from(outbox).where(_troubled()))


def _troubled() -> ColumnElement[bool]:
    return or_(outbox.c.state == str(MailState.DEAD), outbox.c.bounced_at.is_not(None))


def by_id(conn: Connection, mail_id: int) -> Mail | None:
    """Find one mail."""
    return rows.one(conn, Mail, select(outbox).where(outbox.c.id == mail_id))


def all_mail(conn: Connection, *, case_number: int | None = None) -> tuple[Mail, ...]:
    """Return the mails of a case, or all of them, the oldest first."""
    query = select(outbox).order_by(outbox.c.id)
    if case_number is not None:
        query = query.where(outbox.c.case_number == case_number)
    return rows.many(conn, Mail, query)


def counts(conn: Connection, now: datetime) -> dict[str, int]:
    """Count the mails by state; `late` are those that were due over five minutes ago."""
    found = dict.fromkeys((str(state) for state in MailState), 0)
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    found.update({row[0]: row[1] for row in conn.execute(query)})
    late = (outbox.c.state == str(MailState.QUEUED)) & (
        outbox.c.due_at < now - timedelta(minutes=5)
    )
    found["late"] = rows.number_of(conn, select(func.count()).where(late))
    return found
