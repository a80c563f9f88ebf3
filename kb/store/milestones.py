"""Promises of cases: when they fall due, when they were kept, whether agents were told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from kb.rules.milestones import MilestoneKind, Promise
from kb.store import rows
from kb.store.case_tables import case_milestone
from kb.store.cases import NO_TIME
from kb.store.tables import case


@dataclass(frozen=True, slots=True)
class Milestone:
    """A promise of a case; without `due_at` it is paused and has `left_seconds` left.

    `warned_at` and `breached_at` are when the agents were told that it is near, or late."""

    id: int
    case_number: int
    kind: MilestoneKind
    calendar: str
    started_at: datetime
    target_seconds: int
    due_at: datetime | None
    left_seconds: int | None
    met_at: datetime | None
    warned_at: datetime | None
    breached_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", MilestoneKind(self.kind))


# Made once: making a statement anew takes longer than running it.
_OF_CASE = (
    select(case_milestone)
    .where(case_milestone.c.case_number == bindparam("number"))
    .order_by(case_milestone.c.started_at, case_milestone.c.id)
)
_KEEP = insert(case_milestone)
_OWED = select(func.min(case_milestone.c.due_at)).where(
    case_milestone.c.case_number == bindparam("number"), case_milestone.c.met_at.is_(None)
)
_NOTE_OWED = update(case).where(case.c.number == bindparam("_number"))


def of_case(conn: Connection, number: int) -> tuple[Milestone, ...]:
    """Return the promises of a case in the order in which they began."""
    return rows.many(conn, Milestone, _OF_CASE, number=number)


def begin(conn: Connection, number: int, calendar: str, made: Sequence[Promise]) -> None:
    """Write the promises of a new case, whose row says already which is owed first."""
    told = [
        {
            "case_number": number,
            "kind": str(promise.kind),
            "started_at": promise.started_at,
            **_as_it_is(calendar, promise),
        }
        for promise in made
    ]
    if told:
        conn.execute(_KEEP, told)


def _as_it_is(calendar: str, promise: Promise) -> dict[str, Any]:
    return {
        "calendar": calendar,
        "target_seconds": int(promise.target.total_seconds()),
        "due_at": promise.due_at,
        "left_seconds": None if promise.left is None else int(promise.left.total_seconds()),
        "met_at": promise.met_at,
    }


def keep(
    conn: Connection, number: int, calendar: str, promise: Promise, stored: Milestone | None
) -> None:
    """Write a promise as it is now; whom a moved time concerns is told of it anew."""
    values = _as_it_is(calendar, promise)
    if stored is None:
        key = {
            "case_number": number,
            "kind": str(promise.kind),
            "started_at": promise.started_at,
        }
        conn.execute(_KEEP, {**key, **values})
        _note_owed(conn, number)
        return
    told = {"warned_at": None, "breached_at": None} if promise.due_at != stored.due_at else {}
    if any(values[name] != getattr(stored, name) for name in values):
        here = case_milestone.c.id == stored.id
        conn.execute(update(case_milestone).where(here).values(**values, **told))
        _note_owed(conn, number)


def meet(conn: Connection, milestone: Milestone, now: datetime) -> None:
    """Mark a promise as kept, as it was."""
    here = case_milestone.c.id == milestone.id
    conn.execute(update(case_milestone).where(here).values(met_at=now))
    _note_owed(conn, milestone.case_number)


def drop(conn: Connection, milestone: Milestone) -> None:
    """Take back a promise that the new terms do not make."""
    conn.execute(delete(case_milestone).where(case_milestone.c.id == milestone.id))
    _note_owed(conn, milestone.case_number)


def to_warn(conn: Connection, now: datetime, near: timedelta) -> tuple[Milestone, ...]:
    """Return the promises that are near their time, which nobody was told yet."""
    when = (case_milestone.c.due_at >= now) & (case_milestone.c.due_at <= now + near)
    told = case_milestone.c.warned_at.is_(None) & case_milestone.c.breached_at.is_(None)
    return _open(conn, when & told)


def to_escalate(conn: Connection, now: datetime) -> tuple[Milestone, ...]:
    """Return the promises past their time, which nobody was told yet."""
    return _open(conn, (case_milestone.c.due_at < now) & case_milestone.c.breached_at.is_(None))


def warned(conn: Connection, milestone: Milestone, now: datetime) -> bool:
    """Note that the agents are told it is near; False when another worker was first."""
    return _note(conn, milestone, "warned_at", now)


def breached(conn: Connection, milestone: Milestone, now: datetime) -> bool:
    """Note that the agents are told it is late; False when another worker was first."""
    return _note(conn, milestone, "breached_at", now)


def _note_owed(conn: Connection, number: int) -> None:
    """Keep the earliest promise owed in the case, by which the queue is sorted."""
    found = conn.execute(_OWED, {"number": number}).scalar_one_or_none() or NO_TIME
    conn.execute(_NOTE_OWED, {"_number": number, "owed_at": found})


def _note(conn: Connection, milestone: Milestone, column: str, now: datetime) -> bool:
    """Note it once, and only while the promise still is what it was when it was looked at."""
    here = (
        (case_milestone.c.id == milestone.id)
        & case_milestone.c[column].is_(None)
        & case_milestone.c.met_at.is_(None)
        & (case_milestone.c.due_at == milestone.due_at)
    )
    return conn.execute(update(case_milestone).where(here).values({column: now})).rowcount == 1


def _open(conn: Connection, when: ColumnElement[bool]) -> tuple[Milestone, ...]:
    query = select(case_milestone).where(when, case_milestone.c.met_at.is_(None))
    return rows.many(conn, Milestone, query.order_by(case_milestone.c.due_at, "id").limit(100))
