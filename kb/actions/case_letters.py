"""What the requester of a case is mailed of an agent's work on it (R46)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from kb.actions.case_steps import Who
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.cases import GUARANTEE, CaseState
from kb.rules.chat import goes_by_mail
from kb.store import chats, users
from kb.store.cases import Case


def mail_reply(
    conn: Connection,
    letters: Letters,
    case: Case,
    who: Who,
    body: str,
    wait: bool,
    now: datetime,
    files: str = "",
    resolved: bool = False,
) -> None:
    """Mail an agent's reply to the requester (R46), unless it is read in the chat now (R40); one
    that resolves the case says so in the same mail, and of the chat's only that is mailed.
    Files stay in the case; `files` are their names."""
    if not goes_by_mail(chats.state_of(conn, case.number)):
        if resolved:
            mail_state(conn, letters, case, CaseState.RESOLVED, now)
        return
    author = users.by_id(conn, who.user_id) if who.user_id else None
    name = author.name if author else ""
    mail_requester(
        conn,
        letters,
        "case-reply",
        case,
        now,
        author=name,
        body=body.strip(),
        files=files,
        waiting=wait and not resolved,
        resolved=GUARANTEE.days if resolved else None,
    )


def mail_state(
    conn: Connection, letters: Letters, case: Case, to: CaseState, now: datetime
) -> None:
    """Mail to what state an agent brought the case, unless it is only taken up."""
    if to is CaseState.RESOLVED:
        mail_requester(conn, letters, "case-resolved", case, now, days=GUARANTEE.days)
    elif not (case.state is CaseState.NEW and to is CaseState.OPEN):
        mail_requester(conn, letters, "case-state", case, now, state=str(to))


def mail_requester(
    conn: Connection, letters: Letters, kind: str, case: Case, now: datetime, **said: Any
) -> None:
    """Write to the requester, in the language the case was opened in."""
    requester = users.by_id(conn, case.user_id)
    if requester is None or requester.deleted_at:
        return
    letter = letters.write(
        kind,
        case.lang,
        requester.email,
        case_number=case.number,
        path=f"my/cases/{case.number}",
        first_name=requester.first_name,
        title=case.title,
        **said,
    )
    queue(conn, letter, now)
