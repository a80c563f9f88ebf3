"""Cases as rows of a table that is taken along, a part at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from kb.store import case_list, queue
from kb.store.cases import NO_TIME
from kb.store.queue import QueueFilter
from kb.store.tables import case, user


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One case of an export; times are in UTC, `due_at` the earliest promise owed."""

    number: int
    state: str
    severity: str
    title: str
    request: str
    topic: str
    product: str | None
    version: str | None
    plan: str | None
    channel: str
    language: str
    requester: str
    assignee: str | None
    tags: tuple[str, ...]
    customer_spoke_last: bool
    due_at: datetime | None
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    rating: int | None


_requester = user.alias("requester")
_assignee = user.alias("assignee")
_PLAIN = (
    "number",
    "state",
    "severity",
    "title",
    "request",
    "topic",
    "product",
    "version",
    "plan",
    "channel",
    "customer_spoke_last",
    "opened_at",
    "updated_at",
    "resolved_at",
    "closed_at",
    "rating",
)


def part(
    conn: Connection, wanted: QueueFilter, before: int | None, limit: int
) -> tuple[ExportRow, ...]:
    """Return the next cases a filter chooses, by number from the newest on, below `before`."""
    numbers = queue.numbers_below(conn, wanted, before, limit)
    tags = case_list.tags_of(conn, list(numbers))
    query = (
        select(
            *(case.c[name] for name in _PLAIN),
            case.c.lang.label("language"),
            case.c.owed_at,
            func.trim(_requester.c.first_name + " " + _requester.c.last_name).label("requester"),
            func.trim(_assignee.c.first_name + " " + _assignee.c.last_name).label("assignee"),
        )
        .join(_requester, _requester.c.id == case.c.user_id)
        .join(_assignee, _assignee.c.id == case.c.assignee_id, isouter=True)
        .where(case.c.number.in_(numbers))
    )
    found = {row["number"]: dict(row) for row in conn.execute(query).mappings()}
    return tuple(_row(found[one], tags.get(one, ())) for one in numbers if one in found)


def _row(found: dict[str, object], tags: Sequence[str]) -> ExportRow:
    owed = found.pop("owed_at")
    due = None if owed == NO_TIME else owed
    return ExportRow(**found, due_at=due, tags=tuple(tags))  # type: ignore[arg-type]
