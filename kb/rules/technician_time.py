"""A technician's time for a case and the credit it is taken from (R65)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_ENTRY = timedelta(hours=24)
LONGEST_EXTENSION = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Credit:
    """What a case may take of technicians' time; `allowed` None sets no limit."""

    allowed: timedelta | None
    spent: timedelta

    @property
    def left(self) -> timedelta | None:
        """What is left, never less than nothing; None without a limit."""
        if self.allowed is None:
            return None
        return max(self.allowed - self.spent, timedelta())

    def takes(self, time: timedelta) -> bool:
        """Tell whether so much more fits into the credit."""
        return self.allowed is None or self.spent + time <= self.allowed


@dataclass(frozen=True, slots=True)
class Entry:
    """Time that was worked, or with `is_credit` given beyond the request's credit. What was worked
    before the first contact with the customer `is_charged` to nobody."""

    time: timedelta
    is_credit: bool = False
    is_charged: bool = True


def credit_of(base: timedelta | None, entries: Iterable[Entry]) -> Credit:
    """Return the credit of a case: that of its request with every extension, and what was spent."""
    given, spent = timedelta(), timedelta()
    for entry in entries:
        if entry.is_credit:
            given += entry.time
        elif entry.is_charged:
            spent += entry.time
    return Credit(None if base is None else base + given, spent)


@dataclass(frozen=True, slots=True)
class Clock:
    """A technician's running clock: since when, how long that is, and what would be left of the
    credit if it were stopped now; `left` None where nothing counts down, before the first contact
    too."""

    since: datetime
    worked: timedelta
    left: timedelta | None

    @property
    def minutes(self) -> int:
        """What to log: a begun minute is a worked minute."""
        return max(1, -(-int(self.worked.total_seconds()) // 60))


def clock_at(credit: Credit, since: datetime, now: datetime, *, is_charged: bool) -> Clock:
    """Read a clock at a moment; it counts the longest entry at most."""
    worked = min(max(now - since, timedelta()), LONGEST_ENTRY)
    left = None
    if is_charged and credit.left is not None:
        left = max(credit.left - worked, timedelta())
    return Clock(since, worked, left)
