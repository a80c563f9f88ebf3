"""A progress bar for whatever takes longer than a second."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

WAIT = 1.0


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function (done, of) that draws a bar on stderr from the second second on.

    Nothing is drawn where stderr is no terminal."""
    started = time.monotonic()
    drawn = False

    def step(done: int, of: int) -> None:
        nonlocal drawn
        if not sys.stderr.isatty() or time.monotonic() - started < WAIT:
            return
        drawn = True
        full = round(30 * done / max(of, 1))
        click.echo(f"\r{label}  {'█' * full}{'░' * (30 - full)}  {done}/{of}", nl=False, err=True)

    try:
        yield step
    finally:
        if drawn:
            click.echo("", err=True)
