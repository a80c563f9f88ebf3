"""What happens to cases by itself as time passes: agents are told of promises that are near or
past their time, and resolved cases close after the guarantee (R66)."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.case_steps import SYSTEM, note_change, pass_through
from kb.actions.mail_queue import queue
from kb.mail import Letters, fingerprint
from kb.rules.cases import GUARANTEE, CaseState
from kb.rules.milestones import NEAR, Standing
from kb.store import Database, cases, milestones, users
from kb.store.cases import Case
from kb.store.milestones import Milestone
from kb.store.users import User

CLOSED_AT_ONCE = 100


def escalate_due(db: Database, letters: Letters, now: datetime) -> int:
    """Tell the agents, once each, of promises that are near or past their time: an event of the
    case and a mail to whom it is assigned, or to every agent while it is nobody's. Returns how
    many were told of; safe to run in several processes at once."""
    with db.read() as conn:
        near = milestones.to_warn(conn, now, NEAR)
        late = milestones.to_escalate(conn, now)
    told = sum(_tell(db, letters, one, Standing.BREACHED, now) for one in late)
    return told + sum(_tell(db, letters, one, Standing.NEAR, now) for one in near)


def _tell(
    db: Database, letters: Letters, milestone: Milestone, found: Standing, now: datetime
) -> bool:
    note = milestones.breached if found is Standing.BREACHED else milestones.warned
    with db.write() as conn:
        case = cases.lock(conn, milestone.case_number)
        if case is None or not note(conn, milestone, now):
            return False
        kind = str(milestone.kind)
        note_change(conn, case.number, SYSTEM, "target", "", str(found), now, kind=kind)
        for agent in _concerned(conn, case):
            _notify(conn, letters, agent, case, milestone, found, now)
    return True


def _concerned(conn: Connection, case: Case) -> tuple[User, ...]:
    agents = users.agents(conn)
    mine = tuple(one for one in agents if one.id == case.assignee_id)
    return mine or agents


def _notify(
    conn: Connection,
    letters: Letters,
    agent: User,
    case: Case,
    milestone: Milestone,
    found: Standing,
    now: datetime,
) -> None:
    letter = letters.write(
        "case-target",
        agent.lang,
        agent.email,
        path=f"desk/cases/{case.number}",
        case=case.number,
        title=case.title,
        severity=case.severity,
        what=str(milestone.kind),
        late=found is Standing.BREACHED,
        unassigned=case.assignee_id is None,
    )
    # An agent may answer it: the mark says for which case (and the desk's rules, who may).
    reply_to = fingerprint.reply_address(letters.secret, case.number, letters.mailbox)
    queue(conn, replace(letter, headers={**letter.headers, "Reply-To": reply_to}), now)


def close_resolved(db: Database, now: datetime) -> int:
    """Close the cases whose guarantee has run out since they were resolved; returns how many."""
    with db.read() as conn:
        numbers = cases.resolved_before(conn, now - GUARANTEE, CLOSED_AT_ONCE)
    closed = 0
    for number in numbers:
        with db.write() as conn:
            case = cases.lock(conn, number)
            if case and case.state is CaseState.RESOLVED and _is_over(case, now):
                pass_through(conn, case, (CaseState.CLOSED,), SYSTEM, now)
                closed += 1
    return closed


def _is_over(case: Case, now: datetime) -> bool:
    return case.resolved_at is not None and case.resolved_at < now - GUARANTEE
