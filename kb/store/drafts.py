"""Case forms that were begun and not sent yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from kb.store import rows
from kb.store.tables import draft


@dataclass(frozen=True, slots=True)
class Draft:
    """What one person typed into one form; `query` leads back to it."""

    id: int
    user_id: int
    subject: str
    query: Mapping[str, str]
    typed: Mapping[str, str]
    updated_at: datetime


# Made once: making a statement anew takes longer than running it.
_THIS = (draft.c.user_id == bindparam("user_id")) & (draft.c.subject == bindparam("subject"))
_ONE = select(draft).where(_THIS)
_REMOVE = delete(draft).where(_THIS)


def put(
    conn: Connection,
    user_id: int,
    subject: str,
    query: Mapping[str, str],
    typed: Mapping[str, str],
    now: datetime,
) -> None:
    """Keep a draft in the place of the one there was; inside a write transaction."""
    mine = (draft.c.user_id == user_id) & (draft.c.subject == subject)
    values: dict[str, Any] = {"query": dict(query), "typed": dict(typed), "updated_at": now}
    if conn.execute(update(draft).where(mine).values(values)).rowcount == 0:
        conn.execute(insert(draft).values(user_id=user_id, subject=subject, **values))


def one(conn: Connection, user_id: int, subject: str) -> Draft | None:
    """Return a person's draft about a subject, if there is one."""
    return rows.one(conn, Draft, _ONE, user_id=user_id, subject=subject)


def of_user(conn: Connection, user_id: int) -> tuple[Draft, ...]:
    """Return a person's drafts, the last touched first."""
    query = select(draft).where(draft.c.user_id == user_id)
    return rows.many(conn, Draft, query.order_by(draft.c.updated_at.desc(), draft.c.id.desc()))


def remove(conn: Connection, user_id: int, subject: str) -> bool:
    """Throw a draft away; False when there was none."""
    return conn.execute(_REMOVE, {"user_id": user_id, "subject": subject}).rowcount == 1


def remove_all(conn: Connection, user_id: int) -> None:
    """Throw all drafts of a person away."""
    conn.execute(delete(draft).where(draft.c.user_id == user_id))


def keep_newest(conn: Connection, user_id: int, count: int) -> None:
    """Throw a person's oldest drafts away beyond `count`."""
    for old in of_user(conn, user_id)[count:]:
        remove(conn, user_id, old.subject)


def purge(conn: Connection, before: datetime) -> None:
    """Throw drafts away that nobody has touched since."""
    conn.execute(delete(draft).where(draft.c.updated_at < before))
