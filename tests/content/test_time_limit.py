"""The limit on one text counts what is computed, not what the clock on the wall says."""

import signal
import time
from contextlib import suppress

import pytest

from kb.content.time_limit import time_limit


def test_waiting_for_a_busy_machine_is_not_counted() -> None:
    with time_limit(0.05):
        time.sleep(0.2)


def for_ever() -> None:
    while True:
        pass


def test_computing_without_end_is_stopped_and_the_limit_is_gone() -> None:
    with pytest.raises(TimeoutError), time_limit(0.05):
        for_ever()
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_the_limit_is_gone_after_a_fault_too() -> None:
    with suppress(ValueError), time_limit(60):
        raise ValueError
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
