"""Time that technicians worked on cases, and time given beyond the credit (R65)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from kb.rules.technician_time import Entry
from kb.store import rows
from kb.store.database import insert_once
from kb.store.desk_tables import time_clock, time_entry
from kb.store.tables import user


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """One line of a case's time log; with `is_credit` time that was given, and why."""

    id: int
    case_number: int
    user_id: int
    author_name: str
    minutes: int
    is_credit: bool
    is_charged: bool
    words: str
    at: datetime

    @property
    def entry(self) -> Entry:
        return Entry(timedelta(minutes=self.minutes), self.is_credit, self.is_charged)


def of_case(conn: Connection, number: int) -> tuple[TimeEntry, ...]:
    """Return the time log of a case in order."""
    names = ("id", "case_number", "user_id", "minutes", "is_credit", "is_charged", "words", "at")
    query = (
        select(
            *(time_entry.c[name] for name in names),
            (user.c.first_name + " " + user.c.last_name).label("author_name"),
        )
        .join(user, user.c.id == time_entry.c.user_id)
        .where(time_entry.c.case_number == number)
    )
    return rows.many(conn, TimeEntry, query.order_by(time_entry.c.id))


def has_form(conn: Connection, number: int, submission_id: str) -> bool:
    """Tell whether this very form has written a line already."""
    here = (time_entry.c.case_number == number) & (time_entry.c.submission_id == submission_id)
    return conn.execute(select(time_entry.c.id).where(here)).first() is not None


def add(
    conn: Connection,
    number: int,
    user_id: int,
    entry: Entry,
    words: str,
    submission_id: str,
    now: datetime,
) -> bool:
    """Write a line; False when this very form wrote it already."""
    values = {
        "case_number": number,
        "user_id": user_id,
        "minutes": int(entry.time.total_seconds() // 60),
        "is_credit": entry.is_credit,
        "is_charged": entry.is_charged,
        "words": words,
        "submission_id": submission_id,
        "at": now,
    }
    return insert_once(conn, time_entry, values) is not None


def start_clock(conn: Connection, number: int, user_id: int, now: datetime) -> bool:
    """Note since when somebody works on a case; False when their clock runs already."""
    values = {"case_number": number, "user_id": user_id, "started_at": now}
    return insert_once(conn, time_clock, values) is not None


def stop_clock(conn: Connection, number: int, user_id: int) -> bool:
    """Forget since when; False when no clock ran."""
    here = (time_clock.c.case_number == number) & (time_clock.c.user_id == user_id)
    return conn.execute(delete(time_clock).where(here)).rowcount == 1


def clock_of(conn: Connection, number: int, user_id: int) -> datetime | None:
    """Return since when somebody works on a case; None where their clock stands still."""
    here = (time_clock.c.case_number == number) & (time_clock.c.user_id == user_id)
    since: datetime | None = conn.execute(
        select(time_clock.c.started_at).where(here)
    ).scalar_one_or_none()
    return since
