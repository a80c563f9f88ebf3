"""Reading an article's source in a process of its own, which may be stopped.

Rendering needs a process's main thread to be limited in time, and a server has none to spare. What
comes back is what a compile would make of the same file: its card with every mistake, and its text.
"""

import json
import subprocess
import sys
import threading
from dataclasses import asdict
from functools import cache

from pydantic import TypeAdapter

from kb.content.article_file import Place, ReadArticle, read_article

_SECONDS = 20.0
_WAIT_SECONDS = 8.0
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
        done = subprocess.run(  # our own command
            [sys.executable, "-m", "kb.content.read_apart"],
            input=json.dumps(asdict(place)).encode() + b"\n" + raw,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        return _read_articles().validate_json(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, OSError, ValueError):
        return None
    finally:
        _TWO_AT_A_TIME.release()


def main() -> int:
    """Read the article on standard input, whose first line is its place; answer in JSON."""
    place = Place(**json.loads(sys.stdin.buffer.readline()))
    read = read_article(place, sys.stdin.buffer.read())
    sys.stdout.buffer.write(_read_articles().dump_json(read))
    return 0


if __name__ == "__main__":
    sys.exit(main())
