"""Time zones, named in the visitor's language."""

import unicodedata
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale
from babel.dates import get_timezone_location

from kb.pages.frame import lang
from kb.pages.texts import gettext as _

_AREAS = {
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}


def find_zone(name: str | None) -> ZoneInfo | None:
    """Return a zone by its IANA name, or None for one that there is not (any more)."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def city_time(zone: ZoneInfo) -> str:
    """Name a zone by its city: “Madrid time”."""
    return _("%(city)s time", city=_city(zone.key, lang()))


def zone_choices() -> list[tuple[str, str]]:
    """Return every zone of a place with its city's name, sorted in the visitor's language."""
    return list(_choices(lang()))


@cache
def _choices(code: str) -> tuple[tuple[str, str], ...]:
    names = [name for name in available_timezones() if name.partition("/")[0] in _AREAS]
    labelled = [(name, f"{_city(name, code)} ({name})") for name in [*names, "UTC"]]
    return tuple(sorted(labelled, key=lambda pair: _fold(pair[1])))


@cache
def _city(name: str, code: str) -> str:
    if name == "UTC":
        return "UTC"
    found = get_timezone_location(ZoneInfo(name), locale=Locale.parse(code), return_city=True)
    return str(found) or name.rpartition("/")[2].replace("_", " ")


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
