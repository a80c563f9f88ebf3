"""Cases one after another by number, for programs: a page after a number, or all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from kb.rules.cases import CaseState
from kb.store import rows
from kb.store.cases import Case
from kb.store.desk_tables import case_tag
from kb.store.organisations import sees_case
from kb.store.tables import case, case_message


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases a program wants; empty means all. `seen_by` is a customer, who sees no more
    than on the pages."""

    states: tuple[CaseState, ...] = ()
    severities: tuple[str, ...] = ()
    request: str = ""
    product: str = ""
    tag: str = ""
    customer_id: int | None = None
    assignee_id: int | None = None
    unassigned: bool = False
    opened_since: datetime | None = None
    updated_since: datetime | None = None
    seen_by: int | None = None


_LAST_LINE = select(func.coalesce(func.max(case_message.c.id), 0)).where(
    case_message.c.case_number == bindparam("number")
)


def page(conn: Connection, wanted: CaseQuery, before: int | None, limit: int) -> tuple[Case, ...]:
    """Return the newest cases with a number below `before`, newest first."""
    query = select(case).where(*_conditions(wanted))
    if before is not None:
        query = query.where(case.c.number < before)
    return rows.many(conn, Case, query.order_by(case.c.number.desc()).limit(limit))


def tags_of(conn: Connection, numbers: list[int]) -> dict[int, list[str]]:
    """Return the tags of several cases in their alphabet."""
    query = select(case_tag.c.case_number, case_tag.c.tag).where(
        case_tag.c.case_number.in_(numbers)
    )
    found: dict[int, list[str]] = {}
    for number, tag in conn.execute(query.order_by(case_tag.c.tag)):
        found.setdefault(number, []).append(tag)
    return found


def version_of(conn: Connection, number: int, updated_at: datetime) -> str:
    """Name the state of a case: every change adds a line to its story, or touches its row."""
    last = conn.execute(_LAST_LINE, {"number": number}).scalar_one()
    return f"{last}-{int(updated_at.timestamp() * 1_000_000):x}"


def _conditions(wanted: CaseQuery) -> Iterator[ColumnElement[bool]]:
    if wanted.seen_by is not None:
        yield sees_case(wanted.seen_by)
    if wanted.states:
        yield case.c.state.in_([str(one) for one in wanted.states])
    if wanted.severities:
        yield case.c.severity.in_(wanted.severities)
    if wanted.tag:
        tagged = select(case_tag.c.case_number).where(case_tag.c.tag == wanted.tag)
        yield case.c.number.in_(tagged)
    if wanted.unassigned:
        yield case.c.assignee_id.is_(None)
    same: dict[str, Any] = {
        "request": wanted.request or None,
        "product": wanted.product or None,
        "user_id": wanted.customer_id,
        "assignee_id": wanted.assignee_id,
    }
    for name, value in same.items():
        if value is not None:
            yield case.c[name] == value
    if wanted.opened_since is not None:
        yield case.c.opened_at >= wanted.opened_since
    if wanted.updated_since is not None:
        yield case.c.updated_at >= wanted.updated_since
