"""Customers one after another, and the members of an organisation, for programs."""

from sqlalchemy import Connection, select

from kb.rules.accounts import Role
from kb.store import rows
from kb.store.account_tables import organisation
from kb.store.tables import user
from kb.store.users import User


def customers(conn: Connection, email: str, before: int | None, limit: int) -> tuple[User, ...]:
    """Return customers with an id below `before`, the newest first; with `email` the one of it."""
    query = select(user).where(user.c.role == str(Role.CUSTOMER), user.c.deleted_at.is_(None))
    if email:
        query = query.where(user.c.email_key == email.lower())
    if before is not None:
        query = query.where(user.c.id < before)
    return rows.many(conn, User, query.order_by(user.c.id.desc()).limit(limit))


def organisation_name(conn: Connection, id_: int) -> str | None:
    """Return the name of an organisation, None where there is none."""
    query = select(organisation.c.name).where(organisation.c.id == id_)
    return conn.execute(query).scalar_one_or_none()
