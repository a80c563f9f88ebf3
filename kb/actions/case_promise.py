"""What a customer is promised for a case, and told when it is opened (R13, R14, R44)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.calendars import Calendar
from kb.rules.cases import ALIVE, Actor, CaseState, MessageKind, waits_for_customer
from kb.rules.entitlement import ChannelGrant
from kb.rules.milestones import (
    Happening,
    MilestoneKind,
    Moment,
    Promise,
    promises,
    rounds,
    targets_of,
    turn_of,
)
from kb.rules.policy import Policy, Severity
from kb.store import Database, cases, conversation, milestones
from kb.store.cases import Case, NewCase
from kb.store.conversation import Message
from kb.store.milestones import Milestone
from kb.store.users import User

_TELLING = (MessageKind.REPLY, MessageKind.EVENT)


def promised(
    policy: Policy, severity: Severity, grant: ChannelGrant, now: datetime
) -> tuple[Promise, ...]:
    """Return what the plan of a new case promises (R13, R14); nothing without a calendar."""
    calendar = policy.calendars.get(grant.calendar)
    targets = targets_of(policy.plans.get(grant.plan or ""), severity)
    return promises(now, (), targets, calendar) if calendar and targets else ()


def first_due(made: Iterable[Promise]) -> datetime | None:
    """Return when the first of some promises is due; None where none has a time."""
    return min((one.due_at for one in made if one.due_at is not None), default=None)


def settle(conn: Connection, policy: Policy, number: int, now: datetime) -> None:
    """Compute the promises of a case anew from what happened in it, under the terms it has now, and
    its turn in the queue.

    What was kept before stays as it was promised then; a promise whose plan or calendar the
    policy does not know any more stays as it was, until it is kept."""
    case = cases.by_number(conn, number)
    if case is None:
        return
    stored = {(one.kind, one.started_at): one for one in milestones.of_case(conn, number)}
    owed = {key: one for key, one in stored.items() if one.met_at is None}
    happened = tuple(_moments(conversation.messages_of(conn, number, _TELLING)))
    calendar, plan = calendar_of(policy, case), policy.plans.get(case.plan or "")
    waits = waits_for_customer(case.state, customer_spoke_last=case.customer_spoke_last)
    turn = turn_of(plan, waits=waits)
    if case.turn != turn and (plan is not None or not case.plan):
        cases.take_turn(conn, number, turn)
    if calendar is None or (case.plan and plan is None):
        _only_meet(conn, owed, case, happened)
        return
    targets = targets_of(plan, _severity(case))
    for promise in promises(case.opened_at, happened, targets, calendar):
        key = (promise.kind, promise.started_at)
        if key in owed or (key not in stored and promise.met_at is None):
            milestones.keep(conn, number, calendar.id, promise, owed.pop(key, None))
    for gone in owed.values():
        milestones.drop(conn, gone)


def recompute_promises(db: Database, policy: Policy, now: datetime) -> int:
    """Settle every living case, as when plans or calendars have changed; returns how many."""
    with db.read() as conn:
        numbers = cases.alive(conn)
    for number in numbers:
        with db.write() as conn:
            if cases.lock(conn, number) is not None:
                settle(conn, policy, number, now)
    return len(numbers)


def calendar_of(policy: Policy, case: Case) -> Calendar | None:
    """Return the calendar a case's promises run on: that of the grant it was opened under, or of
    the plan it has got since."""
    grant = case.entitlement.get("grant") or {}
    if case.plan == grant.get("plan"):
        return policy.calendars.get(str(grant.get("calendar") or ""))
    plan = policy.plans.get(case.plan or "")
    return policy.calendars.get(plan.calendar) if plan else None


def _only_meet(
    conn: Connection,
    owed: Mapping[tuple[MilestoneKind, datetime], Milestone],
    case: Case,
    happened: Iterable[Moment],
) -> None:
    for one in rounds(case.opened_at, happened):
        found = owed.get((one.kind, one.started_at))
        if found and one.ended_at is not None:
            milestones.meet(conn, found, one.ended_at)


def _severity(case: Case) -> Severity | None:
    return Severity(case.severity) if case.severity in set(Severity) else None


def _moments(messages: Iterable[Message]) -> Iterator[Moment]:
    for message in messages:
        what = _spoke(message) if message.kind is MessageKind.REPLY else _moved(message)
        if what is not None:
            yield Moment(message.at, what)


def _spoke(message: Message) -> Happening | None:
    return {
        Actor.CUSTOMER: Happening.CUSTOMER_SPOKE,
        Actor.AGENT: Happening.AGENT_SPOKE,
    }.get(message.actor)


def _moved(message: Message) -> Happening | None:
    """What a change of state means to promises."""
    event = message.event or {}
    if event.get("what") != "state":
        return None
    before, after = CaseState(event["before"]), CaseState(event["after"])
    if after not in ALIVE:
        return Happening.ENDED
    if before not in ALIVE:
        return Happening.REOPENED
    if after is CaseState.PENDING_CUSTOMER:
        return Happening.PAUSED
    return Happening.RESUMED if before is CaseState.PENDING_CUSTOMER else None


def acknowledge(
    conn: Connection,
    policy: Policy,
    letters: Letters,
    number: int,
    user: User,
    new: NewCase,
    promised: bool,
    now: datetime,
) -> None:
    """Mail the number in the requester's language (R44)."""
    severity = Severity(new.severity)
    product = policy.products.get(new.product or "")
    expected = policy.plans[new.plan].targets[severity].text if promised and new.plan else None
    way = next((one for one in policy.channels.values() if one.channel == new.channel), None)
    letter = letters.write(
        "case-opened",
        new.lang,
        user.email,
        case_number=number,
        path=f"my/cases/{number}",
        first_name=new.contact["first_name"] or user.first_name,
        title=new.title,
        product=f"{product.name} {new.version or ''}".strip() if product else "",
        severity=f"{severity}, {policy.severities[severity].name.in_(new.lang)}",
        expected=expected.in_(new.lang) if expected else "",
        usual=way.usual.in_(new.lang) if way else "",
    )
    queue(conn, letter, now)
