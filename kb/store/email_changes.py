"""Changes of address that wait for a word from both mailboxes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from kb.store import rows
from kb.store.account_tables import email_change


@dataclass(frozen=True, slots=True)
class EmailChange:
    """One waiting change; it is made once both mailboxes have said yes."""

    id: int
    user_id: int
    email: str
    email_key: str
    asked_at: datetime
    old_said_yes_at: datetime | None
    new_said_yes_at: datetime | None

    @property
    def is_agreed(self) -> bool:
        return self.old_said_yes_at is not None and self.new_said_yes_at is not None


def ask(conn: Connection, user_id: int, email: str, now: datetime) -> int:
    """Begin a change and return its id; an older one of the account, and its links, end."""
    forget(conn, user_id)
    values = {"user_id": user_id, "email": email, "email_key": email.lower(), "asked_at": now}
    statement = insert(email_change).values(values).returning(email_change.c.id)
    return int(conn.execute(statement).scalar_one())


def lock(conn: Connection, change_id: int) -> EmailChange | None:
    """Find a change and keep others from touching it until the transaction ends."""
    query = select(email_change).where(email_change.c.id == change_id)
    return rows.one(conn, EmailChange, query.with_for_update())


def of_user(conn: Connection, user_id: int) -> EmailChange | None:
    """Return the change that an account waits for."""
    return rows.one(
        conn, EmailChange, select(email_change).where(email_change.c.user_id == user_id)
    )


def agree(conn: Connection, change_id: int, *, old: bool, now: datetime) -> None:
    """Note that one of the two mailboxes has said yes."""
    side = "old_said_yes_at" if old else "new_said_yes_at"
    statement = update(email_change).where(email_change.c.id == change_id)
    conn.execute(statement.values({side: now}))


def forget(conn: Connection, user_id: int) -> None:
    """Drop the change an account waits for."""
    conn.execute(delete(email_change).where(email_change.c.user_id == user_id))
