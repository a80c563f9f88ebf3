"""Giving a case to a colleague, who is told."""

from datetime import datetime

from kb.actions.case_steps import Answer, Who
from kb.actions.case_work import assign_in
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.store import Database, cases, users


def give(
    db: Database, letters: Letters, who: Who, number: int, agent_id: int | None, now: datetime
) -> Answer:
    """Assign a case, or give it back to the queue with None; a colleague who gets it is mailed in
    the same transaction, nobody of what they took themselves."""
    with db.write() as conn:
        given = assign_in(conn, who, number, agent_id, now)
        case = cases.by_number(conn, number)
        agent = users.by_id(conn, agent_id) if agent_id is not None else None
        if given is not Answer.DONE or case is None or agent is None or agent_id == who.user_id:
            return given
        author = users.by_id(conn, who.user_id) if who.user_id else None
        letter = letters.write(
            "agent-given",
            agent.lang,
            agent.email,
            path=f"desk/cases/{number}",
            case=number,
            title=case.title,
            author=author.name if author else "",
        )
        queue(conn, letter, now)
    return given
