"""The worker beside `kb serve` is there as long as the site is."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.cli.kept_process import Kept


@pytest.fixture
def kept() -> Iterator[tuple[Kept, int]]:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    # Popen closes what it was not told of, so the pipe is named by its place in /proc
    place = f"/proc/{os.getpid()}/fd/{writing}"
    program = "import os, sys, time; os.write(os.open(sys.argv[1], os.O_WRONLY), b'x'); " + (
        "time.sleep(600)"
    )
    worker = Kept([sys.executable, "-c", program, place], os.environ, pause=0)
    yield worker, reading
    worker.stop()
    os.close(reading)
    os.close(writing)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs the pipes of Linux")
def test_a_worker_that_ends_is_started_again_and_one_that_is_stopped_is_not(
    kept: tuple[Kept, int], caplog: pytest.LogCaptureFixture
) -> None:
    """R44: the acknowledgement leaves though a worker was killed (out of memory, a defect)."""
    worker, reading = kept
    assert os.read(reading, 1) == b"x"
    first = worker.pid
    os.kill(first, signal.SIGKILL)
    assert os.read(reading, 1) == b"x"  # waits for the second one
    second = worker.pid
    assert second != first
    assert "kb worker ended; it is started again" in caplog.text
    worker.stop()
    assert not Path(f"/proc/{second}").exists()
    assert not [one for one in threading.enumerate() if one.name.endswith("(_keep)")]
