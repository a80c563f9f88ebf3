"""Putting a written letter into the outbox, inside the transaction that causes it."""

from datetime import datetime

from sqlalchemy import Connection

from kb.mail import Letter
from kb.store import outbox


def queue(conn: Connection, letter: Letter, now: datetime) -> None:
    """Queue a letter; it is sent if, and only if, the transaction of `conn` commits."""
    mail = outbox.NewMail(
        message_id=letter.message_id,
        kind=letter.kind,
        recipient=letter.recipient,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        lang=letter.lang,
        headers=letter.headers,
        case_number=letter.case_number,
    )
    outbox.add(conn, mail, now)
