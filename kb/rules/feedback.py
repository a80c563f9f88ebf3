"""What people tell us (R51), and what it comes to over time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class FeedbackKind(StrEnum):
    """What a voice is; CONTENT is a problem with an article."""

    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"
    RATING = "rating"
    COMPLIMENT = "compliment"
    CONTENT = "content"


class ArticleFault(StrEnum):
    """What somebody finds wrong with an article; it becomes a tag of what they say."""

    WRONG = "wrong"
    FAILS = "step-fails"
    UNCLEAR = "unclear"
    BROKEN = "broken"
    OTHER = "other"


class Stretch(StrEnum):
    """What a trend is counted by."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Trend:
    """How often one thing was said in each stretch of time."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How often in all of the time."""
        return sum(self.counts)


def first_day(day: date, by: Stretch) -> date:
    """Return the Monday of a day's week, or the first of its month."""
    if by is Stretch.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday())


def stretches(last: date, by: Stretch, count: int) -> tuple[date, ...]:
    """Return the first days of as many stretches, the one with `last` at the end."""
    found = [first_day(last, by)]
    while len(found) < count:
        found.append(first_day(found[-1] - timedelta(days=1), by))
    return tuple(reversed(found))


def trends(
    counted: Iterable[tuple[date, str, int]], starts: Sequence[date], by: Stretch
) -> tuple[Trend, ...]:
    """Add up what was counted by day and name; the most frequent first, then by alphabet. Days
    outside of the stretches are left out."""
    places = {start: place for place, start in enumerate(starts)}
    found: dict[str, list[int]] = {}
    for day, name, number in counted:
        place = places.get(first_day(day, by))
        if place is not None:
            found.setdefault(name, [0] * len(starts))[place] += number
    made = (Trend(name, tuple(counts)) for name, counts in found.items())
    return tuple(sorted(made, key=lambda one: (-one.total, one.name)))


def in_every(kinds: Sequence[str], found: Sequence[Trend], width: int) -> tuple[Trend, ...]:
    """Return the trends in the order of `kinds`, those of which nothing was said with noughts."""
    known: Mapping[str, Trend] = {one.name: one for one in found}
    return tuple(known.get(kind, Trend(kind, (0,) * width)) for kind in kinds)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Whom an article helped and whom not, in a time."""

    article_id: int
    helped: int
    not_helped: int

    @property
    def share(self) -> float:
        """The part that it helped, 0 to 1; nobody is 0."""
        votes = self.helped + self.not_helped
        return self.helped / votes if votes else 0.0
