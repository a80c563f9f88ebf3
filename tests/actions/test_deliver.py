"""Queued mail is sent once, tried again when it cannot be, and survives a dead worker."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from kb.actions.deliver import LEASE, Delivered, deliver
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.mail.post import NotNow, Send, SmtpServer
from kb.rules.retries import MOST_TRIES
from kb.store import Database, outbox
from kb.store.outbox import Mail, MailState
from tests.actions.people import NOW
from tests.mail.smtp import Mailbox, smtp_server


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


class Killed(BaseException):
    """As when the worker's process ends in the middle."""


@dataclass
class DyingPost:
    """Hands over so many messages to the server and then kills the worker."""

    server: SmtpServer
    lives: int
    handed: list[str] = field(default_factory=list)

    @contextmanager
    def connect(self) -> Iterator[Send]:
        with self.server.connect() as send:

            def hand(message: EmailMessage, name: str) -> None:
                send(message, name)
                self.handed.append(name)
                if len(self.handed) == self.lives:
                    raise Killed

            yield hand


def put(db: Database, letters: Letters, number: int, recipient: str = "ana@example.com") -> None:
    with db.write() as conn:
        for _ in range(number):
            queue(conn, letters.write("account-known", "es", recipient, first_name="Ana"), NOW)


def mails(db: Database) -> tuple[Mail, ...]:
    with db.read() as conn:
        return outbox.all_mail(conn)


def ids(mailbox: Mailbox) -> list[str]:
    return [
        str(message_from_bytes(raw, policy=policy.default)["Message-ID"]) for raw in mailbox.taken
    ]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[SmtpServer]:
    with smtp_server(mailbox) as port:
        yield SmtpServer(f"smtp://localhost:{port}")


def test_what_is_due_is_sent_once(
    db: Database, letters: Letters, mailbox: Mailbox, server: SmtpServer
) -> None:
    put(db, letters, 5)
    assert deliver(db, server, clock=Clock(), batch=3) == Delivered(taken=3, sent=3)
    assert deliver(db, server, clock=Clock(), batch=3) == Delivered(taken=2, sent=2)
    assert deliver(db, server, clock=Clock()) == Delivered()
    assert ids(mailbox) == [mail.message_id for mail in mails(db)]
    assert {mail.state for mail in mails(db)} == {MailState.SENT}
    with db.read() as conn:
        assert outbox.counts(conn, NOW) == {"queued": 0, "sent": 5, "dead": 0, "late": 0}


def test_a_transaction_that_fails_sends_nothing(db: Database, letters: Letters) -> None:
    def fail() -> None:
        with db.write() as conn:
            letter = letters.write("account-known", "es", "a@example.com", first_name="A")
            queue(conn, letter, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert mails(db) == ()


def test_several_workers_send_each_mail_once(
    db: Database, letters: Letters, mailbox: Mailbox, server: SmtpServer
) -> None:
    put(db, letters, 40)

    def work(_number: int) -> int:
        sent = 0
        while done := deliver(db, server, clock=Clock(), batch=4).sent:
            sent += done
        return sent

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 40
    assert sorted(ids(mailbox)) == sorted(mail.message_id for mail in mails(db))


def test_a_dead_workers_mails_are_sent_when_its_lease_ends(
    db: Database, letters: Letters, mailbox: Mailbox, server: SmtpServer
) -> None:
    put(db, letters, 6)
    clock = Clock()
    with pytest.raises(Killed):
        deliver(db, DyingPost(server, lives=3), clock=clock)
    assert deliver(db, server, clock=clock) == Delivered()  # the dead one still holds them
    clock.now += LEASE
    assert deliver(db, server, clock=clock).sent == 4
    arrived = ids(mailbox)
    assert set(arrived) == {mail.message_id for mail in mails(db)}  # nothing lost
    assert len(arrived) == 7  # the one it died on came twice, with the same Message-ID
    assert arrived[2] == arrived[3]


def test_a_worker_whose_lease_has_passed_marks_nothing(db: Database, letters: Letters) -> None:
    put(db, letters, 1)
    with db.write() as conn:
        (slow,) = outbox.lease(conn, NOW, lasts=LEASE, limit=1)
    with db.write() as conn:
        (taken_over,) = outbox.lease(conn, NOW + LEASE, lasts=LEASE, limit=1)
        assert not outbox.failed(conn, slow, "slow", None)
        assert outbox.sent(conn, taken_over, NOW)
        assert not outbox.sent(conn, slow, NOW)
    assert taken_over.attempts == 2


def test_a_closed_server_is_tried_ever_more_rarely_and_then_no_more(
    db: Database, letters: Letters
) -> None:
    put(db, letters, 2)
    clock = Clock()
    closed = SmtpServer("smtp://127.0.0.1:1")
    pauses = []
    for _ in range(MOST_TRIES - 1):
        assert deliver(db, closed, clock=clock) == Delivered(taken=2, put_back=2)
        due = mails(db)[0].due_at
        pauses.append(due - clock.now)
        assert deliver(db, closed, clock=clock) == Delivered()
        clock.now = due
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=1)
    assert deliver(db, closed, clock=clock) == Delivered(taken=2, given_up=2)
    dead = mails(db)[0]
    assert dead.state is MailState.DEAD
    assert "refused" in (dead.error or "")
    assert timedelta(days=1) < clock.now - NOW < timedelta(days=3)


def test_a_dead_mail_can_be_sent_again(
    db: Database, letters: Letters, mailbox: Mailbox, server: SmtpServer
) -> None:
    put(db, letters, 1, "nobody@example.com")
    assert deliver(db, server, clock=Clock()) == Delivered(taken=1, given_up=1)
    (dead,) = mails(db)
    assert dead.error == "550 no such mailbox"
    with db.write() as conn:
        assert outbox.send_again(conn, dead.id, NOW)
        assert not outbox.send_again(conn, dead.id, NOW)
        found = outbox.by_id(conn, dead.id)
    assert found
    assert (found.state, found.message_id) == (MailState.QUEUED, dead.message_id)


def test_one_bad_mail_does_not_hold_up_the_others(
    db: Database, letters: Letters, mailbox: Mailbox, server: SmtpServer
) -> None:
    put(db, letters, 1, "nobody@example.com")
    put(db, letters, 1, "busy@example.com")
    put(db, letters, 1, "not an address")
    put(db, letters, 1)
    done = deliver(db, server, clock=Clock())
    assert done == Delivered(taken=4, sent=1, put_back=1, given_up=2)
    assert [mail.state for mail in mails(db)] == ["dead", "queued", "dead", "sent"]


def test_a_connection_that_breaks_loses_nothing(
    db: Database, letters: Letters, mailbox: Mailbox, server: SmtpServer
) -> None:
    @dataclass
    class Breaking:
        @contextmanager
        def connect(self) -> Iterator[Send]:
            with server.connect() as send:
                yield send
                raise NotNow("the line broke")

    put(db, letters, 3)
    assert deliver(db, Breaking(), clock=Clock()) == Delivered(taken=3, sent=3)
    assert len(mailbox.taken) == 3
