"""Emptying the support mailbox: each mail is stored, and only then moved away."""

from collections.abc import Callable
from datetime import datetime

from kb.actions.mail_taking import take_head, take_mails
from kb.mail.imap import ImapServer, Mailbox
from kb.rules.mail_limits import MAIL_BYTES
from kb.store import Database

Clock = Callable[[], datetime]


def poll_once(db: Database, server: ImapServer, clock: Clock) -> int:
    """Take in what is there now; returns how many mails were new. Raises ImapTrouble."""
    with server.connect() as mailbox:
        return _empty(db, mailbox, clock)


def poll_until(db: Database, server: ImapServer, clock: Clock, stopped: Callable[[], bool]) -> None:
    """Take mail in as it arrives, over one connection, until stopped or until the server has no
    way to tell of new mail. Raises ImapTrouble."""
    with server.connect() as mailbox:
        while not stopped():
            _empty(db, mailbox, clock)
            if not mailbox.wait(stopped):
                return


def _empty(db: Database, mailbox: Mailbox, clock: Clock) -> int:
    """Store, then move. Who is killed between the two finds the mail again and stores nothing,
    since it is known by what is in it."""
    new = 0
    for group in mailbox.fetch(MAIL_BYTES):
        new += take_mails(db, [m.raw for m in group if not m.too_large], "imap", clock())
        for mail in group:
            if mail.too_large:
                new += take_head(db, mail.raw, mail.size, "imap", clock())
        mailbox.moved([mail.uid for mail in group])
    return new
