"""Opening hours in words: the calendar's own, and the same in the customer's time zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kb.pages.formats import show_date, show_time
from kb.pages.frame import lang
from kb.pages.texts import gettext as _
from kb.pages.zones import city_time
from kb.rules.calendars import Calendar, is_open, next_change

_WEEK = timedelta(days=6)  # within it the name of a day is enough


def hours_words(calendar: Calendar) -> str:
    """Name the hours and their zone."""
    zone = calendar.zone_name.in_(lang())
    name = calendar.name.in_(lang())
    return name if calendar.always_open or not zone else f"{name} ({zone})"


def state_words(calendar: Calendar, at: datetime, zone: ZoneInfo | None = None) -> str:
    """Say whether it is open and when that changes, in the customer's `zone` or else in its own;
    holidays and summer time are in it."""
    if is_open(calendar, at):
        return _("Open now")
    change = next_change(calendar, at)
    if change is None:
        return _("Closed")
    here = zone or ZoneInfo(calendar.zone)
    opens = show_time(change, here.key)
    today, day = at.astimezone(here).date(), change.astimezone(here).date()
    if day == today:
        said = _("Opens today at %(time)s", time=opens)
    elif day - today <= _WEEK:
        name = show_date(change, "EEEE", zone=here.key)
        said = _("Opens on %(day)s at %(time)s", day=name, time=opens)
    else:
        said = _("Opens on %(day)s at %(time)s", day=show_date(change, zone=here.key), time=opens)
    if at.astimezone(ZoneInfo(calendar.zone)).date() in calendar.holidays:
        return _("Closed for a holiday. %(opens)s", opens=said)
    return said


def your_hours(calendar: Calendar, at: datetime, zone: ZoneInfo | None) -> str:
    """Tell the hours of today, or of the next day that is open, on the customer's clock; nothing
    where the clock is the same, is not known, or does not matter."""
    if zone is None or calendar.always_open or _same_clock(zone, calendar, at):
        return ""
    begins, ends = _interval(calendar, at)
    if ends is None:
        return ""
    until = show_time(ends, zone.key)
    if begins is None:
        return _("Open until %(time)s (%(zone)s)", time=until, zone=city_time(zone))
    return _(
        "%(day)s, %(start)s–%(end)s (%(zone)s)",
        day=show_date(begins, "EEEE", zone=zone.key),
        start=show_time(begins, zone.key),
        end=until,
        zone=city_time(zone),
    )


def _interval(calendar: Calendar, at: datetime) -> tuple[datetime | None, datetime | None]:
    """When it opens next (None if open now) and when it then closes."""
    if is_open(calendar, at):
        return None, next_change(calendar, at)
    opens = next_change(calendar, at)
    return opens, next_change(calendar, opens) if opens else None


def _same_clock(zone: ZoneInfo, calendar: Calendar, at: datetime) -> bool:
    there = at.astimezone(ZoneInfo(calendar.zone))
    return at.astimezone(zone).utcoffset() == there.utcoffset()
