"""Turns to write: processes on one SQLite file queue for it instead of trying their luck."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path

_FIRST_WAIT, _LONGEST_WAIT = 0.0002, 0.005  # seconds between two looks


class Turns:
    """The right to write next, by two locks beside the file.

    SQLite's own lock is polled, with pauses that grow: a process whose next thread begins at once
    keeps all others out. Whoever waits here holds `next`, without which nobody gets `turn`, so
    the one before cannot have it again first. A turn is a courtesy: who waited too long goes on
    without, and SQLite's lock decides. A process that dies gives both back."""

    def __init__(self, file: Path) -> None:
        self._files = [file.with_name(f"{file.name}-{name}") for name in ("next", "turn")]
        self._handles: tuple[int, ...] = ()
        self._owner = 0

    @contextmanager
    def taken(self, seconds: float) -> Iterator[None]:
        """Write now, after the others; one thread of a process at a time."""
        try:
            following, turn = self._open()
        except OSError:  # a folder that takes no files takes no writing either: SQLite says so
            yield
            return
        until = time.monotonic() + seconds
        if _get(following, until):
            _get(turn, until)
        flock(following, LOCK_UN)
        try:
            yield
        finally:
            flock(turn, LOCK_UN)

    def close(self) -> None:
        """Give the handles back."""
        if self._owner == os.getpid():
            for handle in self._handles:
                os.close(handle)
        self._handles = ()

    def _open(self) -> tuple[int, ...]:
        if not self._handles or self._owner != os.getpid():  # a lock is shared with a fork's child
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._handles = tuple(os.open(file, flags, 0o600) for file in self._files)
            self._owner = os.getpid()
        return self._handles


def _get(handle: int, until: float) -> bool:
    wait = _FIRST_WAIT
    while True:
        try:
            flock(handle, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(wait)
            wait = min(wait * 1.5, _LONGEST_WAIT)
        else:
            return True
