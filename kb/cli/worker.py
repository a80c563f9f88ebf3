"""`kb worker`: sends queued mail until it is stopped."""

import signal
from pathlib import Path
from threading import Event
from types import FrameType

import click

from kb.cli.errors import friendly
from kb.settings import read_settings
from kb.store import migrate
from kb.worker import run


@click.command()
@click.option("--once", is_flag=True, help="Send what is due now and stop.")
@click.pass_obj
@friendly
def worker(site: Path, once: bool) -> None:
    """Send queued mail; several workers may run at the same time.

    \b
    Examples:
      kb worker
      kb worker --once
    """
    settings = read_settings(site=site)
    migrate(settings.database_url)
    stop = Event()

    def finish(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    run(settings, stop, once=once)
