"""Dates, times and money as the visitor's language writes them."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from babel.dates import format_date as _date
from babel.dates import format_time as _time
from babel.numbers import format_currency, format_decimal
from flask_login import current_user

from kb.pages.frame import lang, live
from kb.pages.texts import ngettext
from kb.pages.zones import city_time, find_zone
from kb.rules.policy import Money


def show_date(day: date | datetime, length: str = "long", zone: str = "UTC") -> str:
    """Write a day: “3 de noviembre de 2026”, “3 November 2026”; a moment's day is its zone's."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(zone)).date()
    return str(_date(day, length, locale=_locale()))


def show_day(moment: datetime, length: str = "long") -> str:
    """Write the day of a moment where the reader is."""
    return show_date(moment.astimezone(reader_zone()).date(), length)


def show_datetime(moment: datetime | date, *, named: bool = True) -> str:
    """Write a moment where the reader is and, unless `named` is false because the page says so
    once for all, its zone; a mere day stays a day."""
    if not isinstance(moment, datetime):
        return show_date(moment)
    local = moment.astimezone(reader_zone())
    written = f"{show_date(local.date(), 'medium')}, {_time(local, 'HH:mm', locale=_locale())}"
    return f"{written} ({zone_name()})" if named else written


def show_time(moment: datetime, zone: str | None = None) -> str:
    """Write hours and minutes, where the reader is unless a zone is given."""
    there = ZoneInfo(zone) if zone else reader_zone()
    return str(_time(moment.astimezone(there), "HH:mm", locale=_locale()))


def show_recent(moment: datetime, at: datetime) -> str:
    """Write a moment as short as it can be told, at another: the time of today, a day of this
    week, a date."""
    day, today = (one.astimezone(reader_zone()).date() for one in (moment, at))
    if day == today:
        return show_time(moment)
    if 0 < (today - day).days < 7:
        return str(_date(day, "EEE", locale=_locale()))
    return str(_date(day, "d MMM" if day.year == today.year else "d MMM y", locale=_locale()))


def reader_zone() -> ZoneInfo:
    """Return the zone the reader has chosen in the profile, else the support office's."""
    return find_zone(current_user.time_zone) or office_zone()


def office_zone() -> ZoneInfo:
    """Return the zone of the support office: that of the policy's first calendar."""
    calendar = next(iter(live().site.policy.calendars.values()), None)
    return ZoneInfo(calendar.zone if calendar else "UTC")


def zone_name() -> str:
    """Name the reader's zone in words: “Madrid time”."""
    chosen = find_zone(current_user.time_zone)
    return city_time(chosen) if chosen else office_zone_name()


def office_zone_name() -> str:
    """Name the support office's zone in words: “New York time”."""
    calendar = next(iter(live().site.policy.calendars.values()), None)
    return (calendar.zone_name.in_(lang()) or calendar.zone) if calendar else "UTC"


def show_iso(moment: datetime) -> str:
    """Write a moment for machines (`<time datetime>`)."""
    return moment.isoformat(timespec="minutes")


def show_money(money: Money) -> str:
    """Write an amount with its currency: “20,00 US$”, “US$20.00”."""
    return str(format_currency(money.amount, money.currency, locale=_locale()))


def show_kept_money(kept: str) -> str:
    """Write an amount that was kept like “20.00 USD”; other words stay as they are."""
    number, _space, currency = kept.partition(" ")
    try:
        return show_money(Money(Decimal(number), currency))
    except InvalidOperation:
        return kept


def show_number(number: int) -> str:
    """Write a whole number with the language's separators."""
    return str(format_decimal(number, locale=_locale()))


def show_size(size: int) -> str:
    """Write the size of a file: “812 bytes”, “412 KB”, “1.4 MB”; 1 KB is 1024 bytes."""
    if size < 1024:
        return ngettext("%(num)s byte", "%(num)s bytes", size)
    kilo = size / 1024
    if kilo < 1000:
        return f"{show_number(round(kilo))} KB"
    return f"{format_decimal(kilo / 1024, '#,##0.#', locale=_locale())} MB"


def _locale() -> str:
    return {"en": "en_GB", "es": "es_ES"}.get(lang(), lang())
