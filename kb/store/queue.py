"""The agents' queue: cases by urgency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from kb.rules.cases import ALIVE, CaseState
from kb.store import rows
from kb.store.case_tables import case_milestone
from kb.store.tables import case, user

_requester = user.alias("requester")
_assignee = user.alias("assignee")
_owed = (
    select(func.min(case_milestone.c.due_at))
    .where(case_milestone.c.case_number == case.c.number, case_milestone.c.met_at.is_(None))
    .correlate(case)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What an agent wants to see; empty means everything that is alive."""

    states: tuple[CaseState, ...] = ALIVE
    request: str = ""
    severity: str = ""
    assignee_id: int | None = None
    unassigned: bool = False
    customer_spoke_last: bool | None = None
    words: str = ""

    def __post_init__(self) -> None:
        # These come from an address; PostgreSQL refuses the zero character even in a question.
        for name in ("request", "severity", "words"):
            object.__setattr__(self, name, getattr(self, name).replace("\x00", ""))


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case of the queue; `due_at` is the earliest promise still owed, None when no time is
    promised, all promises are kept or the only one waits for the customer."""

    number: int
    title: str
    state: CaseState
    severity: str
    request: str
    topic: str
    channel: str
    lang: str
    product: str | None
    version: str | None
    plan: str | None
    requester_name: str
    assignee_id: int | None
    assignee_name: str
    customer_spoke_last: bool
    due_at: datetime | None
    opened_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", CaseState(self.state))


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Numbers beside the queue's names: living cases of mine, answered by the customer, of
    nobody, and by request."""

    mine: int
    replied: int
    unassigned: int
    total: int
    by_request: Mapping[str, int]


def page(conn: Connection, wanted: QueueFilter, *, offset: int, limit: int) -> tuple[QueueRow, ...]:
    """Return a page of cases, the most urgent first: owed soonest, severity, longest waiting."""
    query = (
        _rows()
        .where(*_conditions(wanted))
        .order_by(_owed.nulls_last(), case.c.severity, case.c.updated_at)
        .order_by(case.c.number)
        .offset(offset)
        .limit(limit)
    )
    return rows.many(conn, QueueRow, query)


def count(conn: Connection, wanted: QueueFilter) -> int:
    """Return how many cases the filter finds."""
    query = select(func.count()).select_from(
        case.join(_requester, _requester.c.id == case.c.user_id)
    )
    return rows.number_of(conn, query.where(*_conditions(wanted)))


def counts(conn: Connection, agent_id: int) -> QueueCounts:
    """Count the living cases for the list of queues."""
    alive = case.c.state.in_([str(state) for state in ALIVE])
    mine = case.c.assignee_id == agent_id
    query = select(
        case.c.request,
        func.count().label("total"),
        func.count().filter(mine).label("mine"),
        func.count().filter(and_(mine, case.c.customer_spoke_last)).label("replied"),
        func.count().filter(case.c.assignee_id.is_(None)).label("unassigned"),
    )
    found = conn.execute(query.where(alive).group_by(case.c.request)).mappings().all()
    return QueueCounts(
        mine=sum(row["mine"] for row in found),
        replied=sum(row["replied"] for row in found),
        unassigned=sum(row["unassigned"] for row in found),
        total=sum(row["total"] for row in found),
        by_request={row["request"]: row["total"] for row in found},
    )


def _rows() -> Select[Any]:
    return (
        select(
            *(case.c[name] for name in _CASE_COLUMNS),
            (_requester.c.first_name + " " + _requester.c.last_name).label("requester_name"),
            func.coalesce(_assignee.c.first_name + " " + _assignee.c.last_name, "").label(
                "assignee_name"
            ),
            _owed.label("due_at"),
        )
        .join(_requester, _requester.c.id == case.c.user_id)
        .join(_assignee, _assignee.c.id == case.c.assignee_id, isouter=True)
    )


_CASE_COLUMNS = (
    "number",
    "title",
    "state",
    "severity",
    "request",
    "topic",
    "channel",
    "lang",
    "product",
    "version",
    "plan",
    "assignee_id",
    "customer_spoke_last",
    "opened_at",
    "updated_at",
)


def _conditions(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        case.c.state.in_([str(state) for state in wanted.states])
    ]
    if wanted.request:
        conditions.append(case.c.request == wanted.request)
    if wanted.severity:
        conditions.append(case.c.severity == wanted.severity)
    if wanted.assignee_id is not None:
        conditions.append(case.c.assignee_id == wanted.assignee_id)
    if wanted.unassigned:
        conditions.append(case.c.assignee_id.is_(None))
    if wanted.customer_spoke_last is not None:
        conditions.append(case.c.customer_spoke_last == wanted.customer_spoke_last)
    for word in wanted.words.split()[:8]:
        conditions.append(_says(word))
    return conditions


def _says(word: str) -> ColumnElement[bool]:
    """A word is part of the title or the requester, or it is the case's number."""
    places = [
        case.c.title.icontains(word, autoescape=True),
        _requester.c.email_key.icontains(word, autoescape=True),
        (_requester.c.first_name + " " + _requester.c.last_name).icontains(word, autoescape=True),
    ]
    digits = word.lstrip("#")
    if digits.isdecimal() and len(digits) < 16:
        places.append(case.c.number == int(digits))
    return or_(*places)
