"""What every change of a case does: whose it is, its states, its events (R48, R49)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from kb.rules.cases import Actor, CaseState
from kb.store import audit, cases, conversation
from kb.store.cases import Case


@dataclass(frozen=True, slots=True)
class Who:
    """Who is working on the case, and as what; the system is nobody."""

    actor: Actor
    user_id: int | None


SYSTEM = Who(Actor.SYSTEM, None)


class Answer(StrEnum):
    """How it ended. NOT_FOUND is also the answer about somebody else's case; AGAIN means that
    this very form was taken before and nothing was added; FILES_TOO_LARGE that the case takes
    no more files, since another message has just brought some; OVERTAKEN that somebody else has
    spoken since the writer looked."""

    DONE = "done"
    AGAIN = "again"
    NOT_FOUND = "not-found"
    EMPTY = "empty"
    CLOSED = "closed"
    NOT_ALLOWED = "not-allowed"
    FILES_TOO_LARGE = "files-too-large"
    OVERTAKEN = "overtaken"


def form_id(submission_id: str | None) -> str | None:
    """Return the part of a form's id that is kept: ours are shorter, and an index has limits."""
    return submission_id[:64].replace("\x00", "") if submission_id else None


def open_to(conn: Connection, who: Who, number: int) -> Case | None:
    """The case, locked, if this person may work on it at all."""
    case = cases.lock(conn, number)
    if who.actor is not Actor.CUSTOMER:
        return case
    mine = who.user_id is not None and cases.of_owner(conn, number, who.user_id)
    return case if mine else None


def pass_through(
    conn: Connection, case: Case, steps: tuple[CaseState, ...], who: Who, now: datetime
) -> None:
    """Take steps that were found allowed; each is an event."""
    before = case.state
    for state in steps:
        note_change(conn, case.number, who, "state", str(before), str(state), now)
        before = state
    if steps:
        cases.change(conn, case.number, now, state=str(before), **_times(before, case, now))


def _times(state: CaseState, case: Case, now: datetime) -> dict[str, Any]:
    """When it was resolved and closed; a case that lives again is neither."""
    if state is CaseState.RESOLVED:
        return {"resolved_at": now, "closed_at": None}
    if state is CaseState.CLOSED:
        return {"resolved_at": case.resolved_at or now, "closed_at": now}
    return {"resolved_at": None, "closed_at": None}


def note_change(
    conn: Connection,
    number: int,
    who: Who,
    what: str,
    before: str,
    after: str,
    now: datetime,
    **further: str,
) -> None:
    """Record a change in the story of the case and in the journal: who, when, before, after."""
    event = {"what": what, "before": before, "after": after, **further}
    conversation.record(conn, number, who.actor, who.user_id, event, now)
    audit.record(
        conn, who.user_id, f"case.{what}", f"case:{number}", now, before=before, after=after
    )
