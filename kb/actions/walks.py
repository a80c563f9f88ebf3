"""Counting walks: writing answers down beside the requests, and adding them up."""

import atexit
import logging
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from queue import Empty, Full, Queue
from threading import Lock, Thread

from kb.rules.tree_figures import Figures, Trace, added, monday_of, weekly
from kb.store import Database, walks

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
OVER = 2 * DAY  # so long after a week nobody goes on with a walk that began in it
_WAITING = 5_000  # answers that may wait to be written; more are not counted
_BATCH = 500
_SECONDS_TO_END = 2.0
_AT_ONCE = 4  # weeks that are read together: a year of a busy tree would fill the memory
_KEPT = 200  # trees and revisions whose weeks are remembered

log = logging.getLogger("kb.walks")


class WalkLog:
    """Writes answers in a thread of its own, so that no page waits for the database, and none
    fails with it: while it is down walks go uncounted. One for each process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: Queue[Trace] = Queue(_WAITING)
        self._lock = Lock()
        self._writer: Thread | None = None

    def add(self, trace: Trace) -> None:
        """Have an answer written; returns at once."""
        try:
            self._waiting.put_nowait(trace)
        except Full:
            return
        if self._writer is None:
            self._begin()

    def flush(self, seconds: float = 10.0) -> None:
        """Wait until everything is written, at most so long."""
        done = self._waiting.all_tasks_done
        with done:
            done.wait_for(lambda: not self._waiting.unfinished_tasks, seconds)

    def _begin(self) -> None:
        with self._lock:
            if self._writer is None:
                self._writer = Thread(target=self._write, name="walks", daemon=True)
                self._writer.start()
                atexit.register(self.flush, _SECONDS_TO_END)

    def _write(self) -> None:
        while True:
            batch = [self._waiting.get()]
            try:
                while len(batch) < _BATCH:
                    batch.append(self._waiting.get_nowait())
            except Empty:
                pass
            try:
                with self._db.write() as conn:
                    walks.add(conn, batch)
            except Exception as error:  # whatever it is, the next answers may be written again
                log.warning("%d answers were not counted: %s", len(batch), error)
            finally:
                for _ in batch:
                    self._waiting.task_done()


def new_walk() -> str:
    """Draw the random id of a walk."""
    return secrets.token_urlsafe(16)


class WalkFigures:
    """Adds walks up, in whole weeks: a week that is over is added up once and remembered, so what
    a page costs is a week's answers and not a year's. One for each process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._over: dict[tuple[str, str | None], dict[date, Figures]] = {}

    def of(self, tree: str, now: datetime, *, days: int, revision: str | None = None) -> Figures:
        """Add up the walks through a tree that began since the Monday before the last days; of one
        revision if it is named."""
        if len(self._over) > _KEPT:  # revisions that are gone
            self._over = {}
        known = self._over.setdefault((tree, revision), {})
        day, mondays = monday_of(now - days * DAY), list[date]()
        while day <= monday_of(now):
            mondays.append(day)
            day += WEEK
        new = next((number for number, day in enumerate(mondays) if day not in known), 0)
        fresh: dict[date, Figures] = {}
        for first in range(new, len(mondays), _AT_ONCE):
            some = mondays[first : first + _AT_ONCE]
            found = self._weeks(some, tree, now, revision)
            fresh |= {day: found.get(day, Figures()) for day in some}
        over = now - WEEK - OVER
        known.update({day: sums for day, sums in fresh.items() if _midnight(day) < over})
        return added([*(known[day] for day in mondays[:new]), *fresh.values()])

    def of_all(self, trees: Iterable[str], now: datetime, *, days: int) -> dict[str, Figures]:
        """Add up the walks through each of these trees."""
        return {tree: self.of(tree, now, days=days) for tree in trees}

    def _weeks(
        self, mondays: Sequence[date], tree: str, now: datetime, revision: str | None
    ) -> dict[date, Figures]:
        """Add up weeks that follow each other; their walks may begin a little before and go on a
        little after."""
        since = _midnight(mondays[0]) - OVER
        until = _midnight(mondays[-1]) + WEEK + OVER
        with self._db.read() as conn:
            found = walks.traces(conn, tree, since, until=until, revision=revision)
            return weekly(found, walks.walks_with_cases(conn, tree, since), now)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
