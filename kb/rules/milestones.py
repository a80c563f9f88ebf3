"""What is promised for a case and when it falls due, counted in business time (R13, R14).

A promise is computed from what happened, so a new severity, plan or calendar gives the time it
would have had from the start. The first and the next response never wait; a resolution waits
while the customer is awaited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kb.rules.calendars import Calendar, add_business_time, business_time
from kb.rules.policy import Plan, Severity


class MilestoneKind(StrEnum):
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


class Standing(StrEnum):
    """How a promise stands: running, near its time or past it, paused; kept in time or late."""

    DUE = "due"
    NEAR = "near"
    BREACHED = "breached"
    PAUSED = "paused"
    KEPT = "kept"
    LATE = "late"


class Happening(StrEnum):
    """What matters to promises. An automatic acknowledgement is nothing of these: no response."""

    CUSTOMER_SPOKE = "customer-spoke"
    AGENT_SPOKE = "agent-spoke"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"
    REOPENED = "reopened"


NEAR = timedelta(minutes=30)
_ANSWERS = (MilestoneKind.FIRST_RESPONSE, MilestoneKind.NEXT_RESPONSE)

Targets = Mapping[MilestoneKind, timedelta]
Pause = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened in a case."""

    at: datetime
    what: Happening


@dataclass(frozen=True, slots=True)
class Round:
    """A time in which something is owed; `ended_at` None while it still is."""

    kind: MilestoneKind
    started_at: datetime
    ended_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None


@dataclass(frozen=True, slots=True)
class Promise:
    """What is owed by when; paused, it has no `due_at` but the time `left` of its target."""

    kind: MilestoneKind
    started_at: datetime
    target: timedelta
    due_at: datetime | None
    left: timedelta | None = None
    met_at: datetime | None = None


def targets_of(plan: Plan | None, severity: Severity | None) -> Targets:
    """Return what a plan promises for a severity; nothing where it promises nothing (R33–R36)."""
    target = plan.targets.get(severity) if plan and severity else None
    if target is None:
        return {}
    found = {
        MilestoneKind.FIRST_RESPONSE: target.within,
        MilestoneKind.NEXT_RESPONSE: target.next_within,
        MilestoneKind.RESOLUTION: target.resolve_within,
    }
    return {kind: within for kind, within in found.items() if within is not None}


_LATER = 1_000_000_000  # more than a plan's priority can be


def turn_of(plan: Plan | None, *, waits: bool = False) -> int:
    """Return whose turn a case is among those that owe an answer by the same time, or by none: the
    smaller goes first, a plan's of higher priority before all others (R14, R28); one that `waits`
    for the customer goes after all that wait for an agent."""
    return (-plan.priority if plan else 0) + (_LATER if waits else 0)


def promises(
    opened: datetime, moments: Iterable[Moment], targets: Targets, calendar: Calendar
) -> tuple[Promise, ...]:
    """Return every promise of a case from what happened, in order; the same terms throughout."""
    return tuple(
        _promise(one, targets[one.kind], calendar)
        for one in rounds(opened, moments)
        if one.kind in targets
    )


def rounds(opened: datetime, moments: Iterable[Moment]) -> tuple[Round, ...]:
    """Return the times in which a first response, a next one and a resolution were owed.

    A reopened case owes a resolution anew; a customer who writes while an answer is owed
    already starts no second round."""
    first = Round(MilestoneKind.FIRST_RESPONSE, opened)
    told = [first, Round(MilestoneKind.RESOLUTION, opened)]
    for moment in moments:
        _tell(told, moment)
    return tuple(told)


def standing(due_at: datetime | None, met_at: datetime | None, now: datetime) -> Standing:
    """Say how a promise stands; it is kept up to and at its time, not after it."""
    if met_at is not None:
        return Standing.LATE if due_at is not None and met_at > due_at else Standing.KEPT
    if due_at is None:
        return Standing.PAUSED
    if now > due_at:
        return Standing.BREACHED
    return Standing.NEAR if due_at - now <= NEAR else Standing.DUE


def _tell(told: list[Round], moment: Moment) -> None:
    match moment.what:
        case Happening.CUSTOMER_SPOKE:
            if not any(one.ended_at is None and one.kind in _ANSWERS for one in told):
                told.append(Round(MilestoneKind.NEXT_RESPONSE, moment.at))
        case Happening.AGENT_SPOKE:
            _end(told, moment.at, _ANSWERS)
        case Happening.PAUSED:
            _pause(told, moment.at)
        case Happening.RESUMED:
            _resume(told, moment.at)
        case Happening.ENDED:
            _resume(told, moment.at)
            _end(told, moment.at, tuple(MilestoneKind))
        case _:  # REOPENED
            _resume(told, moment.at)
            _end(told, moment.at, (MilestoneKind.RESOLUTION,))
            told.append(Round(MilestoneKind.RESOLUTION, moment.at))


def _end(told: list[Round], at: datetime, kinds: tuple[MilestoneKind, ...]) -> None:
    for place, one in enumerate(told):
        if one.ended_at is None and one.kind in kinds:
            told[place] = replace(one, ended_at=at)


def _pause(told: list[Round], at: datetime) -> None:
    for place, one in _owed_resolutions(told):
        if not one.is_paused:
            told[place] = replace(one, pauses=(*one.pauses, (at, None)))


def _resume(told: list[Round], at: datetime) -> None:
    for place, one in _owed_resolutions(told):
        if one.is_paused:
            told[place] = replace(one, pauses=(*one.pauses[:-1], (one.pauses[-1][0], at)))


def _owed_resolutions(told: list[Round]) -> list[tuple[int, Round]]:
    return [
        (place, one)
        for place, one in enumerate(told)
        if one.kind is MilestoneKind.RESOLUTION and one.ended_at is None
    ]


def _promise(one: Round, target: timedelta, calendar: Calendar) -> Promise:
    """Take the time between pauses off the target until it is used up."""
    left, at = target, one.started_at
    for paused, resumed in one.pauses:
        spent = business_time(calendar, at, paused)
        if spent >= left:
            break
        left -= spent
        if resumed is None:
            return Promise(one.kind, one.started_at, target, None, left, one.ended_at)
        at = resumed
    due = add_business_time(calendar, at, left)
    return Promise(one.kind, one.started_at, target, due, None, one.ended_at)
