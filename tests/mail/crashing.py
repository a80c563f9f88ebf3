"""A process that starts workers and kills them: `go WHAT MILLISECONDS MINUTES` on its standard
input; MINUTES is how far the clock of the worker is ahead, so that leases of the dead run out.

The modules are loaded once and the worker is forked; it is killed so long after it has begun to
do WHAT (stored, sorted or sent a mail), so that kills hit the work and not the start."""

import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

from sqlalchemy import create_engine, text

from kb.settings import read_settings
from kb.worker import run

PATIENCE = 60.0  # seconds: then there was nothing of that kind to do

DONE = {
    "stored": "SELECT count(*) FROM mail_in",
    "sorted": "SELECT count(*) FROM mail_in WHERE state != 'new'",
    "sent": "SELECT count(*) FROM outbox WHERE state = 'sent'",
}


def main() -> None:
    """Fork, wait, kill -9, answer; until the input ends."""
    settings = read_settings(site=Path(sys.argv[1]))
    for line in sys.stdin:
        _, what, milliseconds, minutes = line.split()
        ahead = timedelta(minutes=int(minutes))
        child = os.fork()
        if not child:
            run(settings, Event(), clock=partial(clock, ahead))
            os._exit(0)
        begun = wait_for(settings.database_url, DONE[what])
        time.sleep(int(milliseconds) / 1000)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("killed" if begun else "idle", flush=True)  # noqa: T201 # the answer


def clock(ahead: timedelta) -> datetime:
    """The time of a worker."""
    return datetime.now(UTC) + ahead


def wait_for(url: str, query: str) -> bool:
    """Wait until the worker has done one thing of the kind."""
    engine = create_engine(url)
    before, end = None, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with engine.connect() as conn:
            now = conn.execute(text(query)).scalar_one()
        before = now if before is None else before
        if now != before:
            engine.dispose()
            return True
        time.sleep(0.005)
    engine.dispose()
    return False


if __name__ == "__main__":
    main()
