"""When the interpreter looks for garbage: not while all that is made stays, nor as it ends."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Do not look for garbage: loading libraries and compiling make hundreds of thousands of
    objects that all stay, and at 10,000 articles looking through them again and again takes half
    of the time of a compile."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def leave_it_at_the_end() -> None:
    """Let this process end without looking for garbage once more, which takes a sixth of the time
    of `kb index`: its memory goes with it. Files are closed by whoever opened them."""
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
