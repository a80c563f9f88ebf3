"""Working on a case: reply, note, state, assignee; every change is an event (R48, R49)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.answer_notices import tell_agents
from kb.actions.case_letters import mail_reply, mail_state
from kb.actions.case_promise import settle
from kb.actions.case_steps import Answer, Who, form_id, note_change, open_to, pass_through
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState, MessageKind, after_reply, may_reply, path
from kb.rules.policy import Policy
from kb.rules.uploads import CASE_BYTES, names_beside
from kb.store import Database, attachments, cases, conversation, users
from kb.store.attachments import NewAttachment
from kb.store.cases import Case

__all__ = [
    "Answer",
    "Who",
    "add_note",
    "assign",
    "assign_in",
    "form_id",
    "reply",
    "reply_in",
    "set_state",
    "set_state_in",
]


def reply(
    db: Database,
    policy: Policy,
    letters: Letters,
    who: Who,
    number: int,
    body: str,
    *,
    submission_id: str | None,
    now: datetime,
    wait: bool = False,
    resolve: bool = False,
    files: Sequence[NewAttachment] = (),
    seen: int | None = None,
) -> Answer:
    """Add a public reply with its files; an agent's is mailed to the requester, keeps the
    promise of an answer, takes a case nobody had and, with `wait`, leaves it waiting for the
    customer, with `resolve` resolved. OVERTAKEN: somebody else has replied after the message
    `seen`; CLOSED: also that a case whose page was seen is merged by now; nothing was added."""
    with db.write() as conn:
        return reply_in(
            conn,
            policy,
            letters,
            who,
            number,
            body,
            submission_id=submission_id,
            now=now,
            wait=wait,
            resolve=resolve,
            files=files,
            seen=seen,
        )


def reply_in(
    conn: Connection,
    policy: Policy,
    letters: Letters,
    who: Who,
    number: int,
    body: str,
    *,
    submission_id: str | None,
    now: datetime,
    wait: bool = False,
    resolve: bool = False,
    files: Sequence[NewAttachment] = (),
    seen: int | None = None,
) -> Answer:
    """The same inside a transaction, as when the reply came by mail. Words to a merged case go
    to the one that goes on instead of it."""
    if not body.strip():
        return Answer.EMPTY
    onward = cases.survivor_of(conn, number) if seen is None else number
    if onward != number:  # several are locked by their numbers, or two would wait for each other
        cases.lock_all(conn, (number, onward))
    case = open_to(conn, who, number)
    if case is not None and case.merged_into is not None and seen is None:
        number = cases.survivor_of(conn, number)
        case = open_to(conn, who, number)
    if case is None:
        return Answer.NOT_FOUND
    if not may_reply(case.state, who.actor, case.resolved_at, now):
        return Answer.CLOSED
    if seen is not None and conversation.has_spoken_since(conn, number, seen, who.user_id):
        return Answer.OVERTAKEN
    said = _say(conn, who, number, MessageKind.REPLY, body, submission_id, files, now)
    if said is not Answer.DONE:
        return said
    by_customer = who.actor is Actor.CUSTOMER
    named = names_beside(body, [file.name for file in files])
    cases.change(conn, number, now, customer_spoke_last=by_customer)
    steps = after_reply(case.state, who.actor, wait=wait, resolve=resolve)
    pass_through(conn, case, steps, who, now)
    if not by_customer:
        _take_if_free(conn, case, who, now)
        resolved = CaseState.RESOLVED in steps
        mail_reply(conn, letters, case, who, body, wait, now, named, resolved)
    else:
        tell_agents(conn, letters, case, who, body, now, named)
    settle(conn, policy, number, now)
    return Answer.DONE


def add_note(
    db: Database,
    who: Who,
    number: int,
    body: str,
    *,
    submission_id: str | None,
    now: datetime,
    files: Sequence[NewAttachment] = (),
) -> Answer:
    """Add an internal note that, with its files, no customer sees; only agents may."""
    with db.write() as conn:
        return add_note_in(
            conn, who, number, body, submission_id=submission_id, now=now, files=files
        )


def add_note_in(
    conn: Connection,
    who: Who,
    number: int,
    body: str,
    *,
    submission_id: str | None,
    now: datetime,
    files: Sequence[NewAttachment] = (),
) -> Answer:
    """The same inside a transaction, as when an agent puts a mail into a case."""
    if who.actor is Actor.CUSTOMER:
        return Answer.NOT_ALLOWED
    if not body.strip():
        return Answer.EMPTY
    if cases.lock(conn, number) is None:
        return Answer.NOT_FOUND
    said = _say(conn, who, number, MessageKind.NOTE, body, submission_id, files, now)
    if said is Answer.DONE:
        cases.change(conn, number, now)
    return said


def set_state(
    db: Database,
    policy: Policy,
    letters: Letters,
    who: Who,
    number: int,
    to: CaseState,
    now: datetime,
) -> Answer:
    """Bring a case to a state by the steps this actor may take; the requester is mailed what an
    agent changed, unless a new case is only taken up."""
    with db.write() as conn:
        return set_state_in(conn, policy, letters, who, number, to, now)


def set_state_in(
    conn: Connection,
    policy: Policy,
    letters: Letters,
    who: Who,
    number: int,
    to: CaseState,
    now: datetime,
) -> Answer:
    """The same inside a transaction, as when several things of a case change at once."""
    case = open_to(conn, who, number)
    if case is None:
        return Answer.NOT_FOUND
    steps = path(case.state, to, who.actor)
    if steps is None or not may_reply(case.state, who.actor, case.resolved_at, now):
        return Answer.NOT_ALLOWED
    if not steps:
        return Answer.AGAIN
    pass_through(conn, case, steps, who, now)
    if who.actor is Actor.AGENT:
        mail_state(conn, letters, case, to, now)
    settle(conn, policy, number, now)

    return Answer.DONE


def assign(db: Database, who: Who, number: int, assignee_id: int | None, now: datetime) -> Answer:
    """Give a case to an agent, or to nobody; only agents may, and only to agents."""
    with db.write() as conn:
        return assign_in(conn, who, number, assignee_id, now)


def assign_in(
    conn: Connection, who: Who, number: int, assignee_id: int | None, now: datetime
) -> Answer:
    """The same inside a transaction."""
    if who.actor is not Actor.AGENT:
        return Answer.NOT_ALLOWED
    case = cases.lock(conn, number)
    if case is None:
        return Answer.NOT_FOUND
    agent = users.by_id(conn, assignee_id) if assignee_id is not None else None
    if assignee_id is not None and (agent is None or not agent.is_agent):
        return Answer.NOT_ALLOWED
    if case.assignee_id == assignee_id:
        return Answer.AGAIN
    before = users.by_id(conn, case.assignee_id) if case.assignee_id else None
    cases.change(conn, number, now, assignee_id=assignee_id)
    names = (before.name if before else "", agent.name if agent else "")
    note_change(conn, number, who, "assignee", names[0], names[1], now)

    return Answer.DONE


def _say(
    conn: Connection,
    who: Who,
    number: int,
    kind: MessageKind,
    body: str,
    submission_id: str | None,
    files: Sequence[NewAttachment],
    now: datetime,
) -> Answer:
    """Add a message with its files, or nothing of either; the case is locked."""
    form = form_id(submission_id)
    before = attachments.bytes_of(conn, number, besides=form) if files else 0
    if before + sum(file.size for file in files) > CASE_BYTES:
        return Answer.FILES_TOO_LARGE
    said = conversation.say(conn, number, kind, who.actor, who.user_id, body.strip(), now, form)
    if said is None:
        return Answer.AGAIN
    attachments.add(conn, number, said, who.user_id, files, now)
    return Answer.DONE


def _take_if_free(conn: Connection, case: Case, who: Who, now: datetime) -> None:
    """Whoever answers a case of nobody has it from then on; anybody may still go on (R48)."""
    agent = users.by_id(conn, who.user_id) if who.user_id else None
    if case.assignee_id is None and agent and agent.is_agent:
        cases.change(conn, case.number, now, assignee_id=agent.id)
        note_change(conn, case.number, who, "assignee", "", agent.name, now)
