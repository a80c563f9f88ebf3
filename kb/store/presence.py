"""Who has a case before them now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from kb.store import rows
from kb.store.desk_tables import case_presence
from kb.store.tables import user


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague who looks at a case, or is writing an answer."""

    name: str
    is_answering: bool


def note(conn: Connection, number: int, user_id: int, *, is_answering: bool, now: datetime) -> None:
    """Note that an agent has a case before them; the caller has found both."""
    here = (case_presence.c.case_number == number) & (case_presence.c.user_id == user_id)
    values = {"is_answering": is_answering, "seen_at": now}
    if conn.execute(update(case_presence).where(here).values(values)).rowcount == 0:
        key = {"case_number": number, "user_id": user_id}
        conn.execute(insert(case_presence).values(**key, **values))


def others(conn: Connection, number: int, user_id: int, since: datetime) -> tuple[Present, ...]:
    """Return the colleagues who had the case before them since then, by name."""
    query = (
        select(
            (user.c.first_name + " " + user.c.last_name).label("name"),
            case_presence.c.is_answering,
        )
        .join(user, user.c.id == case_presence.c.user_id)
        .where(
            case_presence.c.case_number == number,
            case_presence.c.user_id != user_id,
            case_presence.c.seen_at > since,
        )
    )
    return rows.many(conn, Present, query.order_by("name"))


def purge(conn: Connection, before: datetime) -> None:
    """Forget who was there before."""
    conn.execute(delete(case_presence).where(case_presence.c.seen_at <= before))
