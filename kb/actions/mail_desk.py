"""What agents do about mail: look, attach, make a case, discard, send again; each written down."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions.case_work import Who, add_note_in
from kb.actions.mail_effects import join_case, open_by_mail, words_of
from kb.actions.mail_entitlement import Possible, wishes_by_mail
from kb.actions.mail_files import MailFiles, store_files
from kb.actions.mail_room import Mailroom, Understood
from kb.mail.incoming import ReadMail, read_mail
from kb.rules.cases import Actor
from kb.rules.mail_words import Folded, fold
from kb.rules.policy import Policy
from kb.store import Database, audit, cases, mail_bounces, mail_in, outbox, users
from kb.store.mail_bounces import MailBounce
from kb.store.mail_in import MailIn, MailInState
from kb.store.outbox import Mail
from kb.store.users import User

PAGE = 25
OPEN_STATES = (
    MailInState.HELD,
    MailInState.FILED,
    MailInState.ANSWERED,
    MailInState.BOUNCE,
    MailInState.DISCARDED,
)


class Done(StrEnum):
    """How it ended. NOTED: the sender is not on the case, so it became an internal note."""

    DONE = "done"
    NOTED = "noted"
    NO_CASE = "no-case"
    CASE_OVER = "case-over"
    NOT_ALLOWED = "not-allowed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class InPage:
    """One page of mail that came in."""

    rows: tuple[MailIn, ...]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail as an agent reads it; `possible` is what its sender may have a case about."""

    mail: MailIn
    said: Folded
    recipients: str
    files: tuple[tuple[str, int], ...]
    left_out: tuple[str, ...]
    user: User | None
    possible: tuple[Possible, ...]
    has_source: bool


def mails_in(db: Database, states: tuple[MailInState, ...], page: int = 1) -> InPage:
    """Return mail that came in and is in these states, the newest first."""
    with db.read() as conn:
        counts = mail_in.counts(conn)
        total = sum(counts[state] for state in states)
        page = min(max(page, 1), max(1, -(-total // PAGE)))
        rows = mail_in.page(conn, states, offset=(page - 1) * PAGE, limit=PAGE)
    return InPage(rows, total, page)


def mails_out(db: Database, page: int = 1) -> tuple[tuple[Mail, ...], int, tuple[MailBounce, ...]]:
    """Return mails that did not arrive, how many there are, and addresses out of reach."""
    with db.read() as conn:
        rows = outbox.troubled(conn, offset=(max(page, 1) - 1) * PAGE, limit=PAGE)
        return rows, outbox.troubled_count(conn), mail_bounces.newest(conn, PAGE)


def mail_troubles(db: Database) -> tuple[int, int]:
    """Count what waits for an agent: held mails, and mails that did not arrive."""
    with db.read() as conn:
        return mail_in.counts(conn)[MailInState.HELD], outbox.troubled_count(conn)


def view_mail(db: Database, policy: Policy, mail_id: int, now: datetime) -> MailView | None:
    """Return a mail with everything in it, as text."""
    with db.read() as conn:
        mail = mail_in.by_id(conn, mail_id)
        if mail is None:
            return None
        raw = mail_in.source_of(conn, mail_id)
        read = read_mail(raw or b"")
        user = _account(conn, read)
        possible = wishes_by_mail(conn, policy, user.id, now) if user else ()
    files = tuple((file.name, len(file.content)) for file in read.files)
    said = fold(read.text)
    return MailView(
        mail, said, read.recipients, files, read.left_out, user, possible, raw is not None
    )


def read_source(db: Database, agent_id: int, mail_id: int, now: datetime) -> bytes | None:
    """Return the raw source for an agent, who is written down as having looked."""
    with db.write() as conn:
        raw = mail_in.source_of(conn, mail_id)
        if raw is not None:
            audit.record(conn, agent_id, "mail.source", f"mail:{mail_id}", now)
    return raw


def attach(
    db: Database, room: Mailroom, agent_id: int, mail_id: int, number: int, now: datetime
) -> Done:
    """Put a mail into a case: as the customer's reply when its sender is on the case, else as an
    internal note that says who wrote it, so nothing of a stranger's is shown as a customer's."""
    read, files = _prepared(db, room, mail_id)
    with db.write() as conn:
        mail = mail_in.lock(conn, mail_id, *OPEN_STATES)
        if mail is None:
            return Done.GONE
        if cases.by_number(conn, number) is None:
            return Done.NO_CASE
        user = _account(conn, read)
        known = Understood(mail, read, files, user, None)
        if user is not None and cases.of_owner(conn, number, user.id) is not None:
            number = cases.survivor_of(conn, number)
            if not join_case(conn, room, known, user.id, number, now):
                return Done.CASE_OVER
            done = Done.DONE
        else:
            who = Who(Actor.AGENT, agent_id)
            words = f"{read.sender or '?'}: {read.subject}\n\n{words_of(known).own}"
            form = f"mail:{mail.id}"
            add_note_in(conn, who, number, words, submission_id=form, now=now, files=files.taken)
            done = Done.NOTED
        _finish(conn, agent_id, mail, MailInState.JOINED, number, now)
    return done


def make_case(
    db: Database, room: Mailroom, agent_id: int, mail_id: int, choice: str, now: datetime
) -> int | None:
    """Open a case for the mail's sender about one of the things they are entitled to; returns its
    number, or None when the policy (no longer) grants it."""
    read, files = _prepared(db, room, mail_id)
    with db.write() as conn:
        mail = mail_in.lock(conn, mail_id, *OPEN_STATES)
        user = _account(conn, read)
        if mail is None or user is None:
            return None
        possible = wishes_by_mail(conn, room.policy, user.id, now)
        wish = next((one.wish for one in possible if one.id == choice), None)
        if wish is None:
            return None
        known = Understood(mail, read, files, user, wish)
        number = open_by_mail(conn, room, known, user, wish, now)
        if number is not None:
            _finish(conn, agent_id, mail, MailInState.OPENED, number, now)
    return number


def discard(db: Database, agent_id: int, mail_id: int, now: datetime) -> bool:
    """Put a held mail away; its source stays for ninety days."""
    with db.write() as conn:
        mail = mail_in.lock(conn, mail_id, MailInState.HELD)
        if mail is not None:
            _finish(conn, agent_id, mail, MailInState.DISCARDED, None, now)
    return mail is not None


def send_again(db: Database, agent_id: int, outbox_id: int, now: datetime) -> bool:
    """Give a mail that did not arrive new tries, with the same Message-ID; its address counts as
    reachable until it comes back again."""
    with db.write() as conn:
        mail = outbox.by_id(conn, outbox_id)
        if mail is None or not outbox.send_again(conn, outbox_id, now):
            return False
        mail_bounces.clear(conn, mail.recipient)
        audit.record(conn, agent_id, "mail.send-again", f"outbox:{outbox_id}", now, kind=mail.kind)
    return True


def _prepared(db: Database, room: Mailroom, mail_id: int) -> tuple[ReadMail, MailFiles]:
    with db.read() as conn:
        raw = mail_in.source_of(conn, mail_id) or b""
    read = read_mail(raw)
    return read, store_files(room.files, read.files, read.left_out)


def _account(conn: Connection, read: ReadMail) -> User | None:
    user = users.by_email(conn, read.sender) if read.sender else None
    return user if user and user.is_confirmed and not user.is_agent else None


def _finish(
    conn: Connection,
    agent_id: int,
    mail: MailIn,
    state: MailInState,
    number: int | None,
    now: datetime,
) -> None:
    mail_in.decide(conn, mail.id, state, now, case_number=number, decided_by=agent_id)
    audit.record(
        conn, agent_id, f"mail.{state}", f"mail:{mail.id}", now, was=str(mail.state), case=number
    )
