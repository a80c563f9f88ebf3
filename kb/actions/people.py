"""Accounts that the operator makes: agents first of all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.account_mail import send_reset
from kb.actions.accounts import normal_email
from kb.mail import Letters
from kb.rules.accounts import Role
from kb.store import Database, audit, users
from kb.store.users import NO_PASSWORD, NewUser, User


@dataclass(frozen=True, slots=True)
class Added:
    """The account is there; `made` is False when it was there already and got the role.
    `is_last_admin` says that it kept its role: without it nobody would be an admin."""

    email: str
    role: Role
    made: bool
    is_last_admin: bool = False


def add_user(
    db: Database,
    letters: Letters,
    email: str,
    role: Role,
    *,
    first_name: str,
    last_name: str,
    country: str,
    lang: str,
    now: datetime,
    by: int | None = None,
) -> Added | None:
    """Make a confirmed account, or give one that exists the role; None for no valid address. `by`
    is the admin who does it (None: the operator); nobody takes the role from the last admin.

    Nobody learns a password: the person is mailed a link to set their own."""
    address = normal_email(email)
    if address is None:
        return None
    new = NewUser(
        email=address,
        email_key=address.lower(),
        first_name=first_name,
        last_name=last_name,
        country=country.upper(),
        lang=lang,
        password_hash=NO_PASSWORD,
        role=role,
        confirmed_at=now,
    )
    with db.write() as conn:
        made = users.add(conn, new, now) is not None
        user = users.by_email(conn, new.email_key)
        if user is None:  # deleted in this very moment
            return None
        if is_last_admin(conn, user, role):
            return Added(address, Role.ADMIN, made=False, is_last_admin=True)
        users.set_role(conn, user.id, role)
        if made:
            send_reset(conn, letters, user, now)
        elif user.role != role:
            users.end_sessions(conn, user.id)  # what is open was opened under the other role
        audit.record(conn, by, "account.add", f"user:{user.id}", now, role=str(role))
    return Added(address, role, made)


def is_last_admin(conn: Connection, user: User, role: Role) -> bool:
    """Tell whether nobody would be an admin any more if this account had that role."""
    if not user.is_admin or role is Role.ADMIN:
        return False
    return [one.id for one in users.admins(conn, lock=True)] == [user.id]
