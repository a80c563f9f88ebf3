"""Understanding a stored mail and doing what its verdict says, in one transaction (R44, R46)."""

import logging
from collections.abc import Iterator
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
from kb.rules.consent import asked_for
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
from kb.store import Database, StoreError, audit, cases, mail_in, users
from kb.store.mail_in import MailIn, MailInState
from kb.store.users import User

BATCH = 20
GROUP = 5  # mails decided in one transaction: others wait no longer than a blink
GROUP_BYTES = 1024 * 1024

log = logging.getLogger("kb.worker")


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
    for group in _groups(taken):
        with db.read() as conn:
            sources = mail_in.sources_of(conn, group)
        prepared = [_prepare(room, mail, sources.get(mail.id, b"")) for mail in group]
        if len(prepared) == 1 or not _decide_all(db, room, prepared, now):
            for one in prepared:
                _decide_all(db, room, [one], now)
    return len(taken)


def _groups(mails: tuple[MailIn, ...]) -> Iterator[tuple[MailIn, ...]]:
    """A few small mails together, large ones alone."""
    group: list[MailIn] = []
    for mail in mails:
        if group and (len(group) == GROUP or sum(m.size for m in group) + mail.size > GROUP_BYTES):
            yield tuple(group)
            group = []
        group.append(mail)
    if group:
        yield tuple(group)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A mail that is read, with its files stored; nothing is decided yet."""

    mail: MailIn
    read: ReadMail
    kind: MailKind
    files: MailFiles


def _prepare(room: Mailroom, mail: MailIn, raw: bytes) -> _Prepared:
    read = ReadMail(Legible.NO) if mail.starts > MOST_STARTS else read_mail(raw)
    kind = kind_of(read.headers, sender=read.sender, ours=room.letters.mailbox, report=read.report)
    files = MailFiles((), ())
    if kind is MailKind.PERSON and read.legible is Legible.YES:
        files = store_files(room.files, read.files, read.left_out)
    return _Prepared(mail, read, kind, files)


def _decide_all(db: Database, room: Mailroom, group: list[_Prepared], now: datetime) -> bool:
    """Decide a few mails in one transaction, all or none; False when a mistake of ours got in the
    way: then each has its own, and one that fails there stays leased and is held in the end."""
    try:
        with db.write() as conn:
            for one in group:
                _decide_one(conn, room, one, now)
    except StoreError:
        raise
    except Exception:
        log.exception("mail %s cannot be sorted", ", ".join(str(one.mail.id) for one in group))
        return False
    return True


def _decide_one(conn: Connection, room: Mailroom, one: _Prepared, now: datetime) -> None:
    if mail_in.lock(conn, one.mail.id, MailInState.NEW) is None:
        return  # another worker was faster
    found = _situation(conn, room, one.read, one.kind, now)
    verdict = judge(found.facts)
    known = Understood(one.mail, one.read, one.files, found.user, found.wish)
    case, note = apply(conn, room, verdict, known, now)
    _decide(conn, one.mail, one.read, verdict, case, note, now)


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
    consent = wish is not None and bool(asked_for(room.policy.consents, wish.request))
    facts = replace(facts, entitled=wish is not None, consent=consent)
    return _Situation(facts, user, wish)


def _about_case(conn: Connection, facts: Facts, user: User | None, now: datetime) -> Facts:
    if len(facts.tokens) != 1:
        return facts
    (number,) = facts.tokens
    named = case = cases.lock(conn, number)
    if named is not None and named.merged_into is not None:
        case = cases.lock(conn, cases.survivor_of(conn, number))
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
