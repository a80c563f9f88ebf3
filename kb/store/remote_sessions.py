"""How to see a customer's screen (R68): one session of a case, sealed, gone when it expires."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from kb.store import rows
from kb.store.desk_tables import remote_session


@dataclass(frozen=True, slots=True)
class SealedSession:
    """The details as they are kept; only the site's secret opens them."""

    case_number: int
    user_id: int
    sealed: str
    at: datetime
    expires_at: datetime


def of_case(conn: Connection, number: int, now: datetime) -> SealedSession | None:
    """Return the session of a case that has not expired."""
    here = (remote_session.c.case_number == number) & (remote_session.c.expires_at > now)
    return rows.one(conn, SealedSession, select(remote_session).where(here))


def put(conn: Connection, session: SealedSession) -> None:
    """Keep a session in place of the one before."""
    end(conn, session.case_number)
    values = {name: getattr(session, name) for name in SealedSession.__slots__}
    conn.execute(insert(remote_session).values(values))


def end(conn: Connection, number: int) -> bool:
    """Forget the session of a case; False when there is none."""
    here = remote_session.c.case_number == number
    return conn.execute(delete(remote_session).where(here)).rowcount == 1


def purge(conn: Connection, now: datetime) -> None:
    """Forget what has expired."""
    conn.execute(delete(remote_session).where(remote_session.c.expires_at <= now))
