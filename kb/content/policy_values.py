"""Values as people write them in `policy/`: hours, prices, lengths of time, bounds."""

import re
from datetime import time, timedelta
from decimal import Decimal
from typing import Annotated, Any

from babel import localedata
from pydantic import AfterValidator, BeforeValidator, Field

from kb.content.validate import did_you_mean
from kb.rules.calendars import Hours
from kb.rules.facts import UNKNOWN
from kb.rules.policy import Money, Test

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BOUND = re.compile(r"\s*(<=|>=|<|>|=)?\s*([0-9]{1,6})\s*")
_PIECE = re.compile(r"([0-9]{1,5})\s*(min|m|h|d)")
_MONEY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,4})?)\s*([A-Z]{3})")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days"}


def _one_or_more(value: Any) -> Any:
    """A single word stands for a list of one; true and false stand for yes and no."""
    values = value if isinstance(value, list) else [value]
    return ["yes" if v is True else "no" if v is False else v for v in values]


def _generation(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _bounds(value: Any) -> Any:
    if value == UNKNOWN:
        return Test("", values=(UNKNOWN,))
    found = _BOUND.fullmatch(str(value))
    if not found:
        raise ValueError(f'“{value}” is no bound; write it like "<=30", or unknown')
    sign, number = found[1] or "=", int(found[2])
    at_most = {"<=": number, "<": number - 1, "=": number}.get(sign)
    at_least = {">=": number, ">": number + 1, "=": number}.get(sign)
    return Test("", at_most=at_most, at_least=at_least)


def _money(value: Any) -> Any:
    found = _MONEY.fullmatch(str(value))
    if not found:
        raise ValueError(f"“{value}” is no price; write it like 20.00 USD")
    return Money(Decimal(found[1]), found[2])


def _duration(value: Any) -> Any:
    pieces = _PIECE.findall(str(value))
    if not pieces or _PIECE.sub("", str(value)).strip():
        raise ValueError(f"“{value}” is no length of time; write it like 1h or 1h 30m")
    return sum((timedelta(**{_UNITS[unit]: int(n)}) for n, unit in pieces), timedelta(0))


def _some_time(value: Any) -> Any:
    length = _duration(value)
    if not length:
        raise ValueError(f"“{value}” is no time at all; write at least 1m, or leave it out")
    return length


def _hours(value: Any) -> Any:
    return [_interval(str(one)) for one in (value if isinstance(value, list) else [value])]


def _interval(text: str) -> Hours:
    start, _, end = text.replace(" ", "").partition("-")
    try:
        hours = Hours(time.fromisoformat(start), time.fromisoformat(end.replace("24:00", "00:00")))
    except ValueError:
        raise ValueError(f"“{text}” are no hours; write them like 08:00-20:00") from None
    if hours.end <= hours.start and hours.end != time(0):
        raise ValueError(
            f"“{text}” runs over midnight; write both days, up to 24:00 and from 00:00"
        )
    return hours


Values = Annotated[tuple[str, ...], BeforeValidator(_one_or_more), Field(min_length=1)]
Generation = Annotated[tuple[str, ...], BeforeValidator(_generation), Field(min_length=1)]
Bounds = Annotated[Any, BeforeValidator(_bounds)]
Price = Annotated[Any, BeforeValidator(_money)]
Duration = Annotated[Any, BeforeValidator(_duration)]
SomeTime = Annotated[Any, BeforeValidator(_some_time)]
DayHours = Annotated[Any, BeforeValidator(_hours)]


def _days(text: str) -> str:
    read_days(text)
    return text


def _spoken(code: str) -> str:
    if not localedata.exists(code):
        known = [one for one in localedata.locale_identifiers() if len(one) == 2]
        raise ValueError(f"the language “{code}” is not known; {did_you_mean(code, known)}")
    return code


Days = Annotated[str, AfterValidator(_days)]
Spoken = Annotated[str, AfterValidator(_spoken)]


def read_days(text: str) -> range:
    """Read `monday` or `monday-friday` as numbers, 0 = Monday; raises ValueError."""
    first, _, last = text.lower().replace(" ", "").partition("-")
    for day in (first, last or first):
        if day not in _DAYS:
            raise ValueError(f"“{day}” is not a day; {did_you_mean(day, _DAYS)}")
    begin, end = _DAYS.index(first), _DAYS.index(last or first)
    if begin > end:
        raise ValueError(f"“{text}” runs over the end of the week; write two lines")
    return range(begin, end + 1)
