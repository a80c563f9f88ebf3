"""Dates, times and money as the visitor's language writes them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date as _date
from babel.dates import format_time as _time
from babel.numbers import format_currency, format_decimal

from kb.pages.frame import lang
from kb.rules.policy import Money


def show_date(day: date, length: str = "long") -> str:
    """Write a day: “3 de noviembre de 2026”, “3 November 2026”."""
    return str(_date(day, length, locale=_locale()))


def show_datetime(moment: datetime, zone: str = "UTC") -> str:
    """Write a moment with its zone's name."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_date(local, 'long', locale=_locale())}, {_time(local, 'HH:mm', locale=_locale())}"


def show_time(moment: datetime, zone: str = "UTC") -> str:
    """Write hours and minutes."""
    return str(_time(moment.astimezone(ZoneInfo(zone)), "HH:mm", locale=_locale()))


def show_iso(moment: datetime) -> str:
    """Write a moment for machines (`<time datetime>`)."""
    return moment.isoformat(timespec="minutes")


def show_money(money: Money) -> str:
    """Write an amount with its currency: “20,00 US$”, “US$20.00”."""
    return str(format_currency(money.amount, money.currency, locale=_locale()))


def show_number(number: int) -> str:
    """Write a whole number with the language's separators."""
    return str(format_decimal(number, locale=_locale()))


def _locale() -> str:
    return {"en": "en_GB", "es": "es_ES"}.get(lang(), lang())

