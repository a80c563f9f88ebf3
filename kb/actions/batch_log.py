"""Writing down what visitors do beside their requests."""

import atexit
import logging
from collections.abc import Callable, Sequence
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import Generic, TypeVar

from sqlalchemy import Connection

from kb.store import Database

T = TypeVar("T")

_WAITING = 5_000  # things that may wait to be written; more are not counted
_BATCH = 500
_SECONDS_TO_END = 2.0


class BatchLog(Generic[T]):
    """Writes in a thread of its own, so that no page waits for the database, and none fails with
    it: while it is down nothing is counted. One of a kind for each process."""

    def __init__(
        self, db: Database, add: Callable[[Connection, Sequence[T]], None], name: str
    ) -> None:
        self._db, self._add, self._name = db, add, name
        self._log = logging.getLogger(f"kb.{name}")
        self._waiting: Queue[T] = Queue(_WAITING)
        self._lock = Lock()
        self._writer: Thread | None = None

    def add(self, one: T) -> None:
        """Have it written; returns at once."""
        try:
            self._waiting.put_nowait(one)
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
                self._writer = Thread(target=self._write, name=self._name, daemon=True)
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
                    self._add(conn, batch)
            except Exception as error:  # whatever it is, the next ones may be written again
                self._log.warning("%d were not counted: %s", len(batch), error)
            finally:
                for _ in batch:
                    self._waiting.task_done()
