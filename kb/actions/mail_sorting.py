"""Understanding a stored mail and doing what its verdict says, in one transaction (R44, R46)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.limits import count_within, subject
from kb.actions.mail_effects import apply
from kb.actions.mail_entitlement import wish_by_mail, wish_to_go_on
from kb.actions.mail_files import MailFiles, store_files
from kb.actions.mail_room import Mailroom, Understood
from kb.actions.mail_standing import Standing, standing
from kb.mail import fingerprint
from kb.mail.incoming import ReadMail, read_mail
from kb.rules.consent import asked_for
from kb.rules.contact import Wish
from kb.rules.mail_kinds import MailKind, kind_of
from kb.rules.mail_limits import BY_CASE, BY_SENDER, MOST_STARTS, SUSPECT_STARTS
from kb.rules.mail_proof import Proof, proof_of
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
from kb.rules.mail_words import agent_words
from kb.store import Crossed, Database, StoreError, audit, cases, mail_in, users
from kb.store.mail_in import Decision, MailIn, MailInState
from kb.store.users import User

BATCH = 20
GROUP = 10  # mails decided in one transaction: others wait no longer than a blink
GROUP_BYTES = 1024 * 1024

log = logging.getLogger("kb.worker")


@dataclass(frozen=True, slots=True)
class _Situation:
    """The facts, and what they were made from."""

    facts: Facts
    user: User | None
    wish: Wish | None
    place: Standing = field(default_factory=Standing)


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
            still = mail_in.lock_new(conn, [one.mail.id for one in group])  # others may be faster
            todo = [one for one in group if one.mail.id in still]
            if len(todo) > 1:
                _lock_cases(conn, room, todo)
            done = [_decide_one(conn, room, one, now) for one in todo]
            mail_in.decide_all(conn, done, now)
            audit.record_all(conn, [_told(one) for one in done], now)
    except Crossed:  # the cases and senders of several mails, locked as the mails came
        log.info("%d mails are decided one by one: others wanted the same cases", len(group))
        return False
    except StoreError:
        raise
    except Exception:
        log.exception("mail %s cannot be sorted", ", ".join(str(one.mail.id) for one in group))
        return False
    return True


def _lock_cases(conn: Connection, room: Mailroom, group: list[_Prepared]) -> None:
    """Lock the cases of all these mails before any is changed, by ascending numbers as pages do."""
    named = {number for one in group for number in _marks(room, one.read).numbers}
    cases.lock_all(conn, named | {cases.survivor_of(conn, number) for number in named})


def _decide_one(conn: Connection, room: Mailroom, one: _Prepared, now: datetime) -> Decision:
    found = _situation(conn, room, one.read, one.kind, now)
    verdict = judge(found.facts)
    known = Understood(one.mail, one.read, one.files, found.user, found.wish, found.place)
    case, note = apply(conn, room, verdict, known, now)
    return _decision(one.mail, one.read, verdict, case, note)


def _situation(
    conn: Connection, room: Mailroom, read: ReadMail, kind: MailKind, now: datetime
) -> _Situation:
    """Gather all facts; a mail that no person wrote is looked at no further."""
    facts = Facts(kind=kind, legible=read.legible, sender=read.sender, subject=read.subject)
    if kind is not MailKind.PERSON or not read.sender:
        return _Situation(facts, None, None)
    secret = room.letters.secret
    marks = _marks(room, read)
    user = users.by_email(conn, read.sender)
    user = user if user and user.is_confirmed else None
    proof = _proof(read, room.authserv)
    name = subject(secret, "mail-from", read.sender)
    facts = replace(
        facts,
        proven=proof is not Proof.FAIL,
        vouched=proof is Proof.PASS,
        agent=user is not None and user.is_agent,
        tokens=marks.numbers,
        forged=marks.forged,
        known=user is not None,
        too_many=not count_within(conn, name, BY_SENDER, now),
    )
    if marks.numbers:
        return _about_case(conn, room, read, facts, user, now)
    wish = None
    if user and not user.is_agent:
        facts = replace(facts, names_case=_names_case(conn, read.subject, user.id))
        words = f"{read.subject}\n{read.text}"
        wish = wish_by_mail(conn, room.policy, user.id, words, now)
    consent = wish is not None and bool(asked_for(room.policy.consents, wish.request))
    facts = replace(facts, entitled=wish is not None, consent=consent)
    return _Situation(facts, user, wish)


def _marks(room: Mailroom, read: ReadMail) -> fingerprint.Marks:
    """The cases that are named by a mark of ours."""
    secret = room.letters.secret
    return fingerprint.marks_in(secret, read.subject, read.recipients, read.references)


def _about_case(
    conn: Connection,
    room: Mailroom,
    read: ReadMail,
    facts: Facts,
    user: User | None,
    now: datetime,
) -> _Situation:
    """Find how the sender stands to the one case that the mail's marks name."""
    if len(facts.tokens) != 1:
        return _Situation(facts, user, None)
    (number,) = facts.tokens
    place = standing(conn, number, read.sender, user, now)
    if place.named is None:
        return _Situation(facts, user, None)
    facts = replace(facts, on_case=place.on_case, case_title=place.named.title)
    if place.on_case is OnCase.NO:
        return _Situation(facts, user, None, place)
    if facts.agent and facts.legible is Legible.YES and agent_words(read.text) is None:
        facts = replace(facts, legible=Legible.EMPTY)  # files alone, or our own words repeated
    facts = replace(
        facts, case_too_many=not count_within(conn, f"mail-case:{number}", BY_CASE, now)
    )
    wish = None
    if place.on_case is OnCase.OVER and user and place.case:
        wish = wish_to_go_on(conn, room.policy, user.id, place.case, now)
    consent = wish is not None and bool(asked_for(room.policy.consents, wish.request))
    return _Situation(replace(facts, entitled=wish is not None, consent=consent), user, wish, place)


def _names_case(conn: Connection, said: str, user_id: int) -> bool:
    return any(cases.of_owner(conn, number, user_id) for number in numbers_in(said))


def _proof(read: ReadMail, authserv: str) -> Proof:
    """What our own receiving server found out about the sender, if it says so."""
    return proof_of(read.headers.get("authentication-results", ()), authserv, read.sender)


_STATES = {
    Fate.JOIN: MailInState.JOINED,
    Fate.OPEN: MailInState.OPENED,
    Fate.FOLLOW: MailInState.OPENED,
    Fate.WORK: MailInState.JOINED,
    Fate.ANSWER: MailInState.ANSWERED,
    Fate.HOLD: MailInState.HELD,
    Fate.FILE: MailInState.FILED,
    Fate.BOUNCE: MailInState.BOUNCE,
}


def _decision(
    mail: MailIn, read: ReadMail, verdict: Verdict, case: int | None, note: str
) -> Decision:
    state, why = _STATES[verdict.fate], verdict.why
    if state in {MailInState.JOINED, MailInState.OPENED} and case is None:
        state, why = MailInState.HELD, Why.OVER
    return Decision(mail.id, state, str(why), note, read.sender, read.subject, case)


def _told(one: Decision) -> tuple[str, str, dict[str, object]]:
    return f"mail.{one.state}", f"mail:{one.mail_id}", {"why": one.why, "case": one.case_number}
