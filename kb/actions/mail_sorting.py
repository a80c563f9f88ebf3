"""Understanding a stored mail and doing what its verdict says, in one transaction (R44, R46)."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.limits import count_within, subject
from kb.actions.mail_effects import Mailroom, Understood, apply
from kb.actions.mail_entitlement import wish_by_mail
from kb.actions.mail_files import MailFiles, store_files
from kb.mail import fingerprint
from kb.mail.incoming import ReadMail, read_mail
from kb.rules.cases import Actor, may_reply
from kb.rules.contact import Wish
from kb.rules.mail_kinds import MailKind, kind_of
from kb.rules.mail_limits import BY_CASE, BY_SENDER, MOST_STARTS, SUSPECT_STARTS
from kb.rules.mail_threading import (
    Facts,
    Fate,
    Legible,
    OnCase,
    Verdict,
    Why,
    judge,
    numbers_in,
)
from kb.store import Database, audit, cases, mail_in, users
from kb.store.mail_in import MailIn, MailInState
from kb.store.users import User

BATCH = 20


@dataclass(frozen=True, slots=True)
class _Situation:
    """The facts, and what they were made from."""

    facts: Facts
    user: User | None
    wish: Wish | None


def sort_mail(db: Database, room: Mailroom, now: datetime, batch: int = BATCH) -> int:
    """Understand the mails that are stored and new; returns how many were taken up.

    A mail is leased before it is looked at: a worker that dies over it leaves it to another, and
    one that several have died over is held for an agent."""
    with db.write() as conn:
        taken = mail_in.lease(conn, now, batch, SUSPECT_STARTS)
    for mail in taken:
        _sort(db, room, mail, now)
    return len(taken)


def _sort(db: Database, room: Mailroom, mail: MailIn, now: datetime) -> None:
    with db.read() as conn:
        raw = mail_in.source_of(conn, mail.id) or b""
    read = ReadMail(Legible.NO) if mail.starts > MOST_STARTS else read_mail(raw)
    kind = kind_of(read.headers, sender=read.sender, ours=room.letters.mailbox, report=read.report)
    files = MailFiles((), ())
    if kind is MailKind.PERSON and read.legible is Legible.YES:
        files = store_files(room.files, read.files, read.left_out)
    with db.write() as conn:
        if mail_in.lock(conn, mail.id, MailInState.NEW) is None:
            return  # another worker was faster
        found = _situation(conn, room, read, kind, now)
        verdict = judge(found.facts)
        known = Understood(mail, read, files, found.user, found.wish)
        case, note = apply(conn, room, verdict, known, now)
        _decide(conn, mail, read, verdict, case, note, now)


def _situation(
    conn: Connection, room: Mailroom, read: ReadMail, kind: MailKind, now: datetime
) -> _Situation:
    """Gather all facts; a mail that no person wrote is looked at no further."""
    facts = Facts(kind=kind, legible=read.legible, sender=read.sender, subject=read.subject)
    if kind is not MailKind.PERSON or not read.sender:
        return _Situation(facts, None, None)
    secret = room.letters.secret
    marks = fingerprint.marks_in(secret, read.subject, read.recipients, read.references)
    user = users.by_email(conn, read.sender)
    user = user if user and user.is_confirmed and not user.is_agent else None
    name = subject(secret, "mail-from", read.sender)
    facts = replace(
        facts,
        proven=_proven(read, room.authserv),
        tokens=marks.numbers,
        forged=marks.forged,
        known=user is not None,
        too_many=not count_within(conn, name, BY_SENDER, now),
    )
    if marks.numbers:
        return _Situation(_about_case(conn, facts, user, now), user, None)
    wish = None
    if user:
        facts = replace(facts, names_case=_names_case(conn, read.subject, user.id))
        words = f"{read.subject}\n{read.text}"
        wish = wish_by_mail(conn, room.policy, user.id, words, now)
    return _Situation(replace(facts, entitled=wish is not None), user, wish)


def _about_case(conn: Connection, facts: Facts, user: User | None, now: datetime) -> Facts:
    if len(facts.tokens) != 1:
        return facts
    (number,) = facts.tokens
    case = cases.lock(conn, cases.survivor_of(conn, number))
    named = cases.by_number(conn, number)
    if case is None or named is None:
        return facts
    if user is None or cases.of_owner(conn, number, user.id) is None:
        return replace(facts, on_case=OnCase.NO, case_title=named.title)
    alive = may_reply(case.state, Actor.CUSTOMER, case.resolved_at, now)
    return replace(
        facts,
        on_case=OnCase.YES if alive else OnCase.OVER,
        case_title=named.title,
        case_too_many=not count_within(conn, f"mail-case:{number}", BY_CASE, now),
    )


def _names_case(conn: Connection, said: str, user_id: int) -> bool:
    return any(cases.of_owner(conn, number, user_id) for number in numbers_in(said))


def _proven(read: ReadMail, authserv: str) -> bool:
    """What our own receiving server found out about the sender (RFC 8601), if it says so."""
    if not authserv:
        return True
    found = [
        line.lower()
        for line in read.headers.get("authentication-results", ())
        if line.lower().startswith(authserv.lower())
    ]
    return not any("dmarc=fail" in line for line in found)


_STATES = {
    Fate.JOIN: MailInState.JOINED,
    Fate.OPEN: MailInState.OPENED,
    Fate.ANSWER: MailInState.ANSWERED,
    Fate.HOLD: MailInState.HELD,
    Fate.FILE: MailInState.FILED,
    Fate.BOUNCE: MailInState.BOUNCE,
}


def _decide(
    conn: Connection,
    mail: MailIn,
    read: ReadMail,
    verdict: Verdict,
    case: int | None,
    note: str,
    now: datetime,
) -> None:
    state = _STATES[verdict.fate]
    if state in {MailInState.JOINED, MailInState.OPENED} and case is None:
        state, verdict = MailInState.HELD, replace(verdict, why=Why.OVER)
    mail_in.decide(
        conn,
        mail.id,
        state,
        now,
        why=str(verdict.why),
        note=note,
        sender=read.sender,
        subject=read.subject,
        case_number=case,
    )
    data = {"why": str(verdict.why), "case": case}
    audit.record(conn, None, f"mail.{state}", f"mail:{mail.id}", now, **data)
