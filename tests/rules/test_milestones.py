"""What is owed by when (R13, R14, R33–R36), by tables and against counting minutes."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.rules.calendars import Calendar, Hours, business_time
from kb.rules.milestones import (
    Happening,
    MilestoneKind,
    Moment,
    Standing,
    promises,
    standing,
    targets_of,
    turn_of,
)
from kb.rules.policy import Severity, Target
from tests.rules.policies import ALWAYS, PLANS, calendar, text

STANDARD = PLANS[0]
HOUR = replace(PLANS[1], targets={Severity.A: Target(timedelta(hours=1), text())})
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)  # 10:00 in New York


@pytest.mark.parametrize(
    ("plan", "severity", "hours", "opened", "due"),
    [
        pytest.param(STANDARD, Severity.A, calendar(), MONDAY, 24, id="R13 one business day"),
        pytest.param(STANDARD, Severity.B, calendar(), MONDAY, None, id="R34 nothing promised"),
        pytest.param(STANDARD, None, calendar(), MONDAY, None, id="no severity"),
        pytest.param(None, Severity.A, calendar(), MONDAY, None, id="R22 no plan"),
        pytest.param(HOUR, Severity.A, ALWAYS, MONDAY, 1, id="R14 one hour"),
    ],
)
def test_by_when_the_first_answer_is_promised(plan, severity, hours, opened, due):
    owed = promises(opened, (), targets_of(plan, severity), hours)
    expected = (
        [] if due is None else [(MilestoneKind.FIRST_RESPONSE, opened + timedelta(hours=due))]
    )
    assert [(one.kind, one.due_at) for one in owed] == expected


def test_R14_R28_a_plan_of_higher_priority_has_its_turn_before_the_others_and_before_none():
    turns = [turn_of(replace(STANDARD, priority=priority)) for priority in (2, 1, 0)]
    assert turns == sorted(set(turns))
    assert turn_of(None) == turns[-1]


def test_what_waits_for_the_customer_goes_after_all_that_waits_for_an_agent():
    best = replace(STANDARD, priority=10_000_000)
    assert turn_of(None) < turn_of(best, waits=True) < turn_of(None, waits=True)


# The three kinds of promises, from what happened ------------------------------------------------

FIRST, NEXT, RESOLUTION = MilestoneKind
TARGETS = {
    FIRST: timedelta(hours=1),
    NEXT: timedelta(hours=4),
    RESOLUTION: timedelta(hours=24),
}


def at(minutes: int) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def story(*told: tuple[int, Happening]) -> list[Moment]:
    return [Moment(at(minutes), what) for minutes, what in told]


def owed(moments: list[Moment], hours=ALWAYS) -> list[tuple[MilestoneKind, int, object, object]]:
    """Kind, and in minutes from the opening: start, due (or what is left), met."""

    def minutes(moment: datetime | None) -> int | None:
        return None if moment is None else int((moment - MONDAY).total_seconds() // 60)

    return [
        (
            one.kind,
            minutes(one.started_at),
            minutes(one.due_at) if one.due_at else one.left,
            minutes(one.met_at),
        )
        for one in promises(MONDAY, moments, TARGETS, hours)
    ]


SPOKE, ANSWERED, PAUSED, RESUMED, ENDED, REOPENED = Happening


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([], [(FIRST, 0, 60, None), (RESOLUTION, 0, 1440, None)], id="new"),
        pytest.param(
            [(30, SPOKE)],
            [(FIRST, 0, 60, None), (RESOLUTION, 0, 1440, None)],
            id="the customer adds while the first answer is owed",
        ),
        pytest.param(
            [(30, ANSWERED), (90, SPOKE), (95, SPOKE)],
            [(FIRST, 0, 60, 30), (RESOLUTION, 0, 1440, None), (NEXT, 90, 330, None)],
            id="the next answer is owed once",
        ),
        pytest.param(
            [(10, ANSWERED), (20, SPOKE), (30, ANSWERED), (40, SPOKE)],
            [
                (FIRST, 0, 60, 10),
                (RESOLUTION, 0, 1440, None),
                (NEXT, 20, 260, 30),
                (NEXT, 40, 280, None),
            ],
            id="each round by itself",
        ),
        pytest.param(
            [(10, PAUSED)],
            [(FIRST, 0, 60, None), (RESOLUTION, 0, timedelta(minutes=1430), None)],
            id="the first response never pauses, the resolution does",
        ),
        pytest.param(
            [(10, ANSWERED), (10, PAUSED), (70, RESUMED)],
            [(FIRST, 0, 60, 10), (RESOLUTION, 0, 1500, None)],
            id="an hour of waiting is an hour more",
        ),
        pytest.param(
            [(10, PAUSED), (20, PAUSED), (70, RESUMED), (80, RESUMED)],
            [(FIRST, 0, 60, None), (RESOLUTION, 0, 1500, None)],
            id="waiting twice is waiting once",
        ),
        pytest.param(
            [(10, PAUSED), (70, RESUMED), (100, PAUSED), (160, RESUMED)],
            [(FIRST, 0, 60, None), (RESOLUTION, 0, 1560, None)],
            id="every hour of waiting counts, not the last alone",
        ),
        pytest.param(
            [(10, PAUSED), (70, RESUMED), (100, PAUSED)],
            [(FIRST, 0, 60, None), (RESOLUTION, 0, timedelta(minutes=1400), None)],
            id="waiting again, what was left before is left less what went by",
        ),
        pytest.param(
            [(1500, PAUSED)],
            [(FIRST, 0, 60, None), (RESOLUTION, 0, 1440, None)],
            id="what is late does not become less late by waiting",
        ),
        pytest.param(
            [(10, PAUSED), (70, ENDED)],
            [(FIRST, 0, 60, 70), (RESOLUTION, 0, 1500, 70)],
            id="resolved while waiting",
        ),
        pytest.param(
            [(10, ANSWERED), (20, ENDED), (100, SPOKE), (100, REOPENED)],
            [
                (FIRST, 0, 60, 10),
                (RESOLUTION, 0, 1440, 20),
                (NEXT, 100, 340, None),
                (RESOLUTION, 100, 1540, None),
            ],
            id="R66 a reopened case owes anew",
        ),
    ],
)
def test_what_is_owed(told, expected):
    assert owed(story(*told)) == expected


def test_without_targets_nothing_is_promised():
    assert promises(MONDAY, story((5, SPOKE)), {}, ALWAYS) == ()


def test_targets_of_a_plan():
    full = Target(timedelta(hours=1), text(), timedelta(hours=4), timedelta(hours=24))
    plan = replace(
        PLANS[1], targets={Severity.A: full, Severity.B: replace(full, next_within=None)}
    )
    assert targets_of(plan, Severity.A) == TARGETS
    assert NEXT not in targets_of(plan, Severity.B)
    assert targets_of(plan, Severity.C) == targets_of(None, Severity.A) == {}


@pytest.mark.parametrize(
    ("due", "met", "expected"),
    [
        (at(31), None, Standing.DUE),
        (at(30), None, Standing.NEAR),
        (at(0), None, Standing.NEAR),
        (at(-1), None, Standing.BREACHED),
        (None, None, Standing.PAUSED),
        (at(5), at(5), Standing.KEPT),
        (at(5), at(6), Standing.LATE),
        (None, at(6), Standing.KEPT),
    ],
)
def test_how_a_promise_stands(due, met, expected):
    assert standing(due, met, MONDAY) is expected


# Against brute force: minute by minute ----------------------------------------------------------

minutes_of_day = st.integers(0, 1439)
zones = st.sampled_from(["UTC", "America/New_York", "Europe/Madrid", "Asia/Kolkata"])


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A calendar with odd hours, nights over midnight left out, and holidays."""
    week = {}
    for day in draw(st.sets(st.integers(0, 6), min_size=3)):
        first, last = sorted(draw(st.lists(minutes_of_day, min_size=2, max_size=2, unique=True)))
        week[day] = (Hours(time(first // 60, first % 60), time(last // 60, last % 60)),)
    free = draw(st.sets(st.integers(0, 6), max_size=2))
    return Calendar(
        "odd",
        draw(zones),
        week,
        frozenset(MONDAY.date() + timedelta(days=day) for day in free),
    )


gaps = st.lists(
    st.tuples(st.integers(0, 3000), st.sampled_from([PAUSED, RESUMED, SPOKE, ANSWERED])), max_size=6
)


@settings(deadline=None, max_examples=60)
@given(calendars(), gaps, st.integers(1, 1500), st.sampled_from([0, 3, 120]))
def test_a_due_time_is_what_counting_minutes_finds(hours, told, target, days_on):
    """R13: the clock is walked minute by minute; a minute counts when the calendar is open in it
    and the customer is not awaited. Some of the cases begin near a change to summer time."""
    opened = MONDAY + timedelta(days=days_on)
    moments, clock = [], opened
    for gap, what in told:
        clock += timedelta(minutes=gap)
        moments.append(Moment(clock, what))
    targets = {RESOLUTION: timedelta(minutes=target)}
    (promise,) = promises(opened, moments, targets, hours)
    due, left = counted(opened, moments, hours, target)
    assert (promise.due_at, promise.left) == (due, left)


def counted(
    opened: datetime, moments: list[Moment], hours: Calendar, target: int
) -> tuple[datetime | None, timedelta | None]:
    zone = ZoneInfo(hours.zone)
    minute, left, waiting, ahead = opened, target, False, list(moments)
    while True:
        while ahead and ahead[0].at <= minute:
            what = ahead.pop(0).what
            waiting = what is PAUSED or (waiting and what is not RESUMED)
        if waiting and not ahead:
            return None, timedelta(minutes=left)
        local = minute.astimezone(zone)
        is_open = local.date() not in hours.holidays and any(
            one.start <= local.time() < one.end for one in hours.week.get(local.weekday(), ())
        )
        minute += timedelta(minutes=1)
        if is_open and not waiting:
            left -= 1
            if not left:
                return minute, None


@settings(deadline=None, max_examples=60)
@given(calendars(), st.integers(0, 4000), st.integers(0, 4000))
def test_business_time_is_what_counting_minutes_finds(hours, start, length):
    begin, zone = at(start), ZoneInfo(hours.zone)
    found = 0
    for minute in range(length):
        local = (begin + timedelta(minutes=minute)).astimezone(zone)
        found += local.date() not in hours.holidays and any(
            one.start <= local.time() < one.end for one in hours.week.get(local.weekday(), ())
        )
    assert business_time(hours, begin, at(start + length)) == timedelta(minutes=found)
    assert business_time(hours, at(start + length), begin) == timedelta(0)


@given(gaps, st.integers(1, 500), st.integers(1, 500))
def test_a_longer_target_is_never_due_earlier(told, shorter, more):
    moments, clock = [], MONDAY
    for gap, what in told:
        clock += timedelta(minutes=gap)
        moments.append(Moment(clock, what))

    def due(minutes: int) -> datetime:
        targets = {RESOLUTION: timedelta(minutes=minutes)}
        return promises(MONDAY, moments, targets, ALWAYS)[0].due_at or datetime.max.replace(
            tzinfo=UTC
        )

    assert due(shorter) <= due(shorter + more)
