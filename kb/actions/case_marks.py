"""Claiming and tagging cases, one or many at once; what is forbidden of many is told by case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions.case_steps import Answer, Who, note_change
from kb.actions.case_work import assign, set_state
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState, Deed, may
from kb.rules.policy import Policy
from kb.rules.tags import tag_of
from kb.store import Database, cases, tags, users

MOST_AT_ONCE = 100  # cases of one bulk action


class BulkDeed(StrEnum):
    """What can be done with many cases at once."""

    CLAIM = "claim"
    ASSIGN = "assign"
    STATE = "state"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Order:
    """What to do with each of the chosen cases; each deed reads its own part."""

    deed: BulkDeed
    agent_id: int | None = None
    state: CaseState | None = None
    tag: str = ""


def claim(db: Database, who: Who, number: int, now: datetime) -> Answer:
    """Take a case that nobody has; NOT_ALLOWED once a colleague has it, AGAIN when it is mine."""
    if who.actor is not Actor.AGENT or who.user_id is None:
        return Answer.NOT_ALLOWED
    with db.write() as conn:
        case = cases.lock(conn, number)
        agent = users.by_id(conn, who.user_id)
        if case is None:
            return Answer.NOT_FOUND
        if case.assignee_id == who.user_id:
            return Answer.AGAIN
        if case.assignee_id is not None or not case.is_alive or not agent or not agent.is_agent:
            return Answer.NOT_ALLOWED
        cases.change(conn, number, now, assignee_id=agent.id)
        note_change(conn, number, who, "assignee", "", agent.name, now)
    return Answer.DONE


def tag(db: Database, who: Who, number: int, typed: str, now: datetime) -> Answer:
    """Give a case a tag; EMPTY for what is none, AGAIN when the case has it."""
    with db.write() as conn:
        return tag_in(conn, who, number, typed, now)


def tag_in(conn: Connection, who: Who, number: int, typed: str, now: datetime) -> Answer:
    """The same inside a transaction."""
    name = tag_of(typed)
    if who.actor is not Actor.AGENT:
        return Answer.NOT_ALLOWED
    if name is None:
        return Answer.EMPTY
    case = cases.lock(conn, number)
    if case is None:
        return Answer.NOT_FOUND
    if not may(Deed.NOTE, case.state, who.actor):
        return Answer.NOT_ALLOWED
    if not tags.add(conn, number, name):
        return Answer.AGAIN
    note_change(conn, number, who, "tag", "", name, now)

    return Answer.DONE


def tags_of(db: Database, number: int) -> tuple[str, ...]:
    """Return the tags of a case in their alphabet."""
    with db.read() as conn:
        return tags.of_case(conn, number)


def untag(db: Database, who: Who, number: int, name: str, now: datetime) -> Answer:
    """Take a tag off a case; AGAIN when it is gone already."""
    with db.write() as conn:
        return untag_in(conn, who, number, name, now)


def untag_in(conn: Connection, who: Who, number: int, name: str, now: datetime) -> Answer:
    """The same inside a transaction."""
    if who.actor is not Actor.AGENT:
        return Answer.NOT_ALLOWED
    if cases.lock(conn, number) is None:
        return Answer.NOT_FOUND
    if not tags.remove(conn, number, name):
        return Answer.AGAIN
    note_change(conn, number, who, "tag", name, "", now)

    return Answer.DONE


def in_bulk(
    db: Database,
    policy: Policy,
    letters: Letters,
    who: Who,
    numbers: Iterable[int],
    order: Order,
    now: datetime,
) -> tuple[tuple[int, Answer], ...]:
    """Do the same with many cases, each in a transaction of its own, in the order of their
    numbers; one that is refused keeps none of the others from being done."""
    chosen = sorted(set(numbers))[:MOST_AT_ONCE]
    return tuple((one, _do(db, policy, letters, who, one, order, now)) for one in chosen)


def _do(
    db: Database,
    policy: Policy,
    letters: Letters,
    who: Who,
    number: int,
    order: Order,
    now: datetime,
) -> Answer:
    match order.deed:
        case BulkDeed.CLAIM:
            return claim(db, who, number, now)
        case BulkDeed.ASSIGN:
            return assign(db, who, number, order.agent_id, now)
        case BulkDeed.TAG:
            return tag(db, who, number, order.tag, now)
        case _:
            if order.state is None:
                return Answer.EMPTY
            return set_state(db, policy, letters, who, number, order.state, now)
