"""Taking the next case: of those that nobody has, the first that waits for an agent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from kb.actions.case_marks import claim
from kb.actions.case_steps import Answer, Who
from kb.rules.cases import AT_WORK, Actor, waits_for_customer
from kb.store import Database, queue
from kb.store.queue import QueueFilter

_AT_ONCE = 25  # cases looked at in one question
_MOST = 40  # questions: beyond a thousand that wait for others nobody looks on


def has_next(wanted: QueueFilter) -> bool:
    """Tell whether a selection is one to take cases from: living ones, of nobody in particular."""
    return wanted.assignee_id is None and bool(set(wanted.states) & AT_WORK) and not wanted.words


def take_next(db: Database, who: Who, wanted: QueueFilter, now: datetime) -> int | None:
    """Give an agent the first case of a selection that nobody has and that waits for an agent, and
    return its number; None without one. Of two agents who ask at once each gets another."""
    if who.actor is not Actor.AGENT or not has_next(wanted):
        return None
    waiting = replace(wanted, unassigned=True)
    for number in _in_turn(db, waiting):
        if claim(db, who, number, now) is Answer.DONE:
            return number
    return None


def _in_turn(db: Database, waiting: QueueFilter) -> Iterator[int]:
    for step in range(_MOST):
        with db.read() as conn:
            rows = queue.page(conn, waiting, offset=step * _AT_ONCE, limit=_AT_ONCE)
        for row in rows:
            spoke_last = row.customer_spoke_last
            if row.state in AT_WORK and not waits_for_customer(
                row.state, customer_spoke_last=spoke_last
            ):
                yield row.number
        if len(rows) < _AT_ONCE:
            return
