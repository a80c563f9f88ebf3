"""When to try again what did not work: soon at first, then ever more rarely, at last no more."""

from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
MOST_TRIES = 16  # with these pauses a little over a day


def next_try(tries: int, now: datetime) -> datetime | None:
    """Return when to try again after `tries` failures (1 or more), or None to give up."""
    if tries >= MOST_TRIES:
        return None
    return now + min(FIRST_PAUSE * (1 << (tries - 1)), LONGEST_PAUSE)
