"""Reading an article's source in a process of its own, which may be stopped.

Rendering needs a process's main thread to be limited in time, and a server has none to spare. What
comes back is what a compile would make of the same file: its card with every mistake, and its text.
The process stays for the next text, so that a preview can follow the typing, and ends by itself
when nobody writes any more.
"""

import atexit
import json
import os
import select
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cache

from pydantic import TypeAdapter

from kb.content.article_file import Place, ReadArticle, read_article

_SECONDS = 20.0
_WAIT_SECONDS = 8.0
_IDLE_SECONDS = 120.0
_MOST_READ = 500  # texts that one process reads
_TWO_AT_A_TIME = threading.Semaphore(2)


class ReadingBusy(Exception):
    """Too many texts are being read at this moment."""


@cache
def _read_articles() -> TypeAdapter[ReadArticle]:
    return TypeAdapter(ReadArticle)


def read_apart(place: Place, raw: bytes) -> ReadArticle | None:
    """Read and render an article's source as `read_article` does; None where that takes too long.

    Safe for many threads; raises ReadingBusy instead of keeping many people waiting."""
    if not _TWO_AT_A_TIME.acquire(timeout=_WAIT_SECONDS):
        raise ReadingBusy
    try:
        answer = _answer(place, raw)
        return _read_articles().validate_json(answer) if answer else None
    except ValueError:
        return None
    finally:
        _TWO_AT_A_TIME.release()


def _answer(place: Place, raw: bytes) -> bytes:
    for _ in range(2):
        try:
            with _borrowed() as reader:
                return reader.ask(place, raw)
        except TimeoutError:
            break
        except OSError:
            continue  # it had just ended by itself; another one reads
    return b""


class _Reader:
    """One process that reads texts, one after the other."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(  # our own command
            [sys.executable, "-m", "kb.content.read_apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask(self, place: Place, raw: bytes) -> bytes:
        """Return what it makes of a text; raises OSError when it is gone or takes too long."""
        source, target = self.process.stdout, self.process.stdin
        if source is None or target is None:
            raise OSError
        head = json.dumps({"size": len(raw), "place": asdict(place)}).encode() + b"\n"
        target.write(head + raw)
        target.flush()
        until = time.monotonic() + _SECONDS
        size = int.from_bytes(_exactly(source.fileno(), 8, until), "big")
        return _exactly(source.fileno(), size, until)

    def end(self) -> None:
        """Stop it, whatever it does."""
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self.process.wait()


_idle: list[_Reader] = []


@contextmanager
def _borrowed() -> Iterator[_Reader]:
    """Lend a process; one that fails is not used again."""
    reader = _waiting() or _Reader()
    try:
        yield reader
    except BaseException:
        reader.end()
        raise
    _idle.append(reader)


def _waiting() -> _Reader | None:
    """A process that waits for a text; those that ended meanwhile are forgotten."""
    while _idle:
        reader = _idle.pop()
        if reader.process.poll() is None:
            return reader
        reader.end()
    return None


@atexit.register
def end_readers() -> None:
    """Stop the processes that wait for texts."""
    while _idle:
        _idle.pop().end()


def _exactly(handle: int, size: int, until: float) -> bytes:
    """Read so many bytes; raises OSError at the end of the pipe or of the time."""
    parts: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        while size > 0:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            part = os.read(handle, min(size, 1 << 20))
            if not part:
                raise BrokenPipeError
            parts.append(part)
            size -= len(part)
    return b"".join(parts)


def main() -> int:
    """Read articles from standard input, each after a line with its place, and answer in JSON."""
    source = sys.stdin.buffer
    for _ in range(_MOST_READ):
        # nothing of the next text is in the buffer: it is sent when this one is answered
        if not select.select([source], [], [], _IDLE_SECONDS)[0]:
            break
        asked = json.loads(source.readline() or "null")
        if asked is None:
            break
        raw = source.read(asked["size"])
        read = read_article(Place(**asked["place"]), raw)
        answer = _read_articles().dump_json(read)
        sys.stdout.buffer.write(len(answer).to_bytes(8, "big") + answer)
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
