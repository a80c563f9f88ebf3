"""Business hours: zones, weekly hours, holidays, daylight saving included (R13, R22)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kb.rules.texts import Text

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """One open interval of a day, in the calendar's zone; `end` 00:00 means midnight."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly hours (0 = Monday) in an IANA zone, without the holidays."""

    id: str
    zone: str
    week: Mapping[int, tuple[Hours, ...]]
    holidays: frozenset[date] = frozenset()
    name: Text = field(default_factory=Text)
    zone_name: Text = field(default_factory=Text)

    @property
    def always_open(self) -> bool:
        """True for 24×7 without holidays."""
        whole_day = (Hours(time(0), time(0)),)
        return not self.holidays and all(self.week.get(day) == whole_day for day in range(7))


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Tell whether `at` (aware) is in business hours; the start is, the end no longer."""
    day = at.astimezone(ZoneInfo(calendar.zone)).date()
    return any(
        start <= at < end for one in (day - _DAY, day) for start, end in _open_on(calendar, one)
    )


def next_change(calendar: Calendar, at: datetime) -> datetime | None:
    """Return when it next closes (if open at `at`) or opens (if closed), in UTC; None if never."""
    closing = None
    for start, end in open_intervals(calendar, at, _last_day(calendar, at)):
        if closing is None and start > at:
            return start
        if closing is not None and start > closing:
            return closing
        closing = end if closing is None else max(closing, end)
    return None


def add_business_time(calendar: Calendar, at: datetime, delta: timedelta) -> datetime:
    """Return the moment, in UTC, when `delta` (not negative) of open time has passed since `at`.

    Without any, it is `at` itself or the next opening. Raises ValueError for a calendar that
    never opens."""
    if delta < timedelta(0):
        raise ValueError("business time runs forward only")
    now = at.astimezone(UTC)
    for start, end in open_intervals(calendar, at):
        now = max(now, start)
        if now + delta <= end:
            return now + delta
        delta -= max(end - now, timedelta(0))
        now = max(now, end)
    raise ValueError(f"the calendar “{calendar.id}” never opens")


def business_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return how long the calendar is open between two moments; nothing when `end` is first."""
    spent, cursor = timedelta(0), start.astimezone(UTC)
    last = end.astimezone(ZoneInfo(calendar.zone)).date() + _DAY
    for opens, closes in open_intervals(calendar, cursor, last):
        spent += max(min(closes, end) - max(opens, cursor), timedelta(0))
        cursor = max(cursor, closes)
    return spent


def open_intervals(
    calendar: Calendar, at: datetime, last: date = date.max
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open intervals, in UTC and order, that end after `at`; of days before `last`."""
    if not any(calendar.week.values()):
        return
    day = at.astimezone(ZoneInfo(calendar.zone)).date() - _DAY
    while day < last:
        yield from ((start, end) for start, end in _open_on(calendar, day) if end > at)
        day += _DAY


def _open_on(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The open intervals that begin on a day, in UTC, so that lengths are true lengths."""
    if day in calendar.holidays:
        return
    zone = ZoneInfo(calendar.zone)
    for hours in sorted(calendar.week.get(day.weekday(), ()), key=lambda one: one.start):
        ends_on = day if hours.end > time(0) else day + _DAY
        start = datetime.combine(day, hours.start, zone).astimezone(UTC)
        end = datetime.combine(ends_on, hours.end, zone).astimezone(UTC)
        if start < end:  # hours that the spring change leaves out are none
            yield start, end


def _last_day(calendar: Calendar, at: datetime) -> date:
    """A day by which every change that will ever come has come: the week repeats, the
    holidays end."""
    week_on = at.astimezone(ZoneInfo(calendar.zone)).date() + 9 * _DAY
    holidays_over = max(calendar.holidays, default=date.min) + 9 * _DAY
    return max(week_on, holidays_over)
