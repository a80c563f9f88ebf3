"""Sending the outbox: what is due is leased, sent and marked, one mail at a time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kb.mail.message import compose
from kb.mail.post import NotNow, Post, Send, Undeliverable
from kb.rules.retries import next_try
from kb.store import Database, outbox
from kb.store.outbox import Mail

LEASE = timedelta(minutes=10)  # longer than a batch takes, even over a slow server
BATCH = 20

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did; `taken` mails were due."""

    taken: int = 0
    sent: int = 0
    put_back: int = 0
    given_up: int = 0


def deliver(db: Database, post: Post, *, clock: Clock, batch: int = BATCH) -> Delivered:
    """Send what is due, over one connection; safe to run in several processes at once.

    A worker that dies keeps its lease until it runs out; then another sends the mail, with the
    same Message-ID, so at most one copy too many can arrive."""
    with db.write() as conn:
        mails = outbox.lease(conn, clock(), lasts=LEASE, limit=batch)
    if not mails:
        return Delivered()
    done = Delivered(taken=len(mails))
    try:
        with post.connect() as send:
            for mail in mails:
                done = _add(done, _send(db, send, mail, clock))
    except NotNow as closed:
        for mail in mails[done.sent + done.put_back + done.given_up :]:
            done = _add(done, _put_back(db, mail, str(closed), clock()))
    return done


def _send(db: Database, send: Send, mail: Mail, clock: Clock) -> Delivered:
    try:
        message = compose(
            recipient=mail.recipient,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            message_id=mail.message_id,
            headers=mail.headers,
            written_at=mail.created_at,
        )
        send(message, f"{mail.created_at:%Y%m%d-%H%M%S}-{mail.id:06d}-{mail.kind}")
    except NotNow as error:
        return _put_back(db, mail, str(error), clock())
    except (Undeliverable, ValueError) as error:
        return _give_up(db, mail, str(error))
    with db.write() as conn:
        outbox.sent(conn, mail, clock())
    return Delivered(sent=1)


def _put_back(db: Database, mail: Mail, error: str, now: datetime) -> Delivered:
    again_at = next_try(mail.attempts, now)
    if again_at is None:
        return _give_up(db, mail, error)
    with db.write() as conn:
        outbox.failed(conn, mail, error, again_at)
    return Delivered(put_back=1)


def _give_up(db: Database, mail: Mail, error: str) -> Delivered:
    with db.write() as conn:
        outbox.failed(conn, mail, error, None)
    return Delivered(given_up=1)


def _add(one: Delivered, other: Delivered) -> Delivered:
    return replace(
        one,
        sent=one.sent + other.sent,
        put_back=one.put_back + other.put_back,
        given_up=one.given_up + other.given_up,
    )
