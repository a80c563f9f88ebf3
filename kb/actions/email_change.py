"""Another e-mail address for an account, once both mailboxes have agreed.

The old one agrees, so nobody who sits at an open session takes the account away; the new one,
so nobody takes an address that is not theirs."""

from datetime import datetime

from sqlalchemy import Connection

from kb.actions import links
from kb.actions.account_mail import count_mail, send_notice
from kb.actions.accounts import Outcome, normal_email
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.accounts import EMAIL_CHANGE_LIVES
from kb.store import Database, audit, email_changes, users
from kb.store.email_changes import EmailChange
from kb.store.users import User

OLD = "email-old"
NEW = "email-new"


def ask(
    db: Database, letters: Letters, user_id: int, email: str, source: str, now: datetime
) -> Outcome:
    """Mail both addresses a link; the answer is the same when the new one has an account, and
    its owner is told so instead."""
    address = normal_email(email)
    if address is None:
        return Outcome.BAD_EMAIL
    with db.write() as conn:
        user = users.lock(conn, user_id)
        if user is None or user.email_key == address.lower():
            return Outcome.BAD_EMAIL
        if not all(count_mail(conn, letters.secret, source, address.lower(), now)):
            return Outcome.TOO_MANY
        change_id = email_changes.ask(conn, user_id, address, now)
        _write(conn, letters, "email-change-old", user, user.email, address, OLD, change_id, now)
        owner = users.by_email(conn, address.lower())
        if owner:
            send_notice(conn, letters, "account-known", "account/sign-in", owner, now)
        else:
            kind = "email-change-new"
            _write(conn, letters, kind, user, address, address, NEW, change_id, now)
        audit.record(conn, user_id, "account.ask-email", f"user:{user_id}", now)
    return Outcome.DONE


def waiting(db: Database, user_id: int) -> EmailChange | None:
    """Return the change an account waits for."""
    with db.read() as conn:
        return email_changes.of_user(conn, user_id)


def withdraw(db: Database, user_id: int) -> None:
    """Keep the address after all; both links end."""
    with db.write() as conn:
        email_changes.forget(conn, user_id)


def agree(db: Database, letters: Letters, token: str, now: datetime) -> tuple[Outcome, bool]:
    """Take the word of one mailbox; with the second one the address changes and the answer is
    (DONE, True). A link that has done its work is USED_LINK."""
    ticket, is_old = _opened(letters.secret, token, now)
    if ticket is None:
        return Outcome.BAD_LINK, False
    with db.write() as conn:
        change = email_changes.lock(conn, ticket.number)
        if change is None or (change.old_said_yes_at if is_old else change.new_said_yes_at):
            return Outcome.USED_LINK, False
        if ticket.is_over(now):
            return Outcome.EXPIRED_LINK, False
        email_changes.agree(conn, change.id, old=is_old, now=now)
        agreed = email_changes.lock(conn, change.id)
        if agreed is None or not agreed.is_agreed:
            return Outcome.DONE, False
        return _make(conn, letters, agreed, now)


def _make(
    conn: Connection, letters: Letters, change: EmailChange, now: datetime
) -> tuple[Outcome, bool]:
    user = users.lock(conn, change.user_id)
    email_changes.forget(conn, change.user_id)
    if user is None or not users.set_email(conn, user.id, change.email):
        return Outcome.BAD_EMAIL, False  # somebody has signed up with it in the meantime
    audit.record(conn, user.id, "account.email", f"user:{user.id}", now)
    send_notice(conn, letters, "email-changed", "account/", user, now)  # to the old address
    return Outcome.DONE, True


def _opened(secret: str, token: str, now: datetime) -> tuple[links.OpenedTicket | None, bool]:
    old = links.open_ticket(secret, OLD, token, now)
    return (old, True) if old else (links.open_ticket(secret, NEW, token, now), False)


def _write(
    conn: Connection,
    letters: Letters,
    kind: str,
    user: User,
    recipient: str,
    address: str,
    side: str,
    change_id: int,
    now: datetime,
) -> None:
    token = links.make_ticket(letters.secret, side, change_id, EMAIL_CHANGE_LIVES, now)
    letter = letters.write(
        kind,
        user.lang,
        recipient,
        path=f"account/email/{token}",
        first_name=user.first_name,
        address=address,
        days=EMAIL_CHANGE_LIVES.days,
    )
    queue(conn, letter, now)
