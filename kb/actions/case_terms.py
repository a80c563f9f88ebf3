"""What an agent changes about a case itself: its severity and plan, and that two are one."""

from datetime import datetime

from sqlalchemy import Connection

from kb.actions.case_letters import mail_requester
from kb.actions.case_promise import settle
from kb.actions.case_steps import Answer, Who, note_change, pass_through
from kb.mail import Letters
from kb.rules.cases import CaseState, Deed, may, path
from kb.rules.policy import Policy, Severity
from kb.store import Database, cases
from kb.store.cases import Case

LONGEST_REASON = 500  # characters


def set_terms(
    db: Database,
    policy: Policy,
    who: Who,
    number: int,
    *,
    severity: Severity,
    plan: str | None,
    reason: str,
    now: datetime,
) -> Answer:
    """Give a living case another severity or plan, for a reason the customer reads; what it is
    promised is computed anew from its beginning (R33–R36). EMPTY: no reason was given."""
    with db.write() as conn:
        return set_terms_in(
            conn, policy, who, number, severity=severity, plan=plan, reason=reason, now=now
        )


def set_terms_in(
    conn: Connection,
    policy: Policy,
    who: Who,
    number: int,
    *,
    severity: Severity,
    plan: str | None,
    reason: str,
    now: datetime,
) -> Answer:
    """The same inside a transaction."""
    case = cases.lock(conn, number)
    if case is None:
        return Answer.NOT_FOUND
    if not may(Deed.SET_TERMS, case.state, who.actor) or not (plan is None or plan in policy.plans):
        return Answer.NOT_ALLOWED
    if (case.severity, case.plan) == (severity, plan):
        return Answer.AGAIN
    if not reason.strip():
        return Answer.EMPTY
    said = " ".join(reason.split())[:LONGEST_REASON]
    _set(conn, case, who, "severity", str(severity), said, now)
    _set(conn, case, who, "plan", plan, said, now)
    settle(conn, policy, number, now)

    return Answer.DONE


def _set(
    conn: Connection, case: Case, who: Who, what: str, after: str | None, why: str, now: datetime
) -> None:
    before: str | None = getattr(case, what)
    if before != after:
        cases.change(conn, case.number, now, **{what: after})
        note_change(conn, case.number, who, what, before or "", after or "", now, reason=why)


def merge(
    db: Database,
    policy: Policy,
    letters: Letters,
    who: Who,
    number: int,
    into: int,
    now: datetime,
) -> Answer:
    """Close a case that is about the same as another of this customer's; words to it go to the
    other from now on. NOT_ALLOWED: the other is finished, or somebody else's, or itself."""
    with db.write() as conn:
        found = cases.lock_all(conn, (number, into))
        case, survivor = found[number], found[into]
        if case is None or survivor is None:
            return Answer.NOT_FOUND
        if case.merged_into == into:
            return Answer.AGAIN
        steps = path(case.state, CaseState.CLOSED, who.actor)
        allowed = may(Deed.MERGE, case.state, who.actor) and _same_customer(case, survivor)
        if number == into or not allowed or not survivor.is_alive or not steps:
            return Answer.NOT_ALLOWED
        note_change(conn, number, who, "merged", "", str(into), now)
        note_change(conn, into, who, "joined", "", str(number), now)
        pass_through(conn, case, steps, who, now)
        cases.change(conn, number, now, merged_into=into)
        settle(conn, policy, number, now)
        mail_requester(conn, letters, "case-merged", case, now, into=into)
    return Answer.DONE


def _same_customer(one: Case, other: Case) -> bool:
    shared = one.organisation_id is not None and one.organisation_id == other.organisation_id
    return one.user_id == other.user_id or shared
