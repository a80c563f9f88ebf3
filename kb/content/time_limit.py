"""A limit on how long one text may take, in seconds of the processor: a text that is sound is not
refused because the machine has much else to do."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


def _out_of_time(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise TimeoutError


def can_limit() -> bool:
    """Tell whether this thread can be interrupted: only a process's main thread can."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block when it computes longer; needs `can_limit()`."""
    before = signal.signal(signal.SIGPROF, _out_of_time)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
