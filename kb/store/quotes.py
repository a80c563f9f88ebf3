"""Quotes that sales make in cases (R71)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select, update

from kb.rules.quotes import QuoteLine, QuoteState, total
from kb.store import rows
from kb.store.database import insert_once
from kb.store.desk_tables import quote
from kb.store.tables import case, user


@dataclass(frozen=True, slots=True)
class Quote:
    """One quote as it was made; `terms` tell of delivery, installation and warranty."""

    id: int
    case_number: int
    user_id: int
    lines: tuple[QuoteLine, ...]
    amount: Decimal
    currency: str
    terms: str
    state: QuoteState
    valid_until: datetime
    submission_id: str
    at: datetime
    answered_at: datetime | None
    answered_by: int | None

    def __post_init__(self) -> None:
        read: Any = self.lines
        lines = tuple(QuoteLine(one["what"], Decimal(one["amount"])) for one in read)
        object.__setattr__(self, "lines", lines)
        object.__setattr__(self, "amount", Decimal(self.amount))
        object.__setattr__(self, "state", QuoteState(self.state))


def of_case(conn: Connection, number: int) -> tuple[Quote, ...]:
    """Return the quotes of a case, the newest last."""
    query = select(quote).where(quote.c.case_number == number)
    return rows.many(conn, Quote, query.order_by(quote.c.id))


def by_id(conn: Connection, number: int, id_: int) -> Quote | None:
    """Find a quote of this case; the case is locked by whoever changes it."""
    query = select(quote).where(quote.c.case_number == number, quote.c.id == id_)
    return rows.one(conn, Quote, query)


@dataclass(frozen=True, slots=True)
class QuoteAt:
    """A quote with its case and whom it was made for."""

    quote: Quote
    title: str
    customer: str


def listed(
    conn: Connection, states: Sequence[QuoteState], *, offset: int, limit: int
) -> tuple[QuoteAt, ...]:
    """Return the quotes of all cases in these states, the newest first."""
    name = func.trim(user.c.first_name + " " + user.c.last_name)
    query = (
        select(quote, case.c.title.label("case_title"), name.label("customer"))
        .join(case, case.c.number == quote.c.case_number)
        .join(user, user.c.id == case.c.user_id)
        .where(quote.c.state.in_([str(state) for state in states]))
        .order_by(quote.c.id.desc())
    )
    found = []
    for row in conn.execute(query.offset(offset).limit(limit)).mappings():
        said = dict(row)
        title, customer = said.pop("case_title"), said.pop("customer")
        found.append(QuoteAt(Quote(**said), title, customer))
    return tuple(found)


def count(conn: Connection, state: QuoteState) -> int:
    """Return how many quotes are in a state, 1000 at most."""
    found = select(quote.c.id).where(quote.c.state == str(state)).limit(1000).subquery()
    return rows.number_of(conn, select(func.count()).select_from(found))


def case_of(conn: Connection, id_: int) -> int | None:
    """Return the number of the case a quote was made in."""
    number: int | None = conn.execute(
        select(quote.c.case_number).where(quote.c.id == id_)
    ).scalar_one_or_none()
    return number


def deliver(conn: Connection, id_: int) -> bool:
    """Write that what was accepted is delivered; False when it was not accepted, or is already."""
    here = (quote.c.id == id_) & (quote.c.state == str(QuoteState.ACCEPTED))
    statement = update(quote).where(here).values(state=str(QuoteState.DELIVERED))
    return conn.execute(statement).rowcount == 1


def add(
    conn: Connection,
    number: int,
    user_id: int,
    lines: Sequence[QuoteLine],
    *,
    currency: str,
    terms: str,
    valid_until: datetime,
    submission_id: str,
    now: datetime,
) -> int | None:
    """Make a quote; None when this very form made it already."""
    values = {
        "case_number": number,
        "user_id": user_id,
        "lines": [{"what": line.what, "amount": str(line.amount)} for line in lines],
        "amount": str(total(lines)),
        "currency": currency,
        "terms": terms,
        "state": str(QuoteState.OFFERED),
        "valid_until": valid_until,
        "submission_id": submission_id,
        "at": now,
    }
    return insert_once(conn, quote, values)


def answer(conn: Connection, id_: int, state: QuoteState, by: int | None, now: datetime) -> bool:
    """Write how a quote ended; False when it was no longer open."""
    here = (quote.c.id == id_) & (quote.c.state == str(QuoteState.OFFERED))
    values = {"state": str(state), "answered_at": now, "answered_by": by}
    return conn.execute(update(quote).where(here).values(values)).rowcount == 1
