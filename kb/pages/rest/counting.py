"""How many requests a token made in the last minute; each server process counts by itself."""

import math
from collections.abc import Callable
from threading import Lock
from time import monotonic

from flask import current_app

from kb.rules.api_access import BY_TOKEN

_WINDOW = BY_TOKEN.window.total_seconds()
_MOST_NAMES = 10_000  # then the old ones are forgotten


class Counter:
    """Counts by name in windows of a minute; usable from any thread."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._counts: dict[str, tuple[float, int]] = {}

    def wait(self, name: str, limit: int) -> int:
        """Count one more; return the seconds to wait once there are more than `limit`, else 0."""
        at = self._clock()
        with self._lock:
            if len(self._counts) > _MOST_NAMES:
                recent = self._counts.items()
                self._counts = {key: one for key, one in recent if at - one[0] < _WINDOW}
            began, count = self._counts.get(name, (at, 0))
            if at - began >= _WINDOW:
                began, count = at, 0
            self._counts[name] = (began, count + 1)
        return math.ceil(began + _WINDOW - at) if count + 1 > limit else 0


def counter() -> Counter:
    """Return the counter of this application."""
    found: Counter = current_app.extensions.setdefault("waypost-api-counter", Counter())
    return found
