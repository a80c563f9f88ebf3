"""Accounts that the operator makes: agents first of all."""

from dataclasses import dataclass
from datetime import datetime

from kb.actions.account_mail import send_reset
from kb.actions.accounts import normal_email
from kb.mail import Letters
from kb.rules.accounts import Role
from kb.store import Database, audit, users
from kb.store.users import NO_PASSWORD, NewUser


@dataclass(frozen=True, slots=True)
class Added:
    """The account is there; `made` is False when it was there already and got the role."""

    email: str
    role: Role
    made: bool


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
) -> Added | None:
    """Make a confirmed account, or give one that exists the role; None for no valid address.

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
        users.set_role(conn, user.id, role)
        if made:
            send_reset(conn, letters, user, now)
        audit.record(conn, user.id, "account.add", f"user:{user.id}", now, role=str(role))
    return Added(address, role, made)
