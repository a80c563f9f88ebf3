"""Business hours: zones, weekly hours, holidays, daylight saving included (R13, R22)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from kb.rules.texts import Text


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
