"""The time log of a case: minutes that were worked, and an extension with its reason (R65)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from kb.actions.case_steps import Answer, Who, form_id, note_change
from kb.rules.cases import Actor, MessageKind
from kb.rules.policy import Policy
from kb.rules.technician_time import (
    LONGEST_ENTRY,
    LONGEST_EXTENSION,
    Clock,
    Credit,
    Entry,
    clock_at,
    credit_of,
)
from kb.store import Database, cases, conversation, technician_time
from kb.store.cases import Case
from kb.store.technician_time import TimeEntry

LONGEST_WORDS = 500  # characters of what was done, and of why time is given


def time_of(db: Database, policy: Policy, case: Case) -> tuple[tuple[TimeEntry, ...], Credit]:
    """Return the time log of a case and how its credit stands."""
    with db.read() as conn:
        return _standing(conn, policy, case)


def log_time(
    db: Database,
    policy: Policy,
    who: Who,
    number: int,
    minutes: int,
    what: str,
    *,
    submission_id: str,
    now: datetime,
) -> Answer:
    """Log time that was worked. EMPTY: it says nothing, or no sound number of minutes;
    NOT_ALLOWED: it does not fit into the credit, which an extension or sales must widen."""
    time, words = timedelta(minutes=minutes), " ".join(what.split())[:LONGEST_WORDS]
    if who.actor is not Actor.AGENT or who.user_id is None:
        return Answer.NOT_FOUND
    if not words or not timedelta() < time <= LONGEST_ENTRY:
        return Answer.EMPTY
    with db.write() as conn:
        case = cases.lock(conn, number)
        if case is None:
            return Answer.NOT_FOUND
        if technician_time.has_form(conn, number, form_id(submission_id) or ""):
            return Answer.AGAIN
        charged = _was_contacted(conn, number)
        if charged and not _standing(conn, policy, case)[1].takes(time):
            return Answer.NOT_ALLOWED
        technician_time.stop_clock(conn, number, who.user_id)
        entry = Entry(time, is_charged=charged)
        return _add(conn, who.user_id, number, entry, words, submission_id, now)


def start_clock(db: Database, who: Who, number: int, now: datetime) -> Answer:
    """Begin to count the time of an agent on a case. AGAIN: it is counted already; NOT_ALLOWED:
    the case is finished."""
    if who.actor is not Actor.AGENT or who.user_id is None:
        return Answer.NOT_FOUND
    with db.write() as conn:
        case = cases.lock(conn, number)
        if case is None:
            return Answer.NOT_FOUND
        if not case.is_alive:
            return Answer.NOT_ALLOWED
        begun = technician_time.start_clock(conn, number, who.user_id, now)
    return Answer.DONE if begun else Answer.AGAIN


def stop_clock(db: Database, who: Who, number: int) -> Answer:
    """Forget an agent's running clock without logging; AGAIN: none ran."""
    if who.actor is not Actor.AGENT or who.user_id is None:
        return Answer.NOT_FOUND
    with db.write() as conn:
        stopped = technician_time.stop_clock(conn, number, who.user_id)
    return Answer.DONE if stopped else Answer.AGAIN


def clock_of(db: Database, policy: Policy, who: Who, case: Case, now: datetime) -> Clock | None:
    """Read an agent's running clock on a case; None where it stands still."""
    if who.user_id is None:
        return None
    with db.read() as conn:
        since = technician_time.clock_of(conn, case.number, who.user_id)
        if since is None:
            return None
        credit = _standing(conn, policy, case)[1]
        return clock_at(credit, since, now, is_charged=_was_contacted(conn, case.number))


def extend(
    db: Database,
    policy: Policy,
    who: Who,
    number: int,
    minutes: int,
    why: str,
    *,
    submission_id: str,
    now: datetime,
) -> Answer:
    """Give a case more time than its credit, for a reason that the customer reads. NOT_ALLOWED:
    this request has no credit that could be extended, or the case is closed."""
    time, reason = timedelta(minutes=minutes), " ".join(why.split())[:LONGEST_WORDS]
    if who.actor is not Actor.AGENT or who.user_id is None:
        return Answer.NOT_FOUND
    if not reason or not timedelta() < time <= LONGEST_EXTENSION:
        return Answer.EMPTY
    with db.write() as conn:
        case = cases.lock(conn, number)
        if case is None:
            return Answer.NOT_FOUND
        if not case.is_alive or _standing(conn, policy, case)[1].allowed is None:
            return Answer.NOT_ALLOWED
        entry = Entry(time, is_credit=True)
        done = _add(conn, who.user_id, number, entry, reason, submission_id, now)
        if done is Answer.DONE:
            note_change(conn, number, who, "extended", "", str(minutes), now, reason=reason)
    return done


def _standing(conn: Connection, policy: Policy, case: Case) -> tuple[tuple[TimeEntry, ...], Credit]:
    log = technician_time.of_case(conn, case.number)
    request = policy.requests.get(case.request)
    return log, credit_of(request.credit if request else None, (one.entry for one in log))


def _was_contacted(conn: Connection, number: int) -> bool:
    """Whether an agent has spoken to the customer: from then on time counts."""
    replies = conversation.messages_of(conn, number, (MessageKind.REPLY,))
    return any(one.actor is Actor.AGENT for one in replies)


def _add(
    conn: Connection,
    user_id: int,
    number: int,
    entry: Entry,
    words: str,
    submission_id: str,
    now: datetime,
) -> Answer:
    form = form_id(submission_id) or ""
    added = technician_time.add(conn, number, user_id, entry, words, form, now)
    return Answer.DONE if added else Answer.AGAIN
