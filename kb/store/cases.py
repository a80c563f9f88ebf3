"""Cases: the row, and finding it again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, true, update

from kb.rules.cases import ALIVE, CaseState
from kb.store import case_search, rows
from kb.store.columns import Id
from kb.store.database import insert_once
from kb.store.organisations import sees_case
from kb.store.tables import case

NO_TIME = datetime(9999, 12, 31, tzinfo=UTC)  # `owed_at` of a case that owes nothing by a time


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a new case is made of; contact, details and entitlement are kept as JSON."""

    user_id: int
    submission_id: str
    request: str
    topic: str
    edition: str
    asset_id: int | None
    product: str | None
    version: str | None
    plan: str | None
    severity: str
    channel: str
    title: str
    lang: str
    contact: Mapping[str, str]
    details: Mapping[str, str]
    entitlement: Mapping[str, Any]
    policy_revision: str
    organisation_id: int | None = None
    follows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(NewCase):
    """One case. `entitlement` is the decision it was opened under; `number` is what people
    quote (R44) and no secret; `follows` is the closed case that it goes on from, `merged_into`
    the one that goes on instead of it."""

    number: int
    state: CaseState
    assignee_id: int | None
    customer_spoke_last: bool
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    merged_into: int | None
    solved_by: str | None
    rating: int | None
    rating_words: str | None
    rated_at: datetime | None
    alive: bool
    owed_at: datetime
    turn: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", CaseState(self.state))

    @property
    def is_alive(self) -> bool:
        return self.state in ALIVE


# Made once: making a statement anew takes longer than running it.
_BY_NUMBER = select(case).where(case.c.number == bindparam("number"))
_SEEN = _BY_NUMBER.where(sees_case(bindparam("user_id", type_=Id())))
_LOCKED = _BY_NUMBER.with_for_update(key_share=True)  # rows that name it may be written meanwhile
_ONWARD = select(case.c.merged_into).where(case.c.number == bindparam("number"))
_OF_SUBMISSION = select(case.c.number).where(
    case.c.user_id == bindparam("user_id"), case.c.submission_id == bindparam("submission_id")
)
_NEW = tuple(field.name for field in fields(NewCase))
_CHANGE = update(case).where(case.c.number == bindparam("_number"))


def add(
    conn: Connection,
    new: NewCase,
    now: datetime,
    *,
    person: Sequence[str],
    said: str,
    owed_at: datetime | None,
    turn: int,
) -> int | None:
    """Insert a case and return its number, or None when this very form made one already.

    It is found by its own words, by the names and the address in `person` and by what was `said`
    first; its first promise is owed at `owed_at`, among others owed then it has its `turn`."""
    values = {
        **{name: getattr(new, name) for name in _NEW},
        "state": str(CaseState.NEW),
        "alive": True,
        "owed_at": owed_at or NO_TIME,
        "turn": turn,
        "customer_spoke_last": True,
        "opened_at": now,
        "updated_at": now,
    }
    number = insert_once(conn, case, values)
    if number is not None:
        about = case_search.about_case(number, new.title, person, new.contact)
        case_search.begin(conn, number, (about, said))
    return number


def number_of_submission(conn: Connection, user_id: int, submission_id: str) -> int | None:
    """Return the number of the case that this form of this user made, if it did."""
    asked = {"user_id": user_id, "submission_id": submission_id}
    return conn.execute(_OF_SUBMISSION, asked).scalar_one_or_none()


def by_number(conn: Connection, number: int) -> Case | None:
    """Find any case; only for agents and the system."""
    return rows.one(conn, Case, _BY_NUMBER, number=number)


def of_owner(conn: Connection, number: int, user_id: int) -> Case | None:
    """Find a case this customer may see: theirs, or their organisation's; any other is not
    found."""
    return rows.one(conn, Case, _SEEN, number=number, user_id=user_id)


def lock(conn: Connection, number: int) -> Case | None:
    """Find a case and keep others from changing it until the transaction ends."""
    return rows.one(conn, Case, _LOCKED, number=number)


def lock_all(conn: Connection, numbers: Iterable[int]) -> dict[int, Case | None]:
    """Lock several cases by ascending numbers, as everybody does who wants more than one: who wants
    the same waits, instead of each having one that the other wants."""
    return {one: lock(conn, one) for one in sorted(set(numbers))}


def lock_of_user(conn: Connection, user_id: int) -> None:
    """Lock all cases that a person has opened, by ascending numbers."""
    theirs = select(case.c.number).where(case.c.user_id == user_id).order_by(case.c.number)
    lock_all(conn, conn.execute(theirs).scalars().all())


def followed_by(conn: Connection, number: int) -> tuple[int, ...]:
    """Return the numbers of the cases that go on from this one or were merged into it."""
    here = or_(case.c.follows == number, case.c.merged_into == number)
    return tuple(conn.execute(select(case.c.number).where(here).order_by(case.c.number)).scalars())


def survivor_of(conn: Connection, number: int) -> int:
    """Return the case that goes on instead of this one: itself unless it was merged."""
    seen = {number}
    while True:
        onward = conn.execute(_ONWARD, {"number": number}).scalar_one_or_none()
        if onward is None or onward in seen:
            return number
        seen.add(onward)
        number = onward


def alive(conn: Connection) -> tuple[int, ...]:
    """Return the numbers of the cases that are not finished."""
    query = select(case.c.number).where(case.c.alive == true())
    return tuple(conn.execute(query.order_by(case.c.number)).scalars())


def resolved_before(conn: Connection, moment: datetime, limit: int) -> tuple[int, ...]:
    """Return the numbers of cases that have been resolved since before `moment`."""
    query = select(case.c.number).where(
        case.c.state == str(CaseState.RESOLVED), case.c.resolved_at < moment
    )
    return tuple(conn.execute(query.order_by(case.c.number).limit(limit)).scalars())


def of_user(conn: Connection, user_id: int, *, alive_only: bool = False) -> tuple[Case, ...]:
    """Return the cases a customer may see, the one touched last first."""
    query = select(case).where(sees_case(user_id))
    if alive_only:
        query = query.where(case.c.state.in_([str(state) for state in ALIVE]))
    return rows.many(conn, Case, query.order_by(case.c.updated_at.desc(), case.c.number.desc()))


def take_turn(conn: Connection, number: int, turn: int) -> None:
    """Give a case another turn in the queue; nobody touched it."""
    conn.execute(_CHANGE, {"_number": number, "turn": turn})


def change(conn: Connection, number: int, now: datetime, **values: Any) -> None:
    """Change columns of a case and the time it was touched."""
    if "state" in values:
        values["alive"] = CaseState(values["state"]) in ALIVE
    conn.execute(_CHANGE, {"_number": number, **values, "updated_at": now})
