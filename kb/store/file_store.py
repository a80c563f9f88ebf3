"""The content of attached files, by its hash: `<root>/ab/<sha256>`, for the owner's eyes only."""

import hashlib
import math
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from fcntl import LOCK_EX, LOCK_SH, flock
from pathlib import Path
from typing import IO

ORPHANS_KEPT = timedelta(days=1)
_CHUNK = 256 * 1024
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is on disk but has no place yet. When its content is longer than was allowed,
    the rest was not read; `size` is then larger than the limit."""

    path: Path
    size: int
    sha256: str
    head: bytes


class FileStore:
    """Content that is written once and never changed; several processes may use it at once.

    A file is placed or touched before the transaction that names it. The sweep takes only files
    that are old and named by nobody, and never while another is being placed or touched."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Return where the content with this hash lies."""
        return self.root / sha256[:2] / sha256

    @contextmanager
    def write(self, source: IO[bytes], limit: int, head: int) -> Iterator[Written]:
        """Write at most `limit` bytes of a stream to a file of its own and put it on disk; it is
        gone at the end of the block unless `keep` was called."""
        drafts = self._folder("drafts")
        handle, name = tempfile.mkstemp(dir=drafts)  # readable by its owner only
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                size, digest, start = _copy(source, target, limit, head)
                target.flush()
                os.fsync(target.fileno())
            yield Written(path, size, digest, start)
        finally:
            path.unlink(missing_ok=True)

    def keep(self, written: Written) -> None:
        """Give a written file its place; the same content twice is one file."""
        target = self.path(written.sha256)
        folder = self._folder(target.parent.name)
        with self._lock(LOCK_SH):
            written.path.rename(target)
        _sync(folder)

    def touch(self, sha256: str) -> bool:
        """Keep a file from being swept for another day; False when it is gone."""
        with self._lock(LOCK_SH), suppress(FileNotFoundError):
            os.utime(self.path(sha256))
            return True
        return False

    def sweep(self, named: Callable[[list[str]], frozenset[str]], now: datetime) -> int:
        """Remove files older than a day that `named` does not return; returns how many."""
        before = (now - ORPHANS_KEPT).timestamp()
        removed = 0
        folders = [path for path in self.root.glob("*") if path.is_dir()]
        for folder in folders:
            with self._lock(LOCK_EX):  # not for longer than one folder
                old = [path for path in folder.iterdir() if _touched(path) < before]
                for start in range(0, len(old), _BATCH):
                    batch = old[start : start + _BATCH]
                    known = named([path.name for path in batch])
                    orphans = [path for path in batch if path.name not in known]
                    for path in orphans:
                        path.unlink(missing_ok=True)
                    removed += len(orphans)
        return removed

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        if not folder.is_dir():
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.mkdir(exist_ok=True, mode=0o700)
            _sync(self.root)
        return folder

    @contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            flock(handle, kind)
            yield
        finally:
            os.close(handle)


def _copy(source: IO[bytes], target: IO[bytes], limit: int, head: int) -> tuple[int, str, bytes]:
    digest, size, start = hashlib.sha256(), 0, b""
    while size <= limit and (chunk := source.read(min(_CHUNK, limit + 1 - size))):
        size += len(chunk)
        digest.update(chunk)
        start += chunk[: head - len(start)]
        target.write(chunk)
    return size, digest.hexdigest(), start


def _touched(path: Path) -> float:
    """When a file was placed or touched; one that has just gone is as good as new."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _sync(folder: Path) -> None:
    """Put a folder's entries on disk, so a file is still found after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
