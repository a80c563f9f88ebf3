"""Counting walks: writing answers down beside the requests, and adding them up."""

import atexit
import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from queue import Empty, Full, Queue
from threading import Lock, Thread

from kb.rules.tree_figures import Figures, Trace, figures
from kb.store import Database, walks

DAY = timedelta(days=1)
_WAITING = 5_000  # answers that may wait to be written; more are not counted
_BATCH = 500
_SECONDS_TO_END = 2.0

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


def figures_of(
    db: Database, tree: str, now: datetime, *, days: int, revision: str | None = None
) -> Figures:
    """Add up the walks through a tree in the last days; of one revision if it is named."""
    since = now - days * DAY
    with db.read() as conn:
        found = walks.traces(conn, tree, since, revision=revision)
        return figures(found, walks.walks_with_cases(conn, tree, since), now)


def figures_of_all(
    db: Database, trees: Iterable[str], now: datetime, *, days: int
) -> dict[str, Figures]:
    """Add up the walks through each of these trees."""
    return {tree: figures_of(db, tree, now, days=days) for tree in trees}
