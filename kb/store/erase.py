"""Taking a person out of everything that stays when their account is deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from kb.rules.accounts import Role
from kb.store import (
    api_tokens,
    case_search,
    drafts,
    email_changes,
    identities,
    product_timers,
    saved_filters,
    second_factors,
)
from kb.store.mail_in import MailInState
from kb.store.mail_tables import mail_bounce, mail_in, mail_rest, mail_source
from kb.store.order_tables import order
from kb.store.outbox import MailState
from kb.store.tables import asset, attachment, case, incident_credit, outbox, user
from kb.store.voice_tables import feedback

NOBODY = "—"


def account(conn: Connection, user_id: int, now: datetime) -> None:
    """Empty an account's row and end its sessions; the row stays for the cases that name it."""
    values = {
        "email": "",
        "email_key": f"deleted:{user_id}",  # no address: nobody can ask for it
        "first_name": NOBODY,
        "last_name": "",
        "country": "",
        "role": str(Role.CUSTOMER),
        "password_hash": "",
        "session_epoch": user.c.session_epoch + 1,
        "time_zone": None,
        "deleted_at": now,
    }
    conn.execute(update(user).where(user.c.id == user_id).values(values))
    case_search.of_user(conn, user_id)
    saved_filters.forget(conn, user_id)
    second_factors.end(conn, user_id)
    api_tokens.forget(conn, user_id)
    identities.forget(conn, user_id)
    email_changes.forget(conn, user_id)
    drafts.remove_all(conn, user_id)


def contact_data(conn: Connection, user_id: int) -> int:
    """Take names, address, phone and country out of a person's cases; what was written in the
    conversation stays. Returns how many cases there were."""
    mine = select(case.c.number, case.c.contact).where(case.c.user_id == user_id)
    found = conn.execute(mine).all()
    for number, contact in found:
        empty = dict.fromkeys(contact, "")
        conn.execute(update(case).where(case.c.number == number).values(contact=empty))
    return len(found)


def detail_fields(conn: Connection, user_id: int, personal: frozenset[str]) -> None:
    """Empty those fields of a person's case forms that say how to reach them."""
    mine = select(case.c.number, case.c.details).where(case.c.user_id == user_id)
    for number, details in conn.execute(mine).all():
        rest = {name: "" if name in personal else text for name, text in details.items()}
        conn.execute(update(case).where(case.c.number == number).values(details=rest))


def release_products(conn: Connection, user_id: int) -> int:
    """Let go of a person's own products, so their keys can be registered again; returns how
    many. Those of an organisation are not touched."""
    own = (asset.c.user_id == user_id) & asset.c.organisation_id.is_(None)
    ids = list(conn.execute(select(asset.c.id).where(own)).scalars())
    for table in (case, incident_credit, order):
        conn.execute(update(table).where(table.c.asset_id.in_(ids)).values(asset_id=None))
    product_timers.forget_reminders(conn, ids)
    conn.execute(delete(asset).where(asset.c.id.in_(ids)))
    return len(ids)


def mails(conn: Connection, address: str) -> None:
    """Drop what waits to be sent to an address, and empty what was sent there."""
    theirs = outbox.c.recipient == address
    waiting = theirs & (outbox.c.state == str(MailState.QUEUED))
    conn.execute(delete(outbox).where(waiting))
    emptied: dict[str, Any] = {
        "recipient": "",
        "subject": "",
        "text": "",
        "html": None,
        "headers": {},
        "error": None,  # a mail server's answer names the address
    }
    conn.execute(update(outbox).where(theirs).values(emptied))


def mails_in(conn: Connection, address: str) -> None:
    """Forget who sent the mails that came from an address, and their sources; one that
    waits for an agent keeps its own."""
    decided = mail_in.c.state.not_in([str(MailInState.NEW), str(MailInState.HELD)])
    theirs = (func.lower(mail_in.c.sender) == address.lower()) & decided
    ids = select(mail_in.c.id).where(theirs)
    for rest in (mail_source, mail_rest):
        conn.execute(delete(rest).where(rest.c.mail_id.in_(ids)))
    conn.execute(update(mail_in).where(theirs).values(sender="", subject="", note=""))
    conn.execute(delete(mail_bounce).where(mail_bounce.c.address_key == address.lower()))


def voices(conn: Connection, user_id: int) -> None:
    """Keep what a person told us as feedback, without who it was."""
    theirs = feedback.c.user_id == user_id
    conn.execute(update(feedback).where(theirs).values(user_id=None, email=None))


def file_names(conn: Connection, user_id: int) -> None:
    """Files stay with their message; their uploader is forgotten."""
    theirs = attachment.c.uploader_id == user_id
    conn.execute(update(attachment).where(theirs).values(uploader_id=None))
