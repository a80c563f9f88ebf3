"""Telling colleagues that a note names them."""

from datetime import datetime

from kb.actions.case_steps import Answer, Who
from kb.actions.case_work import add_note_in
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.mentions import mentioned, unclear
from kb.store import Database, cases, users
from kb.store.attachments import NewAttachment


def named_in(db: Database, who: Who, body: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the colleagues whom a note of this agent is mailed to, and what it
    writes with an @ that names no one colleague."""
    with db.read() as conn:
        agents = {one.id: one for one in users.agents(conn)}
    people = {id_: (one.name, one.email) for id_, one in agents.items()}
    told = sorted(mentioned(body, people) - {who.user_id})
    return tuple(agents[id_].name for id_ in told), unclear(body, people)


def add_note_and_tell(
    db: Database,
    letters: Letters,
    who: Who,
    number: int,
    body: str,
    *,
    submission_id: str | None,
    now: datetime,
    files: tuple[NewAttachment, ...] = (),
) -> Answer:
    """Add an internal note, and mail in the same transaction the colleagues that it names; the
    mail does not hold the note."""
    with db.write() as conn:
        added = add_note_in(
            conn, who, number, body, submission_id=submission_id, now=now, files=files
        )
        case = cases.by_number(conn, number)
        if added is not Answer.DONE or case is None or "@" not in body:
            return added
        agents = {one.id: one for one in users.agents(conn)}
        named = mentioned(body, {id_: (one.name, one.email) for id_, one in agents.items()})
        author = agents.get(who.user_id or 0)
        for id_ in sorted(named - {who.user_id}):
            letter = letters.write(
                "agent-mention",
                agents[id_].lang,
                agents[id_].email,
                path=f"desk/cases/{number}",
                case=number,
                title=case.title,
                author=author.name if author else "",
            )
            queue(conn, letter, now)
    return added
