"""The agents' queue: cases by urgency, at any number of them.

Every order has its index, so a page reads its own rows and no more; numbers beside names are
counted up to COUNTED only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, func, select, true

from kb.rules.cases import ALIVE, FINISHED, CaseState
from kb.store import case_search, rows
from kb.store.cases import NO_TIME
from kb.store.desk_tables import case_tag
from kb.store.tables import case, user

COUNTED = 1000  # what is more is “more than”: nobody reads on, and counting it costs
FOUND = 200  # the same of a search, where each match must be looked at

_requester = user.alias("requester")
_assignee = user.alias("assignee")


class Sort(StrEnum):
    """The orders of the queue; words that were searched for are found newest first."""

    DUE = "due"
    SEVERITY = "severity"
    UPDATED = "updated"
    NEWEST = "newest"
    OLDEST = "oldest"


_ORDERS: Mapping[Sort, tuple[ColumnElement[Any], ...]] = {
    Sort.DUE: (case.c.owed_at, case.c.turn, case.c.severity, case.c.number),
    Sort.SEVERITY: (case.c.severity, case.c.owed_at, case.c.turn, case.c.number),
    Sort.UPDATED: (case.c.updated_at.desc(),),
    Sort.NEWEST: (case.c.opened_at.desc(),),
    Sort.OLDEST: (case.c.opened_at,),
}


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What an agent wants to see; empty means everything that is alive. The earliest promise owed
    falls due from `due_from` on and before `due_before`; `NO_TIME` is owing none."""

    states: tuple[CaseState, ...] = ALIVE
    request: str = ""
    severity: str = ""
    product: str = ""
    lang: str = ""
    tag: str = ""
    assignee_id: int | None = None
    unassigned: bool = False
    customer_spoke_last: bool | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    words: str = ""
    beginning: bool = False  # the last of `words` is only a beginning
    sort: Sort = Sort.DUE

    def __post_init__(self) -> None:
        # These come from an address; PostgreSQL refuses the zero character even in a question.
        for name in ("request", "severity", "product", "lang", "tag", "words"):
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
        object.__setattr__(self, "due_at", None if self.due_at == NO_TIME else self.due_at)


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Numbers beside the queue's names: living cases of mine, answered by the customer, of
    nobody, and by request; each COUNTED at most."""

    mine: int
    replied: int
    unassigned: int
    total: int
    by_request: Mapping[str, int]


def page(
    conn: Connection, wanted: QueueFilter, *, offset: int, limit: int, few: bool = False
) -> tuple[QueueRow, ...]:
    """Return a page of cases in the order wanted: owed soonest, then by turn (R14), severity, the
    oldest first; those with the words searched for from the newest on. `few` says that there are
    less than FOUND."""
    query = _chosen(conn, wanted)
    order = _newest(conn, few) if _searches(conn, wanted) else _ORDERS[wanted.sort]
    numbers = conn.execute(query.order_by(*order).offset(offset).limit(limit)).scalars().all()
    return _rows(conn, numbers)


def count(conn: Connection, wanted: QueueFilter, most: int | None = COUNTED) -> int:
    """Return how many cases the filter finds, `most` at most."""
    found = _chosen(conn, wanted).limit(most).subquery()
    return rows.number_of(conn, select(func.count()).select_from(found))


def numbers_below(
    conn: Connection, wanted: QueueFilter, before: int | None, limit: int
) -> tuple[int, ...]:
    """Return the numbers of cases that a filter finds, from the newest on and below `before`, to
    walk through all of them."""
    query = _chosen(conn, wanted)
    if before is not None:
        query = query.where(case.c.number < before)
    found = conn.execute(query.order_by(case.c.number.desc()).limit(limit)).scalars()
    return tuple(found)


def counts(conn: Connection, agent_id: int, requests: Sequence[str]) -> QueueCounts:
    """Count the living cases for the list of queues, in one question."""
    alive, mine = case.c.alive == true(), case.c.assignee_id == agent_id
    wanted = {
        "total": alive,
        "mine": alive & mine,
        "replied": alive & mine & (case.c.customer_spoke_last == true()),
        "unassigned": alive & case.c.assignee_id.is_(None),
    }
    parts = [_up_to(where).label(name) for name, where in wanted.items()]
    parts += [
        _up_to(alive & (case.c.request == one)).label(f"of_{place}")
        for place, one in enumerate(requests)
    ]
    found = conn.execute(select(*parts)).mappings().one()
    return QueueCounts(
        mine=found["mine"],
        replied=found["replied"],
        unassigned=found["unassigned"],
        total=found["total"],
        by_request={one: found[f"of_{place}"] for place, one in enumerate(requests)},
    )


def _up_to(where: ColumnElement[bool]) -> Any:
    limited = select(case.c.number).where(where).limit(COUNTED).subquery()
    return select(func.count()).select_from(limited).scalar_subquery()


def _rows(conn: Connection, numbers: Sequence[int]) -> tuple[QueueRow, ...]:
    """The rows of these cases in this order; their people are looked up for them alone."""
    query = (
        select(
            *(case.c[name] for name in _CASE_COLUMNS),
            case.c.owed_at.label("due_at"),
            (_requester.c.first_name + " " + _requester.c.last_name).label("requester_name"),
            func.coalesce(_assignee.c.first_name + " " + _assignee.c.last_name, "").label(
                "assignee_name"
            ),
        )
        .join(_requester, _requester.c.id == case.c.user_id)
        .join(_assignee, _assignee.c.id == case.c.assignee_id, isouter=True)
        .where(case.c.number.in_(numbers))
    )
    found = {row.number: row for row in rows.many(conn, QueueRow, query)}
    return tuple(found[number] for number in numbers if number in found)


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


def _newest(conn: Connection, few: bool) -> tuple[ColumnElement[Any], ...]:
    """Newest first. PostgreSQL cannot guess how rare the beginning of a word is and would read all
    cases backwards for the few that have it; a sum hides the index that tempts it."""
    number = case_search.key(conn)
    return ((number + 0).desc(),) if few else (number.desc(),)


def _searches(conn: Connection, wanted: QueueFilter) -> bool:
    return case_search.matches(conn, wanted.words) is not None


def _chosen(conn: Connection, wanted: QueueFilter) -> Select[Any]:
    """The numbers a filter chooses; a search begins at the words and not at the cases."""
    query = select(case.c.number).where(*conditions(wanted))
    said = case_search.matches(conn, wanted.words, beginning=wanted.beginning)
    if said is None:
        return query.where(false()) if wanted.words.strip() else query
    words = case_search.key(conn)
    return query.select_from(words.table.join(case, case.c.number == words)).where(said)


def conditions(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """Return what a case must be to be found by a filter, words aside."""
    asked = _of_states(wanted.states)
    for name in ("request", "severity", "product", "lang"):
        if chosen := getattr(wanted, name):
            asked.append(case.c[name] == chosen)
    if wanted.assignee_id is not None:
        asked.append(case.c.assignee_id == wanted.assignee_id)
    if wanted.unassigned:
        asked.append(case.c.assignee_id.is_(None))
    if wanted.customer_spoke_last is not None:
        asked.append(case.c.customer_spoke_last == wanted.customer_spoke_last)
    if wanted.due_from is not None:
        asked.append(case.c.owed_at >= wanted.due_from)
    if wanted.due_before is not None:
        asked.append(case.c.owed_at < wanted.due_before)
    if wanted.tag:
        tagged = select(case_tag.c.case_number).where(case_tag.c.tag == wanted.tag)
        asked.append(case.c.number.in_(tagged))
    return asked


def _of_states(states: tuple[CaseState, ...]) -> list[ColumnElement[bool]]:
    """The states in the way that an index answers: one, all living, all finished, or some."""
    if set(states) == set(CaseState):
        return []
    if set(states) in (set(ALIVE), set(FINISHED)):
        return [case.c.alive == (states[0] in ALIVE)]
    if len(states) == 1:
        return [case.c.state == str(states[0])]
    return [case.c.state.in_([str(state) for state in states])]


def alive_of(conn: Connection, agent_id: int) -> tuple[int, ...]:
    """Return the numbers of the living cases that an agent has."""
    mine = (case.c.alive == true(), case.c.assignee_id == agent_id)
    return tuple(conn.execute(select(case.c.number).where(*mine).order_by(case.c.number)).scalars())
