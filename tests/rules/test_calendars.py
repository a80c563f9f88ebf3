"""Business hours, exact over nights, holidays and both changes of the clock (R13, R22)."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.rules.calendars import (
    Calendar,
    Hours,
    add_business_time,
    business_time,
    is_open,
    next_change,
)
from tests.rules.policies import ALWAYS, HOLIDAY, WHOLE_DAY, calendar

NEW_YORK = ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)


def ny(day: int, hour: int = 0, minute: int = 0, month: int = 11, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK, fold=fold)


NIGHT = calendar(*range(7), hours=(Hours(time(1), time(3)),))
SPLIT = calendar(*range(7), hours=(Hours(time(14), time(18)), Hours(time(8), time(12))))
OVERLAP = calendar(0, hours=(Hours(time(8), time(12)), Hours(time(10), time(14))))
WITH_HOLIDAY = calendar(holidays=frozenset({HOLIDAY}))
ALWAYS_BUT = calendar(*range(7), hours=(WHOLE_DAY,), holidays=frozenset({HOLIDAY}))
GAP = calendar(*range(7), hours=(Hours(time(2, 30), time(3)), Hours(time(3), time(5))))
NEVER = Calendar("never", "UTC", {0: ()})


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        pytest.param(calendar(), ny(23, 8), True, id="R13 Monday 08:00"),
        pytest.param(calendar(), ny(23, 7, 59), False, id="R13 Monday 07:59"),
        pytest.param(calendar(), ny(23, 19, 59), True, id="R13 Monday 19:59"),
        pytest.param(calendar(), ny(23, 20), False, id="R13 Monday 20:00"),
        pytest.param(calendar(), ny(28, 12), False, id="R13 Saturday"),
        pytest.param(WITH_HOLIDAY, ny(26, 12), False, id="holiday"),
        pytest.param(ALWAYS, ny(26, 3), True, id="R14 around the clock"),
        pytest.param(SPLIT, ny(23, 13), False, id="lunch"),
        pytest.param(SPLIT, ny(23, 15), True, id="afternoon, whatever the order written"),
        pytest.param(OVERLAP, ny(23, 13), True, id="overlapping hours"),
        pytest.param(calendar(0, hours=(WHOLE_DAY,)), ny(24), False, id="midnight is the next day"),
        pytest.param(NEVER, ny(23, 12), False, id="never"),
    ],
)
def test_is_open(hours, at, expected):
    assert is_open(hours, at) is expected
    assert is_open(hours, at.astimezone(timezone(timedelta(hours=9)))) is expected


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        pytest.param(calendar(), ny(23, 12), ny(23, 20), id="closes in the evening"),
        pytest.param(calendar(), ny(23, 20), ny(24, 8), id="opens in the morning"),
        pytest.param(calendar(), ny(27, 20), ny(30, 8), id="over the weekend"),
        pytest.param(WITH_HOLIDAY, ny(25, 20), ny(27, 8), id="over a holiday"),
        pytest.param(SPLIT, ny(23, 9), ny(23, 12), id="lunch"),
        pytest.param(OVERLAP, ny(23, 9), ny(23, 14), id="overlapping hours are one"),
        pytest.param(ALWAYS_BUT, ny(1), ny(26), id="around the clock until a holiday"),
        pytest.param(ALWAYS_BUT, ny(26, 5), ny(27), id="and again after it"),
        pytest.param(ALWAYS_BUT, ny(27), None, id="never again"),
        pytest.param(ALWAYS, ny(23), None, id="never closes"),
        pytest.param(NEVER, ny(23), None, id="never opens"),
    ],
)
def test_next_change(hours, at, expected):
    change = next_change(hours, at)
    assert change == (expected and expected.astimezone(UTC))
    assert change is None or change.tzinfo is UTC


@pytest.mark.parametrize(
    ("hours", "at", "delta", "expected"),
    [
        pytest.param(calendar(), ny(23, 10), 12, ny(24, 10), id="R13 one business day of 12 hours"),
        pytest.param(calendar(), ny(27, 19), 12, ny(30, 19), id="R13 Friday evening to Monday"),
        pytest.param(calendar(), ny(28, 3), 12, ny(30, 20), id="R13 Saturday to Monday evening"),
        pytest.param(WITH_HOLIDAY, ny(25, 19), 2, ny(27, 9), id="R13 over Thanksgiving"),
        pytest.param(ALWAYS, ny(25, 23, 30), 1, ny(26, 0, 30), id="R14 one hour, around the clock"),
        pytest.param(calendar(), ny(23, 10), 0, ny(23, 10), id="nothing, while open"),
        pytest.param(calendar(), ny(28, 10), 0, ny(30, 8), id="nothing, while closed: the opening"),
        pytest.param(OVERLAP, ny(23, 8), 6, ny(23, 14), id="overlapping hours count once"),
        pytest.param(NIGHT, ny(8, 1, month=3), 2, ny(9, 2, month=3), id="spring: one hour is lost"),
        pytest.param(NIGHT, ny(1, 1), 3, ny(1, 3), id="autumn: one hour is won"),
        pytest.param(ALWAYS, ny(8, 1, month=3), 2, ny(8, 4, month=3), id="spring, all night"),
        pytest.param(GAP, ny(8, 0, month=3), 1, ny(8, 4, month=3), id="hours spring leaves out"),
    ],
)
def test_add_business_time(hours, at, delta, expected):
    assert add_business_time(hours, at, timedelta(hours=delta)) == expected.astimezone(UTC)


def test_time_that_never_comes_is_an_error():
    with pytest.raises(ValueError, match="never opens"):
        add_business_time(NEVER, ny(23), timedelta(hours=1))
    with pytest.raises(ValueError, match="forward"):
        add_business_time(ALWAYS, ny(23), timedelta(hours=-1))


@pytest.mark.parametrize(
    ("hours", "start", "end", "minutes"),
    [
        pytest.param(calendar(), ny(23, 9), ny(23, 10, 30), 90, id="within a day"),
        pytest.param(calendar(), ny(23, 19), ny(24, 9), 120, id="R13 over a night"),
        pytest.param(calendar(), ny(20, 19), ny(23, 9), 120, id="R13 over a weekend"),
        pytest.param(calendar(), ny(23, 6), ny(23, 7), 0, id="before it opens"),
        pytest.param(calendar(), ny(23, 6), ny(24, 22), 1440, id="two whole days"),
        pytest.param(OVERLAP, ny(23, 9), ny(23, 13), 240, id="no hour counts twice"),
        pytest.param(ALWAYS, ny(23), ny(24), 1440, id="R14 around the clock"),
        pytest.param(calendar(), ny(23, 10), ny(23, 9), 0, id="backwards"),
    ],
)
def test_how_long_it_is_open_between_two_moments(hours, start, end, minutes):
    assert business_time(hours, start, end) == minutes * MINUTE


def test_a_week_with_a_day_that_names_no_hours_is_open_on_the_others():
    hours = Calendar("office", "America/New_York", {0: (), 1: (Hours(time(8), time(20)),)})
    assert add_business_time(hours, ny(23, 12), timedelta(hours=1)) == ny(24, 9)


def test_always_open_means_every_day_without_holidays():
    assert ALWAYS.always_open
    assert not ALWAYS_BUT.always_open
    assert not calendar().always_open
    assert not calendar(0, hours=(WHOLE_DAY,)).always_open


SPRING, AUTUMN = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 10, 22, tzinfo=UTC)
# A fortnight around each change of the clock in the northern half of the world.
moments = st.builds(
    lambda start, minutes: start + minutes * MINUTE,
    st.sampled_from([SPRING, AUTUMN]),
    st.integers(0, 14 * 24 * 60),
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Hours on full quarters in zones whose clocks change, on different days and by half hours."""
    marks = draw(st.lists(st.integers(0, 95), max_size=4, unique=True).map(sorted))
    edges = [time(mark // 4, mark % 4 * 15) for mark in marks]
    ends = edges[1::2] if len(edges) % 2 == 0 else [*edges[1::2], time(0)]
    hours = tuple(map(Hours, edges[::2], ends))
    days = draw(st.sets(st.integers(0, 6)))
    holidays = draw(st.frozensets(st.dates(date(2026, 10, 29), date(2026, 11, 8)), max_size=3))
    zone = draw(
        st.sampled_from(["America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "UTC"])
    )
    return Calendar("any", zone, dict.fromkeys(days, hours), holidays)


def minutes_of(hours: Calendar, start: datetime, count: int) -> list[bool]:
    """What the clock on the wall says, minute by minute: the brute force."""
    zone = ZoneInfo(hours.zone)
    found = []
    for passed in range(count):
        local = (start + passed * MINUTE).astimezone(zone)
        now, day = local.time(), local.date()
        found.append(
            day not in hours.holidays
            and any(
                one.start <= now and (now < one.end or one.end == time(0))
                for one in hours.week.get(day.weekday(), ())
            )
        )
    return found


def no_clock_change(hours: Calendar, start: datetime, count: int) -> bool:
    zone = ZoneInfo(hours.zone)
    end = start + count * MINUTE
    return start.astimezone(zone).utcoffset() == end.astimezone(zone).utcoffset()


@settings(deadline=None, max_examples=40)
@given(calendars(), moments, st.integers(0, 900))
def test_business_time_is_what_counting_minutes_gives(hours, at, wanted):
    """R13: every minute that is open counts one, over both changes of the clock."""
    count = 7 * 24 * 60
    opened = [is_open(hours, at + passed * MINUTE) for passed in range(count)]
    if sum(opened) <= wanted:
        return
    passed = next(i for i in range(count) if opened[i] and sum(opened[:i]) == wanted)
    due = add_business_time(hours, at, wanted * MINUTE)
    assert due <= at + passed * MINUTE
    assert sum(opened[: (due - at) // MINUTE]) == wanted


@settings(deadline=None, max_examples=40)
@given(calendars(), moments)
def test_open_hours_are_those_of_the_clock_on_the_wall(hours, at):
    """R13: away from the hour that the clock repeats or leaves out."""
    for hour in range(0, 7 * 24, 5):
        start = at + timedelta(hours=hour)
        around = start - timedelta(hours=26)
        if no_clock_change(hours, around, 52 * 60):
            assert is_open(hours, start) == minutes_of(hours, start, 1)[0]


@settings(deadline=None, max_examples=40)
@given(calendars(), moments)
def test_the_next_change_is_the_first_minute_that_differs(hours, at):
    now = is_open(hours, at)
    change = next_change(hours, at)
    last = 3 * 24 * 60
    first = next((m for m in range(last) if is_open(hours, at + m * MINUTE) != now), None)
    if first is not None:
        assert change == at + first * MINUTE
    elif change is not None:
        assert change >= at + last * MINUTE
