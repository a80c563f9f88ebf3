"""How to see a customer's screen (R68): given in the case, sealed, never mailed, soon forgotten."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.actions.case_steps import Answer, Who, note_change, open_to
from kb.actions.sealing import seal, unseal
from kb.store import Database, cases, remote_sessions
from kb.store.remote_sessions import SealedSession

LASTS = timedelta(hours=2)
LONGEST = 100  # characters of each part
_PURPOSE = "remote-session"


@dataclass(frozen=True, slots=True)
class RemoteSession:
    """The tool the customer has started, the number it shows and its password."""

    tool: str
    id: str
    password: str
    expires_at: datetime


def give_session(
    db: Database,
    secret: str,
    who: Who,
    number: int,
    *,
    tool: str,
    id_: str,
    password: str,
    now: datetime,
) -> Answer:
    """Keep the details for two hours in place of those before; the case's story says that they
    were given, never what they are. EMPTY: the tool or its number is missing."""
    parts = [" ".join(part.split())[:LONGEST] for part in (tool, id_, password)]
    if who.user_id is None:
        return Answer.NOT_FOUND
    if not parts[0] or not parts[1]:
        return Answer.EMPTY
    sealed = seal(secret, _PURPOSE, json.dumps([number, *parts]).encode())
    with db.write() as conn:
        case = open_to(conn, who, number)
        if case is None:
            return Answer.NOT_FOUND
        if not case.is_alive:
            return Answer.CLOSED
        session = SealedSession(number, who.user_id, sealed, now, now + LASTS)
        remote_sessions.put(conn, session)
        note_change(conn, number, who, "remote", "", "given", now)
        cases.change(conn, number, now)
    return Answer.DONE


def session_of(db: Database, secret: str, number: int, now: datetime) -> RemoteSession | None:
    """Return the session of a case that the caller has found, or None once it has expired."""
    with db.read() as conn:
        kept = remote_sessions.of_case(conn, number, now)
    opened = unseal(secret, _PURPOSE, kept.sealed) if kept else None
    if kept is None or opened is None:
        return None
    of, tool, id_, password = json.loads(opened)
    return RemoteSession(tool, id_, password, kept.expires_at) if of == number else None


def end_session(db: Database, who: Who, number: int, now: datetime) -> Answer:
    """Forget the session before its time."""
    with db.write() as conn:
        case = open_to(conn, who, number)
        if case is None:
            return Answer.NOT_FOUND
        if not remote_sessions.end(conn, number):
            return Answer.AGAIN
        note_change(conn, number, who, "remote", "given", "ended", now)
    return Answer.DONE
