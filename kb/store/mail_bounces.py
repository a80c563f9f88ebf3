"""Addresses that mail came back from."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from kb.store import rows
from kb.store.mail_tables import mail_bounce


@dataclass(frozen=True, slots=True)
class MailBounce:
    """An address in lower case, what its server said last, and how often."""

    id: int
    address_key: str
    said: str
    times: int
    bounced_at: datetime


_CLEAR = delete(mail_bounce).where(mail_bounce.c.address_key == bindparam("address"))


def mark(conn: Connection, address: str, said: str, now: datetime) -> None:
    """Note that a mail to this address came back for good."""
    dialect = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    made = dialect(mail_bounce).values(
        address_key=address.lower(), said=said, times=1, bounced_at=now
    )
    again = {"said": said, "times": mail_bounce.c.times + 1, "bounced_at": now}
    conn.execute(made.on_conflict_do_update(index_elements=["address_key"], set_=again))


def clear(conn: Connection, address: str) -> None:
    """Forget that an address could not be reached: somebody has written from there."""
    conn.execute(_CLEAR, {"address": address.lower()})


def of_address(conn: Connection, address: str) -> MailBounce | None:
    """Tell whether and why an address cannot be reached."""
    query = select(mail_bounce).where(mail_bounce.c.address_key == address.lower())
    return rows.one(conn, MailBounce, query)


def newest(conn: Connection, limit: int) -> tuple[MailBounce, ...]:
    """Return the addresses that cannot be reached, the newest first."""
    query = select(mail_bounce).order_by(mail_bounce.c.bounced_at.desc(), mail_bounce.c.id.desc())
    return rows.many(conn, MailBounce, query.limit(limit))
