"""Who sign-in providers say somebody is."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from kb.store.account_tables import sign_in_identity
from kb.store.database import insert_once


def user_of(conn: Connection, provider: str, subject: str) -> int | None:
    """Return the account that belongs to a provider's person, if one does."""
    query = select(sign_in_identity.c.user_id).where(
        sign_in_identity.c.provider == provider, sign_in_identity.c.subject == subject
    )
    return conn.execute(query).scalar_one_or_none()


def link(conn: Connection, user_id: int, provider: str, subject: str, now: datetime) -> None:
    """Remember that a provider's person has this account; a second time changes nothing."""
    values = {"user_id": user_id, "provider": provider, "subject": subject, "linked_at": now}
    insert_once(conn, sign_in_identity, values)


def providers_of(conn: Connection, user_id: int) -> tuple[str, ...]:
    """Return the providers by which an account can be entered."""
    query = select(sign_in_identity.c.provider).where(sign_in_identity.c.user_id == user_id)
    return tuple(conn.execute(query.order_by(sign_in_identity.c.provider)).scalars())


def unlink(conn: Connection, user_id: int, provider: str) -> None:
    """Part an account from one provider."""
    mine = (sign_in_identity.c.user_id == user_id) & (sign_in_identity.c.provider == provider)
    conn.execute(delete(sign_in_identity).where(mine))


def forget(conn: Connection, user_id: int) -> None:
    """Part an account from every provider."""
    conn.execute(delete(sign_in_identity).where(sign_in_identity.c.user_id == user_id))
