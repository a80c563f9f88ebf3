"""Complaints about the service, each about one case (R70)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from kb.store import rows
from kb.store.case_tables import complaint
from kb.store.database import insert_once


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody complained of; `name` is its number, which quotes the case's."""

    id: int
    case_number: int
    ordinal: int
    user_id: int
    submission_id: str
    text: str
    lang: str
    at: datetime

    @property
    def name(self) -> str:
        return f"{self.case_number}-{self.ordinal}"


def add(
    conn: Connection,
    number: int,
    user_id: int,
    *,
    submission_id: str,
    text: str,
    lang: str,
    now: datetime,
) -> Complaint | None:
    """Keep a complaint under the next number of its case; None when this very form made one. The
    case is locked, so no two get the same number."""
    before = select(func.count()).where(complaint.c.case_number == number)
    values = {
        "case_number": number,
        "ordinal": rows.number_of(conn, before) + 1,
        "user_id": user_id,
        "submission_id": submission_id,
        "text": text,
        "lang": lang,
        "at": now,
    }
    made = insert_once(conn, complaint, values)
    if made is None:
        return None
    return rows.one(conn, Complaint, select(complaint).where(complaint.c.id == made))


def of_case(conn: Connection, number: int) -> tuple[Complaint, ...]:
    """Return the complaints about a case, in order."""
    query = select(complaint).where(complaint.c.case_number == number)
    return rows.many(conn, Complaint, query.order_by(complaint.c.ordinal))
