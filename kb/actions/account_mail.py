"""The mails an account action sends, and how many of them anybody may ask for."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from kb.actions import limits, links
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.accounts import (
    CONFIRM_LINK_LIVES,
    MAIL_BY_ADDRESS,
    MAIL_BY_SOURCE,
    RESET_LINK_LIVES,
)
from kb.store.users import User

CONFIRM = "confirm"
RESET = "reset"
ONWARD_MAX = 1500


def onward_from(path: str, onward: str) -> str:
    """Return a mailed page's path with the page one came from, so that whoever opens the mail, in
    another browser too, is led back there; one too long for a mail is left out."""
    return f"{path}?next={quote(onward, safe='/')}" if 0 < len(onward) <= ONWARD_MAX else path


def send_confirmation(
    conn: Connection, letters: Letters, user: User, now: datetime, onward: str = ""
) -> None:
    """Queue the link that confirms an address (R2); `onward` is the page to go on with."""
    token = links.make(letters.secret, CONFIRM, user, CONFIRM_LINK_LIVES, now)
    letter = letters.write(
        "account-confirm",
        user.lang,
        user.email,
        path=onward_from(f"account/confirm/{token}", onward),
        first_name=user.first_name,
        days=CONFIRM_LINK_LIVES.days,
    )
    queue(conn, letter, now)


def send_reset(
    conn: Connection, letters: Letters, user: User, now: datetime, onward: str = ""
) -> None:
    """Queue the link for a new password; `onward` is the page to go on with."""
    token = links.make(letters.secret, RESET, user, RESET_LINK_LIVES, now)
    letter = letters.write(
        "password-reset",
        user.lang,
        user.email,
        path=onward_from(f"account/password/{token}", onward),
        first_name=user.first_name,
        hours=int(RESET_LINK_LIVES.total_seconds() // 3600),
    )
    queue(conn, letter, now)


def send_notice(
    conn: Connection,
    letters: Letters,
    kind: str,
    page: str,
    user: User,
    now: datetime,
    **told: Any,
) -> None:
    """Queue a notice to the owner of an account, with the page that helps."""
    name = user.first_name
    letter = letters.write(kind, user.lang, user.email, path=page, first_name=name, **told)
    queue(conn, letter, now)


def count_mail(
    conn: Connection, secret: str, source: str, key: str, now: datetime
) -> tuple[bool, bool]:
    """Count a mail somebody asked for; (within the source's limit, within the address's)."""
    by_source = limits.subject(secret, "mail-source", source)
    by_address = limits.subject(secret, "mail-address", key)
    return (
        limits.count_within(conn, by_source, MAIL_BY_SOURCE, now),
        limits.count_within(conn, by_address, MAIL_BY_ADDRESS, now),
    )


def pretend_reset(
    conn: Connection, letters: Letters, key: str, now: datetime, onward: str = ""
) -> None:
    """Do for an unknown address all that is done for a known one, so it takes as long; then
    undo it."""
    with conn.begin_nested() as undone:
        send_reset(conn, letters, replace(_NOBODY, email=key, email_key=key), now, onward)
        undone.rollback()


_NOBODY = User(
    id=0,
    email="",
    email_key="",
    first_name="Nobody",
    last_name="",
    country="",
    lang="en",
    role="customer",
    password_hash="",
    session_epoch=1,
    created_at=datetime(2000, 1, 1, tzinfo=UTC),
    confirmed_at=None,
    signed_in_at=None,
    time_zone=None,
    totp_key=None,
    totp_since=None,
    totp_step=None,
    deleted_at=None,
)
